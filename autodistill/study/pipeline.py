"""A distillation pipeline: which student, which losses with which weights, which data treatment, which optimiser."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from annotated_types import Ge, IsFinite, MinLen
from pydantic_core import CoreSchema, core_schema

STRICT: dict[str, Any] = {"extra": "forbid"}
"""How pydantic reads what a person wrote: a name that is not known is an error."""


@dataclass(frozen=True)
class Part:
    """A chosen family member with its knob values."""

    name: str
    knobs: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        return {"name": self.name, **self.knobs}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From plain data."""
        return cls(data["name"], {k: v for k, v in data.items() if k != "name"})

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: Any) -> CoreSchema:
        """For TypeAdapter: the name stands beside the knobs."""
        name = {"name": core_schema.typed_dict_field(core_schema.str_schema())}
        table = core_schema.typed_dict_schema(name, extra_behavior="allow")
        return core_schema.no_info_after_validator_function(cls.from_dict, table)

    def __str__(self) -> str:
        inside = ", ".join(
            f"{k}={v:.3g}" if isinstance(v, float) else f"{k}={v}" for k, v in self.knobs.items()
        )
        return f"{self.name}({inside})" if inside else self.name


NONE = Part("none")
"""A stage that is left out."""
TREATMENTS = {
    "augmentation": "augmentations",
    "mixup": "mixups",
    "target": "targets",
    "weighting": "weightings",
    "schedule": "schedules",
    "sampling": "samplings",
    "tutor": "tutors",
    "companion": "companions",
    "post": "posts",
}
"""Stages that a pipeline may be without, and the families of their members."""


@dataclass(frozen=True)
class Term:
    """One summand of the training loss."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    loss: Part
    weight: Annotated[float, Ge(0), IsFinite]
    """Share of the total for hard and logit losses; for feature losses relative to the hard loss at step 0."""
    mapping: Part | None = None
    """Which student layer looks at which teacher layer; feature losses only."""
    connector: Part | None = None
    """What brings the student's layer to the teacher's width; not given: nothing where they are equal, a matrix where they differ."""

    def to_dict(self) -> dict[str, Any]:
        """As plain data."""
        data = {"loss": self.loss.to_dict(), "weight": self.weight}
        return data | {
            k: part.to_dict()
            for k in ("mapping", "connector")
            if (part := getattr(self, k)) is not None
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From plain data."""
        beside = {k: Part.from_dict(data[k]) for k in ("mapping", "connector") if data.get(k)}
        return cls(Part.from_dict(data["loss"]), float(data["weight"]), **beside)


@dataclass(frozen=True)
class Pipeline:
    """Everything that decides a training run but data, teacher and seed."""

    __pydantic_config__: ClassVar[dict[str, Any]] = STRICT
    student: Part
    terms: Annotated[tuple[Term, ...], MinLen(1)]
    optimizer: Part
    augmentation: Part = NONE
    """Fixed changed copies of the rows, trained on beside them."""
    mixup: Part = NONE
    """Pairs of rows blended into one while training."""
    target: Part = NONE
    """What the teacher is made to say."""
    weighting: Part = NONE
    """How much each row's logit loss counts."""
    schedule: Part = NONE
    """How the parts of the loss change while training."""
    sampling: Part = NONE
    """Which rows are visited when; all of them, each once an epoch, if not given."""
    tutor: Part = NONE
    """Who teaches in the teacher's place."""
    companion: Part = NONE
    """Networks that are trained beside the student."""
    post: Part = NONE
    """What is done to the student after its training."""

    @property
    def treatments(self) -> dict[str, Part]:
        """The stages that are used of those that may be left out, by name."""
        return {name: part for name in TREATMENTS if (part := getattr(self, name)) != NONE}

    @cached_property
    def key(self) -> str:
        """Content hash: equal pipelines have equal keys."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """As plain data; treatments only where they are used, so that older pipelines keep their keys."""
        data = {
            "student": self.student.to_dict(),
            "terms": [t.to_dict() for t in self.terms],
            "optimizer": self.optimizer.to_dict(),
        }
        return data | {k: p.to_dict() for k, p in self.treatments.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From plain data."""
        terms = tuple(Term.from_dict(t) for t in data["terms"])
        later = {k: Part.from_dict(data[k]) for k in TREATMENTS if k in data}
        return cls(
            Part.from_dict(data["student"]), terms, Part.from_dict(data["optimizer"]), **later
        )

    def __str__(self) -> str:
        terms = " + ".join(
            f"{t.weight:.2g}·{t.loss}" + (f"@{t.mapping.name}" if t.mapping else "")
            for t in self.terms
        )
        treated = "".join(
            f"{'views' if k == 'augmentation' else k} {p} · " for k, p in self.treatments.items()
        )
        return f"{self.student} · {terms} · {treated}{self.optimizer}"
