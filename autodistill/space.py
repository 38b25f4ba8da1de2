"""What may vary: a conditional tree of choices, read from TOML, narrowed to what a task allows.

Names asked for are `slot.choice.knob`; a branch that is not taken is never asked about, so every sample is valid.
"""

import hashlib
import json
import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from autodistill import family
from autodistill.domain import Domain, OneOf, Real, Whole
from autodistill.errors import SpecError, choose_from
from autodistill.pipeline import NONE, Part, Pipeline, Term

TREATMENTS = {"augmentation": "augmentations", "mixup": "mixups"}
"""Slots that a space may be without: then there is none, and nothing is asked."""
SLOTS = {
    "student": "students",
    "hard": "losses",
    "logit": "losses",
    "feature": "losses",
    "mapping": "mappings",
    "optimizer": "optimizers",
    **TREATMENTS,
}
OPTIONAL = ("logit", "feature", *TREATMENTS)
"""Slots in which `none` is a choice."""
WEIGHTS = {"logit": Real(0.0, 1.0), "feature": Real(1e-3, 10.0, log=True)}
Ask = Callable[[str, Domain], Any]


@dataclass(frozen=True)
class Conditions:
    """What a task and a teacher allow."""

    classes: int = 2
    pooled: bool = True
    """The teacher's states are recorded, not only its logits."""
    cut: bool = True
    """There is a network to cut a student from."""
    layers: int = 0
    """Of the teacher; 0: not known."""
    asks: bool = True
    """The teacher can be asked about any input, not only read where it has answered."""


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

    @property
    def key(self) -> str:
        """Content hash of everything that can be asked."""
        slots = {s: {c: {k: repr(d) for k, d in knobs.items()} for c, knobs in choices.items()} for s, choices in self.slots.items()}
        text = json.dumps([slots, {k: repr(d) for k, d in self.weights.items()}], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def sample(self, ask: Ask) -> Pipeline:
        """One pipeline, each free value obtained from `ask(name, domain)`."""

        def pick(name: str, domain: Domain) -> Any:
            only = _only(domain)
            return ask(name, domain) if only is None else only[0]

        def part(slot: str) -> Part:
            if slot in TREATMENTS and slot not in self.slots:
                return NONE
            name = pick(slot, OneOf(*self.slots[slot]))
            return Part(name, {k: pick(f"{slot}.{name}.{k}", d) for k, d in self.slots[slot].get(name, {}).items()})

        student, hard, logit, feature = part("student"), part("hard"), part("logit"), part("feature")
        share = 0.0 if logit.name == "none" else float(pick("weight.logit", self.weights["logit"]))
        terms = [Term(hard, 1.0 - share)] if share < 1.0 else []
        if share > 0.0:
            terms.append(Term(logit, share))
        if feature.name != "none":
            terms.append(Term(feature, float(pick("weight.feature", self.weights["feature"])), part("mapping")))
        mixes = all(takes_mixed_labels(t.loss.name) for t in terms)
        return Pipeline(student, tuple(terms), part("optimizer"), part("augmentation"), part("mixup") if mixes else NONE)

    def default_values(self) -> dict[str, Any]:
        """The asked names and values of trial 0."""
        values: dict[str, Any] = {}

        def ask(name: str, domain: Domain) -> Any:
            slot, _, rest = name.partition(".")
            choice, _, knob = rest.partition(".")
            own = family.card(SLOTS[slot], choice).knobs[knob].default if knob else None
            values[name] = next((v for v in (self.defaults.get(name), own) if v is not None and domain.problem(v) is None), _middle(domain))
            return values[name]

        self.sample(ask)
        return values

    def fit(self, given: Conditions) -> "Space":
        """This space without what is impossible under these conditions; raises SpecError when nothing is left."""
        reasons = self._impossible(given)
        slots = {s: {c: k for c, k in choices.items() if f"{s}.{c}" not in reasons} for s, choices in self.slots.items()}
        for name, knobs in slots.get("mixup", {}).items():
            if f"mixup.{name}.teacher=consistent" in reasons:
                slots["mixup"][name] = {**knobs, "teacher": OneOf("interpolate")}
        if given.layers and given.pooled and slots["feature"].keys() - {"none"}:
            slots["student"] = _no_deeper(slots["student"], given.layers)
        for slot in {"feature", *TREATMENTS} & slots.keys():
            slots[slot] = slots[slot] or {"none": {}}
        if empty := [s for s, choices in slots.items() if not choices]:
            why = "; ".join(f"{k}: {v}" for k, v in reasons.items())
            raise SpecError(f"space '{self.name}' has no {' and no '.join(empty)} left for this task ({why}).")
        return replace(self, slots=slots, removed=reasons)

    def _impossible(self, given: Conditions) -> dict[str, str]:
        """By `slot.choice`, or `slot.choice.knob=value` where other values stay."""
        always_mixes = "none" not in self.slots.get("mixup", {"none": {}})
        found = {}
        for slot, name, knobs in ((s, c, k) for s, choices in self.slots.items() for c, k in choices.items() if c != "none"):
            facts, key = family.card(SLOTS[slot], name).facts, f"{slot}.{name}"
            if slot == "feature" and not given.pooled:
                found[key] = "the teacher gives labels only, no states"
            if slot == "student" and not given.cut and facts.get("from_teacher"):
                found[key] = "the teacher gives labels only, there is no network to cut"
            if slot == "logit" and given.classes < (fewest := facts.get("fewest_classes", 2)):
                found[key] = f"it needs {fewest} classes or more, the task has {given.classes}"
            if slot in ("hard", "logit") and always_mixes and not takes_mixed_labels(name):
                found[key] = "it looks at one class per row, and this space always mixes rows"
            if slot == "augmentation" and not given.asks:
                found[key] = "the teacher gives labels only, it cannot be asked about changed texts"
            if slot == "mixup" and not given.asks and "consistent" in getattr(knobs["teacher"], "choices", ()):
                place = key if knobs["teacher"] == OneOf("consistent") else f"{key}.teacher=consistent"
                found[place] = "the teacher gives labels only, it cannot be asked about mixed texts"
        return found


def _no_deeper(students: Mapping[str, Mapping[str, Domain]], layers: int) -> dict[str, Mapping[str, Domain]]:
    """Without depths beyond the teacher's: a layer map gives each student layer one of the teacher's."""
    found: dict[str, Mapping[str, Domain]] = {}
    for name, knobs in students.items():
        match knobs.get("layers"):
            case Whole(low=low) if low > layers:
                continue
            case Whole(low=low, high=high, log=log) if high > layers:
                found[name] = {**knobs, "layers": Whole(low, layers, log)}
            case _:
                found[name] = knobs
    return found


def takes_mixed_labels(loss: str) -> bool:
    """Whether this loss can be used on mixed rows: it takes shares of the classes, or does not look at labels."""
    facts = family.card("losses", loss).facts
    return bool(facts.get("soft_labels")) or "labels" not in facts.get("needs", frozenset())


def read_space(path: Path) -> Space:
    """A space from its TOML file; raises SpecError with every problem of the file."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path.name} is not valid TOML: {error}.") from None
    tables = {k: v for k, v in data.items() if k != "about"} | {f"{s}.{c}": v for s in SLOTS for c, v in _table(data.get(s)).items()}
    if problems := [f"{path.name}: {k} is {v!r}, not a table; write [{k}]." for k, v in tables.items() if not isinstance(v, dict)]:
        raise SpecError(problems)
    slots = {s: _read_slot(s, data.get(s, {}), path.name, problems) for s in SLOTS if s in data or s not in TREATMENTS}
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


def _read_slot(slot: str, text: Mapping[str, Any], place: str, problems: list[str]) -> dict[str, dict[str, Domain]]:
    found: dict[str, dict[str, Domain]] = {}
    for choice, wishes in text.items():
        if choice == "none" and slot in OPTIONAL:
            found[choice] = {}
            continue
        known = [n for n in family.names(SLOTS[slot]) if SLOTS[slot] != "losses" or family.card("losses", n).facts.get("kind") == slot]
        if choice not in known:
            problems.append(f"{place}: " + choose_from(f"choice for {slot}", choice, known))
            continue
        knobs = family.card(SLOTS[slot], choice).knobs
        found[choice] = {k: knob.domain for k, knob in knobs.items()}
        for key, wish in wishes.items():
            if key not in knobs:
                problems.append(f"{place}: {slot}.{choice} has no knob '{key}'; it has {', '.join(knobs) or 'none'}.")
                continue
            try:
                found[choice][key] = knobs[key].domain.narrow(wish)
            except ValueError as error:
                problems.append(f"{place}: {slot}.{choice}.{key}: {error}.")
    if not text:
        problems.append(f"{place}: slot '{slot}' is missing; write [{slot}.NAME] for each choice.")
    return found


def _check_defaults(
    defaults: Mapping[str, Any], slots: Mapping[str, Mapping[str, Mapping[str, Domain]]], weights: Mapping[str, Real], place: str
) -> list[str]:
    """A default that would never be used is a typing error."""
    asked: dict[str, Domain] = {slot: OneOf(*choices) for slot, choices in slots.items() if choices}
    asked |= {f"{s}.{c}.{k}": domain for s, choices in slots.items() for c, knobs in choices.items() for k, domain in knobs.items()}
    asked |= {f"weight.{k}": domain for k, domain in weights.items()}
    unknown = [f"{place}: " + choose_from("default", key, tuple(asked)) for key in defaults if key not in asked]
    issues = {k: asked[k].problem(v) for k, v in defaults.items() if k in asked}
    return unknown + [f"{place}: default.{k}: {issue}." for k, issue in issues.items() if issue]


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


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
