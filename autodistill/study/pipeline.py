"""A distillation pipeline: student, losses and their weights, data, optimiser."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from pydantic_core import CoreSchema, core_schema

from autodistill.registry import families
from autodistill.registry.slots import slots


@dataclass(frozen=True, slots=True)
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
        """A table in which the name stands beside the knobs."""
        name = {"name": core_schema.typed_dict_field(core_schema.str_schema())}
        table = core_schema.typed_dict_schema(name, extra_behavior="allow")
        return core_schema.no_info_after_validator_function(cls.from_dict, table)

    def __str__(self) -> str:
        inside = ", ".join(
            f"{k}={v:.3g}" if isinstance(v, float) else f"{k}={v}" for k, v in self.knobs.items()
        )
        return f"{self.name}({inside})" if inside else self.name


SHOWN = {"augmentation": "views", "transfer": "unlabelled rows"}
"""Names of slots for people, where they are others."""
NONE = Part("none")
"""A stage that is left out."""


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of the training loss."""

    loss: Part
    weight: float
    """Share of the total for hard and logit losses; for feature losses relative to the hard loss
    at step 0."""
    mapping: Part | None = None
    """The rule that says which student layer looks at which teacher layer; feature losses only."""
    connector: Part | None = None
    """The network that brings the student's layer to the teacher's width; not given: nothing where
    they are equal, a matrix where they differ."""

    @property
    def parts(self) -> Iterator[tuple[str, Part]]:
        """The parts beside the loss that are given, by slot."""
        given = ((name, getattr(self, name)) for name in slots("feature"))
        return ((name, part) for name, part in given if part is not None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        beside = {name: part.to_dict() for name, part in self.parts}
        return {"loss": self.loss.to_dict(), "weight": self.weight} | beside

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The term of plain data."""
        beside = {k: _part(data[k]) for k in slots("feature") if data.get(k)}
        return cls(_part(data["loss"]), float(data["weight"]), **beside)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        """A table with a loss, its weight, and the parts beside it."""
        part = handler.generate_schema(Part)
        weight = core_schema.float_schema(ge=0, allow_inf_nan=False)
        fields = {"loss": _field(part), "weight": _field(weight)}
        fields |= {name: _field(part, required=False) for name in slots("feature")}
        return _table(fields, cls.from_dict)


@dataclass(frozen=True)
class Pipeline:
    """Everything that decides a training run but data, teacher and seed."""

    student: Part
    terms: tuple[Term, ...]
    optimizer: Part
    stages: Mapping[str, Part] = field(default_factory=dict)
    """The parts that a pipeline may be without, by slot; those that are used."""

    def __post_init__(self) -> None:
        if unknown := set(self.stages) - set(slots("stage")):
            raise ValueError(f"a pipeline has no {', '.join(sorted(unknown))}")
        used = {k: self.stages[k] for k in slots("stage") if self.stage(k) != NONE}
        object.__setattr__(self, "stages", used)

    def stage(self, slot: str) -> Part:
        """The part in this slot; NONE where it is empty."""
        return self.stages.get(slot, NONE)

    def with_stages(self, **stages: Part) -> Self:
        """The same pipeline with these stages in place of its own; NONE empties a slot."""
        return replace(self, stages={**self.stages, **stages})

    def parts(self) -> Iterator[tuple[str, Part]]:
        """All parts that are used, each with its slot; a loss stands in the slot of its kind."""
        yield from ((slot, getattr(self, slot)) for slot in slots("core"))
        for term in self.terms:
            yield str(families.card("losses", term.loss.name).traits["kind"]), term.loss
            yield from term.parts
        yield from self.stages.items()

    @cached_property
    def key(self) -> str:
        """Content hash: equal pipelines have equal keys."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """Plain data; empty slots are absent, so that older pipelines keep their keys."""
        first, *others = slots("core")
        data = {first: getattr(self, first).to_dict(), "terms": [t.to_dict() for t in self.terms]}
        data |= {k: getattr(self, k).to_dict() for k in others}
        return data | {k: part.to_dict() for k, part in self.stages.items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The pipeline of plain data."""
        core = {k: _part(data[k]) for k in slots("core")}
        terms = tuple(t if isinstance(t, Term) else Term.from_dict(t) for t in data["terms"])
        return cls(
            terms=terms, **core, stages={k: _part(data[k]) for k in slots("stage") if k in data}
        )

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        """A table with a table for each slot that is filled, and a list of terms."""
        part, term = handler.generate_schema(Part), handler.generate_schema(Term)
        fields = {k: _field(part) for k in slots("core")}
        fields["terms"] = _field(core_schema.list_schema(term, min_length=1))
        fields |= {k: _field(part, required=False) for k in slots("stage")}
        return _table(fields, cls.from_dict)

    def __str__(self) -> str:
        terms = " + ".join(
            f"{t.weight:.2g}·{t.loss}" + (f"@{t.mapping.name}" if t.mapping else "")
            for t in self.terms
        )
        stages = "".join(f"{SHOWN.get(k, k)} {part} · " for k, part in self.stages.items())
        return f"{self.student} · {terms} · {stages}{self.optimizer}"


def _part(data: Any) -> Part:
    return data if isinstance(data, Part) else Part.from_dict(data)


def _field(schema: CoreSchema, *, required: bool = True) -> core_schema.TypedDictField:
    return core_schema.typed_dict_field(schema, required=required)


def _table(fields: Mapping[str, core_schema.TypedDictField], read: Any) -> CoreSchema:
    """A table in which a name that is not known is an error."""
    table = core_schema.typed_dict_schema(dict(fields), extra_behavior="forbid")
    return core_schema.no_info_after_validator_function(read, table)
