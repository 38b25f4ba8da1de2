"""What may vary: a conditional tree of choices, read from TOML, narrowed to what a task allows.

Names asked for are `slot.choice.knob`; a branch that is not taken is never asked about, so every sample is valid.
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError, choose_from
from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf, Real, Whole
from autodistill.study.narrowing import narrowed
from autodistill.study.pipeline import NONE, TREATMENTS, Part, Pipeline, Term
from autodistill.study.rules import SLOTS, Conditions, allows, can_match, impossible, sees_rows

OPTIONAL = ("logit", "feature", *TREATMENTS)
"""Slots in which `none` is a choice."""
UNNAMED = ("connector", *TREATMENTS)
"""Slots that a space may be without."""
EVERY = "*"
"""Stands for all members of a slot, with their whole ranges."""
LEAST_HARD = 0.05
"""Share of the hard loss beside a logit loss that does not say for each row where the student should go."""
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
    removed: Mapping[str, str] = field(default_factory=dict)
    """What this task made impossible, with the reason."""
    students: tuple[Part, ...] = ()
    """Students to choose from, where they were chosen before; none: all that the slot holds."""

    @property
    def key(self) -> str:
        """Content hash of everything that can be asked."""
        slots = {
            s: {c: {k: repr(d) for k, d in knobs.items()} for c, knobs in choices.items()}
            for s, choices in self.slots.items()
        }
        chosen = [[str(s) for s in self.students]] if self.students else []
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
        if not can_match(student, feature):
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
            ).facts.get("width_free", True)
            terms.append(Term(feature, weight, mapping, part("connector") if joins else None))
        optimizer, treatments = part("optimizer"), dict.fromkeys(TREATMENTS, NONE)
        for slot in TREATMENTS:
            fitting = [
                n
                for n in self.slots.get(slot, {})
                if n != "none" and allows(slot, n, terms, treatments["mixup"])
            ]
            if fitting and (made := part(slot)).name in fitting:
                treatments[slot] = made
        return Pipeline(student, tuple(terms), optimizer, **treatments)

    def holds(self, pipeline: Pipeline) -> bool:
        """Whether every part of a pipeline is a choice of this space; knobs are not looked at."""
        slots = [
            ("student", pipeline.student),
            ("optimizer", pipeline.optimizer),
            *pipeline.treatments.items(),
        ]
        slots += [
            (str(families.card("losses", t.loss.name).facts["kind"]), t.loss)
            for t in pipeline.terms
        ]
        slots += [("mapping", t.mapping) for t in pipeline.terms if t.mapping is not None]
        return all(part.name in self.slots.get(slot, {}) for slot, part in slots)

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

    def default_values(self) -> dict[str, Any]:
        """The asked names and values of trial 0."""
        values: dict[str, Any] = {}

        def ask(name: str, domain: Domain) -> Any:
            slot, _, rest = name.partition(".")
            choice, _, knob = rest.partition(".")
            own = families.card(SLOTS[slot], choice).knobs[knob].default if knob else None
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
        """This space without what is impossible under these conditions; raises SpecError when nothing is left."""
        reasons = impossible(self.slots, given)
        left = {
            s: {c: k for c, k in choices.items() if f"{s}.{c}" not in reasons}
            for s, choices in self.slots.items()
        }
        slots = narrowed(left, reasons, given)
        for slot in {"feature", *TREATMENTS} & slots.keys():
            slots[slot] = slots[slot] or {"none": {}}
        if empty := [s for s, choices in slots.items() if not choices]:
            why = "; ".join(f"{k}: {v}" for k, v in reasons.items())
            other = "Name another with --space; see `autodistill ls spaces`."
            raise SpecError(
                f"space '{self.name}' has no {' and no '.join(empty)} left for this task ({why}). {other}"
            )
        return replace(self, slots=slots, removed=reasons)


def read_space(path: Path) -> Space:
    """A space from its TOML file; raises SpecError with every problem of the file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path.name} is not valid TOML: {error}.") from None
    tables = {k: v for k, v in data.items() if k != "about"} | {
        f"{s}.{c}": v for s in SLOTS for c, v in _table(data.get(s)).items()
    }
    if problems := [
        f"{path.name}: {k} is {v!r}, not a table; write [{k}]."
        for k, v in tables.items()
        if not isinstance(v, dict)
    ]:
        raise SpecError(problems)
    slots = {
        s: _read_slot(s, data.get(s, {}), path.name, problems)
        for s in SLOTS
        if s in data or s not in UNNAMED
    }
    weights = dict(WEIGHTS)
    for key, wish in data.get("weight", {}).items():
        if key not in WEIGHTS:
            problems.append(f"{path.name}: " + choose_from("weight", key, tuple(WEIGHTS)))
            continue
        try:
            weights[key] = WEIGHTS[key].narrow(wish)
        except ValueError as error:
            problems.append(f"{path.name}: weight.{key}: {error}.")
    for key in sorted(data.keys() - {*SLOTS, "weight", "about", "default"}):
        problems.append(f"{path.name}: " + choose_from("slot", key, tuple(SLOTS)))
    problems += _check_defaults(data.get("default", {}), slots, weights, path.name)
    if problems:
        raise SpecError(problems)
    return Space(path.stem, data.get("about", ""), slots, weights, data.get("default", {}))


def _read_slot(
    slot: str, text: Mapping[str, Any], place: str, problems: list[str]
) -> dict[str, dict[str, Domain]]:
    found: dict[str, dict[str, Domain]] = {}
    known = [
        n
        for n in families.names(SLOTS[slot])
        if SLOTS[slot] != "losses" or families.card("losses", n).facts.get("kind") == slot
    ]
    for choice, wishes in _spelled_out(text, known).items():
        if choice == "none" and slot in OPTIONAL:
            found[choice] = {}
            continue
        if choice not in known:
            problems.append(f"{place}: " + choose_from(f"choice for {slot}", choice, known))
            continue
        knobs = families.card(SLOTS[slot], choice).knobs
        found[choice] = {k: knob.domain for k, knob in knobs.items()}
        for key, wish in wishes.items():
            if key not in knobs:
                problems.append(
                    f"{place}: {slot}.{choice} has no knob '{key}'; it has {', '.join(knobs) or 'none'}."
                )
                continue
            try:
                found[choice][key] = knobs[key].domain.narrow(wish)
            except ValueError as error:
                problems.append(f"{place}: {slot}.{choice}.{key}: {error}.")
    if not text:
        problems.append(f"{place}: slot '{slot}' is missing; write [{slot}.NAME] for each choice.")
    return found


def _check_defaults(
    defaults: Mapping[str, Any],
    slots: Mapping[str, Mapping[str, Mapping[str, Domain]]],
    weights: Mapping[str, Real],
    place: str,
) -> list[str]:
    """A default that would never be used is a typing error."""
    asked: dict[str, Domain] = {slot: OneOf(*choices) for slot, choices in slots.items() if choices}
    asked |= {
        f"{s}.{c}.{k}": domain
        for s, choices in slots.items()
        for c, knobs in choices.items()
        for k, domain in knobs.items()
    }
    asked |= {f"weight.{k}": domain for k, domain in weights.items()}
    unknown = [
        f"{place}: " + choose_from("default", key, tuple(asked))
        for key in defaults
        if key not in asked
    ]
    issues = {k: asked[k].problem(v) for k, v in defaults.items() if k in asked}
    return unknown + [f"{place}: default.{k}: {issue}." for k, issue in issues.items() if issue]


def _spelled_out(text: Mapping[str, Any], known: Sequence[str]) -> dict[str, Any]:
    """With every member in place of `*`; what is written about one of them holds."""
    found: dict[str, Any] = {}
    for choice, wishes in text.items():
        found |= (
            {n: text.get(n, {}) for n in known}
            if choice == EVERY and not wishes
            else {choice: wishes}
        )
    return found


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


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
