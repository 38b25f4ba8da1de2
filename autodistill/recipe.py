"""A recipe: a pipeline that can be run, with the evidence for it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import tomli_w

from autodistill import family
from autodistill.errors import SpecError
from autodistill.pipeline import Pipeline
from autodistill.study import Study

FORMAT = 1


@dataclass(frozen=True)
class Recipe:
    """What to train, on what, from whom, for how long; and how that was found out."""

    study: Study
    pipeline: Pipeline
    epochs: int
    """Of the full training, over all labelled rows but the locked test."""
    seed: int = 0
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it as TOML."""
        question = {k: v for k, v in self.study.to_dict().items() if v not in ("", [], {}, 0) or k == "dataset"}
        data = {
            "format": FORMAT,
            "question": question,
            "training": {"epochs": self.epochs, "seed": self.seed},
            "pipeline": self.pipeline.to_dict(),
            "evidence": dict(self.evidence),
        }
        path.write_text(tomli_w.dumps(data), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read it back; raises SpecError with every problem of the file."""
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SpecError(
                f"the recipe {path} cannot be read: {(error.strerror or 'refused').lower()}. `autodistill "
                "search` writes one."
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SpecError(f"the recipe {path} is not valid TOML: {error}.") from None
        if missing := [k for k in ("format", "question", "training", "pipeline") if k not in data]:
            raise SpecError(f"{path} is not a recipe: {', '.join(missing)} missing. `autodistill search` writes one.")
        if data["format"] != FORMAT:
            raise SpecError(f"{path} has format {data['format']}, this version reads {FORMAT}. Upgrade autodistill.")
        if problems := _problems(data, str(path)):
            raise SpecError(problems)
        study, training = Study.from_dict(data["question"]), data["training"]
        return cls(study, Pipeline.from_dict(data["pipeline"]), training["epochs"], training.get("seed", 0), data.get("evidence", {}))


def _problems(data: Mapping[str, Any], place: str) -> list[str]:
    """Everything wrong with the values of a recipe."""
    found: list[str] = []
    question, pipeline, epochs = data["question"], data["pipeline"], data["training"].get("epochs")
    unknown = set(question) - set(Study.__dataclass_fields__)
    found += [f"{place}: unknown key question.{k}; there is {', '.join(Study.__dataclass_fields__)}." for k in sorted(unknown)]
    if not question.get("dataset"):
        found.append(f"{place}: question.dataset is missing.")
    if not isinstance(epochs, int) or epochs < 1:
        found.append(f"{place}: training.epochs is {epochs!r}; give a whole number from 1.")
    if not pipeline.get("terms"):
        found.append(f"{place}: pipeline.terms is missing; give at least one [[pipeline.terms]].")
    parts = [("students", pipeline.get("student")), ("optimizers", pipeline.get("optimizer"))]
    for term in pipeline.get("terms", []):
        parts.append(("losses", term.get("loss")))
        parts += [("mappings", term["mapping"])] if "mapping" in term else []
        if not isinstance(term.get("weight"), int | float):
            found.append(f"{place}: the weight of {term.get('loss')} is {term.get('weight')!r}; give a number.")
    for kind, part in parts:
        if not isinstance(part, dict) or "name" not in part:
            found.append(f"{place}: a part of kind {kind} has no name: {part!r}.")
            continue
        try:
            found += family.check(kind, part["name"], {k: v for k, v in part.items() if k != "name"}, place)
        except SpecError as error:
            found += [f"{place}: {p}" for p in error.problems]
    return found
