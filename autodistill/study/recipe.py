"""A recipe: a pipeline that can be run, with the evidence for it."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, Self

import tomli_w
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.slots import slots
from autodistill.runtime import files
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.study.rules import takes_mixed_labels
from autodistill.study.stages import allows
from autodistill.study.study import Study
from autodistill.study.study_differences import network_keys_of
from autodistill.study.toml_file import misfits, read_toml

FORMAT = 1
ROWS_TO_SEE, FEWEST_TO_SEE = 100_000, 16_000
"""Rows that a full training sees, all passes together, and as many at least: 500 steps of 32."""
MOST_EPOCHS = 10_000
"""Epochs of a full training that are no slip of the pen."""


@dataclass(frozen=True)
class Recipe:
    """A student's full training, and the evidence for it.

    It names the pipeline, the dataset, the teacher and the number of epochs.
    """

    study: Study
    pipeline: Pipeline
    epochs: int
    """Epochs of the full training, over all labelled rows but the held-out test."""
    seed: int = 0
    evidence: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Content hash of what makes its student: pipeline, training, dataset and teacher."""
        study = self.study
        what = [
            *(self.pipeline.key, self.epochs, self.seed, study.seed),
            *(study.max_length, list(study.labels), *study.fingerprint.split("-")[:2]),
            *network_keys_of(study.fingerprint),
        ]
        return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]

    def save(self, path: str | PathLike[str]) -> None:
        """Write it as TOML."""
        question = {
            k: v
            for k, v in self.study.to_dict().items()
            if v not in ("", [], {}, 0) or k == "dataset"
        }
        data = {
            "format": FORMAT,
            "question": question,
            "training": {"epochs": self.epochs, "seed": self.seed},
            "pipeline": self.pipeline.to_dict(),
            "evidence": dict(self.evidence),
        }
        files.write_text(Path(path), tomli_w.dumps(data))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read it back; raises SpecError with every problem of the file."""
        data = read_toml(path, f"the recipe {path}", "`autodistill search` writes one.")
        if missing := [k for k in ("format", "question", "training", "pipeline") if k not in data]:
            raise SpecError(
                f"{path} is not a recipe: {', '.join(missing)} missing. `autodistill search` "
                "writes one."
            )
        if data["format"] != FORMAT:
            raise SpecError(
                f"{path} has format {data['format']}, this version reads {FORMAT}. Upgrade "
                "autodistill."
            )
        if problems := _problems(data, str(path)):
            raise SpecError(problems)
        study, training = Study.from_dict(data["question"]), data["training"]
        return cls(
            study,
            Pipeline.from_dict(data["pipeline"]),
            training["epochs"],
            training.get("seed", 0),
            data.get("evidence", {}),
        )


class _Training(BaseModel, extra="forbid", strict=True):
    epochs: Annotated[int, Field(ge=1, le=MOST_EPOCHS)]
    seed: int = 0


class _File(BaseModel, extra="forbid"):
    """The layout of a recipe file, but for the names and knobs of members.

    The families know those.
    """

    format: int
    question: Annotated[dict[str, Any], Field(min_length=1)]
    training: _Training
    pipeline: Pipeline
    evidence: dict[str, Any] = {}


def _problems(data: Mapping[str, Any], place: str) -> list[str]:
    """Everything wrong with the values of a recipe."""
    found = _misfits(_File, data, place, "") + _misfits(
        Study, data.get("question", {}), place, "question."
    )
    for kind, part in named_parts(data.get("pipeline")):
        try:
            found += families.check(
                kind, part["name"], {k: v for k, v in part.items() if k != "name"}, place
            )
        except SpecError as error:
            found += [f"{place}: {p}" for p in error.problems]
    for term in [] if found else data["pipeline"]["terms"]:
        name = term["loss"]["name"]
        if "mapping" not in term and families.card("losses", name).traits.get("kind") == "feature":
            found.append(
                f"{place}: the feature loss '{name}' needs a mapping; there is "
                f"{', '.join(families.names('mappings'))}."
            )
        if data["pipeline"].get(
            "mixup", NONE.to_dict()
        ) != NONE.to_dict() and not takes_mixed_labels(name):
            found.append(
                f"{place}: the loss '{name}' looks at one class per row, mixup makes two of them; "
                "leave one of the two out."
            )
    return found or [
        f"{place}: {problem}" for problem in _out_of_place(Pipeline.from_dict(data["pipeline"]))
    ]


def _out_of_place(pipeline: Pipeline) -> list[str]:
    """Stages that cannot stand beside the others."""
    found = []
    for stage, part in pipeline.stages.items():
        if not allows(stage, part.name, pipeline.terms, pipeline.stages):
            needs = ", ".join(
                sorted(families.card(slots()[stage].family, part.name).traits.get("needs", ()))
            )
            why = f" (it needs {needs})" if needs else ""
            found.append(
                f"the {stage} '{part.name}' cannot stand beside these terms and this mixup{why}; "
                "leave it out."
            )
    return sorted(found)


def named_parts(pipeline: Any) -> list[tuple[str, dict[str, Any]]]:
    """Family and content of each part that is well-formed enough to be looked at."""
    if not isinstance(pipeline, dict):
        return []
    listed = pipeline.get("terms")
    terms = [t for t in listed if isinstance(t, dict)] if isinstance(listed, list) else []
    parts = [(slot.family, pipeline.get(name)) for name, slot in slots("core", "stage").items()]
    parts += [("losses", t.get("loss")) for t in terms]
    parts += [(slot.family, t.get(name)) for name, slot in slots("feature").items() for t in terms]
    return [
        (kind, p)
        for kind, p in parts
        if isinstance(p, dict) and isinstance(p.get("name"), str) and p != NONE.to_dict()
    ]


def _misfits(shape: Any, data: Any, place: str, within: str) -> list[str]:
    """Places where the data are not of this shape, one sentence each."""
    if within and (not isinstance(data, dict) or not data):
        return []
    unknown = sorted(set(data) - set(Study.__dataclass_fields__)) if within else []
    found = [
        f"{place}: unknown key {within}{k}; there is {', '.join(Study.__dataclass_fields__)}."
        for k in unknown
    ]
    try:
        TypeAdapter(shape).validate_python({k: v for k, v in data.items() if k not in unknown})
    except ValidationError as error:
        found += misfits(error, place, within)
    return found


def full_epochs(rows: int) -> int:
    """Passes over all rows in the full training, unlabelled ones included.

    Two over a large set, ten over a small one, up to twenty over one of a few hundred rows.
    """
    return min(20, max(former_epochs(rows), math.ceil(FEWEST_TO_SEE / rows)))


def former_epochs(rows: int) -> int:
    """Passes of a full training before small sets had more than ten."""
    return min(10, max(2, round(ROWS_TO_SEE / rows)))
