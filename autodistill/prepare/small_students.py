"""Students within limits, found from configurations before anything is trained."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from autodistill.errors import SpecError
from autodistill.prepare.materials import fit_space, untaught
from autodistill.prepare.quantities import COSTS, cost_text, over_limit
from autodistill.prepare.workspace import Workspace
from autodistill.registry import families
from autodistill.registry.ranges import Domain, OneOf
from autodistill.study import spaces
from autodistill.study.pipeline import Part
from autodistill.study.space import Space
from autodistill.training.latency import Costs
from autodistill.training.shapes import count
from autodistill.training.trial_data import TrialData

MOST_TRIED = 48
"""Students of a space that are built to see how large they are."""
LATENCY = "latency_ms"


def fitting_students(
    workspace: Workspace, space: Space
) -> tuple[Part, tuple[Mapping[str, Any], ...]]:
    """A default student within the study's limits, and the recipes to start with that are, too.

    The space's own default if it keeps them, else the largest student that does. `space` is the
    study's space without what this task makes impossible. Raises SpecError with the spaces that
    have a student where this one has none.
    """
    sizes = _Sizes(untaught(workspace, workspace.as_tuned), workspace.study.limits)
    starts = tuple(
        start
        for start in space.starts
        if sizes.keeps(space.made_of(space.with_defaults(start).default_values()).student)
    )
    tried = list(_students(space))
    if sizes.keeps(tried[0]):
        return tried[0], starts
    fitting = [part for part in tried if sizes.keeps(part)]
    if fitting:
        return max(fitting, key=lambda part: sizes(part)["params"]), starts
    raise SpecError(_no_student(workspace, space, tried, sizes))


def with_default(space: Space, student: Part) -> Space:
    """The space with this student in its default recipe."""
    named = {f"student.{student.name}.{knob}": value for knob, value in student.knobs.items()}
    return space.with_defaults({"student": student.name, **named})


class _Sizes:
    """Costs of students that are not trained yet: params, size_bytes, and latency if limited."""

    def __init__(self, data: TrialData, limits: Mapping[str, float]) -> None:
        self.data = data
        self.limits = limits
        self.costs = Costs(data)
        self.known: dict[str, Mapping[str, float]] = {}

    def __call__(self, part: Part) -> Mapping[str, float]:
        key = str(part)
        if key not in self.known:
            self.known[key] = self.costs(part) if self._is_measured() else self._size(part)
        return self.known[key]

    def _is_measured(self) -> bool:
        """Whether counting parameters is not enough to know all that is limited."""
        return LATENCY in self.limits or ("size_bytes" in self.limits and bool(self.data.target))

    def _size(self, part: Part) -> Mapping[str, float]:
        student = families.build("students", part.name, part.knobs)
        words = self.data.vocabularies[self.data.words_of(student)]
        return count(student.build(self.data.backbone, words))

    def keeps(self, part: Part) -> bool:
        """Whether a student can be made and keeps every limit."""
        return self.excess(part) <= 1

    def excess(self, part: Part) -> float:
        """The largest share of a limit that a student takes; infinite for one that is not made."""
        try:
            cost = self(part)
        except (SpecError, ValueError):
            return float("inf")
        return max(cost[name] / most for name, most in self.limits.items())

    def text(self, part: Part) -> str:
        """A student with the limits that it breaks, or with what it takes of them."""
        cost = self(part)
        told = [
            over_limit(k, cost[k], most)
            if cost[k] > most
            else f"{COSTS[k]} {cost_text(k, cost[k])}"
            for k, most in self.limits.items()
        ]
        return f"{part}: {', '.join(told)}"


def _students(space: Space) -> Iterator[Part]:
    """The default student, then each member at the ends of its ranges."""
    yield space.made_of(space.default_values()).student
    members = space.slots["student"]
    most = max(2, MOST_TRIED // max(1, len(members)))
    for name, knobs in members.items():
        combined = list(product(*map(_ends, knobs.values())))
        step = max(1, -(-len(combined) // most))
        for values in (*combined[::step], combined[-1]):
            yield Part(name, dict(zip(knobs, values)))


def _ends(domain: Domain) -> tuple[Any, ...]:
    return domain.choices if isinstance(domain, OneOf) else (domain.low, domain.high)


def _no_student(workspace: Workspace, space: Space, tried: list[Part], sizes: _Sizes) -> str:
    limits = ", ".join(f"{COSTS[k]} {cost_text(k, most)}" for k, most in sizes.limits.items())
    found = [f"no student of the space '{space.name}' is within --limit {limits}"]
    made = [part for part in tried if sizes.excess(part) < float("inf")]
    if made:
        found[0] += f"; the smallest is {sizes.text(min(made, key=sizes.excess))}"
    others = {}
    for other in spaces.readable(images=workspace.task.of_images):
        if other.name == space.name:
            continue
        try:
            fitted = fit_space(
                replace(workspace, space=other),
                sizes.data.backbone,
                pooled=workspace.found.labels_file is None,
            )
        except SpecError:
            continue  # it is for other tasks
        small = min(_students(fitted), key=sizes.excess)
        if sizes.keeps(small):
            others[other.name] = small
    if others:
        shown = "; ".join(f"{name} has {sizes.text(part)}" for name, part in others.items())
        return f"{found[0]}. Name a --space that has a smaller one ({shown}), or raise --limit."
    return f"{found[0]}. No other space has a smaller one either: raise --limit."
