"""Learning rates as multiples of those that suit layers cut from the teacher."""

from dataclasses import replace

from autodistill.registry import families
from autodistill.registry.ranges import Real
from autodistill.study.pipeline import Part


def pace_of(student: Part) -> float:
    """The rate that suits a student over the one that suits layers cut from the teacher."""
    return float(getattr(families.get("students", student.name), "pace", 1.0))


def at_pace(optimizer: Part, pace: float) -> Part:
    """The optimizer with its learning rate multiplied, within the range of its knob."""
    domain = families.card("optimizers", optimizer.name).knobs["lr"].domain
    assert isinstance(domain, Real)
    rate = min(max(optimizer.knobs["lr"] * pace, domain.low), domain.high)
    return replace(optimizer, knobs={**optimizer.knobs, "lr": rate})
