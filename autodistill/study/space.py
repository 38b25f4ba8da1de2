"""A search space: a conditional tree of choices, read from TOML, fit to a task.

Names asked for are `slot.choice.knob`; a branch that is not taken is never asked about, so
every sample is valid.
"""

import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Real, Whole
from autodistill.registry.slots import slots
from autodistill.study.narrowing import default_of, narrowed, slots_there
from autodistill.study.network_rules import Lacks, clash, without_tokens
from autodistill.study.pace import at_pace, pace_of
from autodistill.study.pipeline import NONE, Part, Pipeline, Term
from autodistill.study.rules import (
    NETWORK,
    Conditions,
    can_match,
    impossible,
    named_by,
    sees_rows,
)
from autodistill.study.stages import allows

LEAST_HARD = 0.05
"""The hard loss's least share beside a logit loss that does not say for each row where the student
should go."""
WEIGHTS = {"logit": Real(0.0, 1.0), "feature": Real(1e-3, 10.0, log=True)}
Ask = Callable[[str, Domain], Any]


@dataclass(frozen=True)
class Space:
    """Slots with their choices, each choice with the domains of its knobs."""

    name: str
    about: str
    slots: Mapping[str, Mapping[str, Mapping[str, Domain]]]
    weights: Mapping[str, Real] = field(default_factory=lambda: dict(WEIGHTS))
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """Values of trial 0 by asked name; what is absent takes the knob's own default."""
    starts: tuple[Mapping[str, Any], ...] = ()
    """Recipes that a search tries right after the default one: what differs from `defaults`."""
    removed: Mapping[str, str] = field(default_factory=dict)
    """Choices that this task made impossible, with the reason."""
    students: tuple[Part, ...] = ()
    """Students to choose from, where they were chosen before; none: all that the slot holds."""
    scale_rates: bool = False
    """Learning rates are those of layers cut from the teacher; other students take a multiple."""
    lacks: Lacks = field(default_factory=dict)
    """Properties that each network named as a student lacks."""

    @property
    def key(self) -> str:
        """Content hash of everything that can be asked."""
        slots = {
            s: {c: {k: repr(d) for k, d in knobs.items()} for c, knobs in choices.items()}
            for s, choices in self.slots.items()
        }
        chosen = [[str(s) for s in self.students]] if self.students else []
        if self.scale_rates:
            chosen.append(["scaled rates"])
        text = json.dumps(
            [slots, {k: repr(d) for k, d in self.weights.items()}, *chosen], sort_keys=True
        )
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def part(self, slot: str, ask: Ask) -> Part:
        """One choice of a slot, each free value obtained from `ask(name, domain)`."""
        if slot == "student" and self.students:
            names = [str(s) for s in self.students]
            return self.students[names.index(_pick(ask, slot, OneOf(*names)))]
        name = _pick(ask, slot, OneOf(*self.slots[slot]))
        return Part(
            name,
            {
                k: _pick(ask, f"{slot}.{name}.{k}", d)
                for k, d in self.slots[slot].get(name, {}).items()
            },
        )

    def sample(self, ask: Ask) -> Pipeline:
        """One pipeline, each free value obtained from `ask(name, domain)`."""

        def part(slot: str) -> Part:
            return self.part(slot, ask)

        student, hard, logit, feature = (
            part("student"),
            part("hard"),
            part("logit"),
            part("feature"),
        )
        if not can_match(student, feature) or clash("feature", feature, student, self.lacks):
            feature = NONE
        share = (
            0.0
            if logit.name == "none"
            else float(_pick(ask, "weight.logit", self.weights["logit"]))
        )
        if share > 0.0 and not sees_rows(logit.name):
            share = min(share, 1.0 - LEAST_HARD)
        terms = [Term(hard, 1.0 - share)] if share < 1.0 else []
        if share > 0.0:
            terms.append(Term(logit, share))
        if feature.name != "none":
            weight, mapping = (
                float(_pick(ask, "weight.feature", self.weights["feature"])),
                part("mapping"),
            )
            joins = "connector" in self.slots and not families.card(
                "losses", feature.name
            ).traits.get("width_free", True)
            connector = part("connector") if joins else NONE
            terms.append(Term(feature, weight, mapping, connector if connector != NONE else None))
        optimizer = part("optimizer")
        if self.scale_rates:
            optimizer = at_pace(optimizer, pace_of(student))
        stages: dict[str, Part] = {}
        for slot in slots("stage"):
            fitting = [
                name
                for name in self.slots.get(slot, {})
                if name != "none" and allows(slot, name, terms, stages)
            ]
            if not fitting or (made := part(slot)).name not in fitting:
                continue
            if not clash(slot, made, student, self.lacks):
                stages[slot] = made
        return Pipeline(student, tuple(terms), optimizer, stages)

    def holds(self, pipeline: Pipeline) -> bool:
        """Whether every part of a pipeline is a choice of this space.

        Of the knobs only the network that a student names is looked at.
        """
        student = pipeline.student
        named = named_by({NETWORK: OneOf(student.knobs.get(NETWORK))})
        if not set(named) <= set(named_by(self.slots["student"].get(student.name, {}))):
            return False
        return all(part.name in self.slots.get(slot, {}) for slot, part in pipeline.parts())

    def settled(self) -> dict[str, Any]:
        """Names and values that are never asked for, since there is one value only."""
        domains: dict[str, Domain] = {
            slot: OneOf(*choices) for slot, choices in self.slots.items() if choices
        }
        domains |= {
            f"{s}.{c}.{k}": d
            for s, choices in self.slots.items()
            for c, knobs in choices.items()
            for k, d in knobs.items()
        }
        return {
            name: only[0] for name, domain in domains.items() if (only := _only(domain)) is not None
        }

    def with_defaults(self, values: Mapping[str, Any]) -> "Space":
        """This space with these values, by asked name, in its default recipe."""
        return replace(self, defaults={**self.defaults, **values})

    def default_values(self) -> dict[str, Any]:
        """The asked names and values of trial 0."""
        values: dict[str, Any] = {}

        def ask(name: str, domain: Domain) -> Any:
            slot, _, rest = name.partition(".")
            choice, _, knob = rest.partition(".")
            own = families.card(slots()[slot].family, choice).knobs[knob].default if knob else None
            values[name] = next(
                (
                    v
                    for v in (self.defaults.get(name), own)
                    if v is not None and domain.problem(v) is None
                ),
                _middle(domain),
            )
            return values[name]

        self.sample(ask)
        return values

    def made_of(self, values: Mapping[str, Any]) -> Pipeline:
        """The pipeline of these values by asked name, as `default_values` gives them."""
        return self.sample(lambda name, _: values[name])

    def fit(self, given: Conditions) -> "Space":
        """This space without what is impossible under these conditions.

        Raises SpecError when nothing is left.
        """
        there = slots_there(self.slots, given)
        reasons = impossible(there, given)
        reasons |= without_tokens(there, reasons, given.lacks)
        left = {
            s: {c: k for c, k in choices.items() if f"{s}.{c}" not in reasons}
            for s, choices in there.items()
        }
        fitted = narrowed(left, reasons, given)
        for slot in {"feature", *slots("stage")} & fitted.keys():
            fitted[slot] = fitted[slot] or {"none": {}}
        if empty := [s for s, choices in fitted.items() if not choices]:
            why = "; ".join(f"{k}: {v}" for k, v in reasons.items())
            other = "Name another with --space; see `autodistill ls spaces`."
            raise SpecError(
                f"space '{self.name}' has no {' and no '.join(empty)} left for this task ({why}). "
                f"{other}"
            )
        defaults = default_of(self.defaults, self.starts, fitted["student"])
        return replace(self, slots=fitted, defaults=defaults, removed=reasons, lacks=given.lacks)


def _pick(ask: Ask, name: str, domain: Domain) -> Any:
    only = _only(domain)
    return ask(name, domain) if only is None else only[0]


def _only(domain: Domain) -> tuple[Any] | None:
    match domain:
        case OneOf(choices=(single,)):
            return (single,)
        case Real(low=low, high=high) | Whole(low=low, high=high) if low == high:
            return (low,)
    return None


def _middle(domain: Domain) -> Any:
    match domain:
        case OneOf(choices=choices):
            return choices[0]
        case Real(low=low, high=high, log=log):
            return math.sqrt(low * high) if log else (low + high) / 2
        case Whole(low=low, high=high):
            return (low + high) // 2
