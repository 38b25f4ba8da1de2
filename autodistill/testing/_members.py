"""A member under test, and what members of every family promise."""

import inspect
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.families import Card
from autodistill.registry.ranges import OneOf


@dataclass(frozen=True)
class Member:
    """A class of a family, registered or not, and what its source says about it."""

    card: Card
    cls: type

    def __str__(self) -> str:
        return f"{self.card.family} '{self.card.name}'"

    def build(self, **values: Any) -> Any:
        """An instance with these knob values, the others at their defaults."""
        return self.cls(**values)

    def settings(self) -> Iterator[dict[str, Any]]:
        """The defaults, then every knob at each of its ends, the others at their defaults."""
        yield {}
        for knob in self.card.knobs.values():
            domain = knob.domain
            ends = domain.choices if isinstance(domain, OneOf) else (domain.low, domain.high)
            yield from ({knob.name: end} for end in ends)


Check = Callable[[Member], None]
"""Raises AssertionError when the member breaks the promise that the check is named after."""


def member_of(family: str, subject: str | type) -> Member:
    """A member by its registered name, or a class of your own that need not be registered."""
    if isinstance(subject, str):
        return Member(families.card(family, subject), families.get(family, subject))
    try:
        source = Path(inspect.getfile(subject)).read_text(encoding="utf-8")
    except (OSError, TypeError) as error:
        raise SpecError(
            f"class {subject.__qualname__} has no source file to read its ranges from ({error}); "
            "write it into a module."
        ) from error
    card = families.describe(family, subject.__name__, source, subject.__name__)
    if not card.class_name:
        raise SpecError(
            f"class {subject.__qualname__} does not stand at the top of its module "
            f"{subject.__module__}; move it there, for its ranges are read from the source."
        )
    return Member(card, subject)


def require(condition: object, message: str) -> None:
    """Raise AssertionError with this message unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def the_labels_are_written(member: Member) -> None:
    """The module's docstring has a first line and the labels Source, Idea and Inputs."""
    require(member.card.summary, "the module has no docstring; its first line is the summary")
    for label in ("Source", "Idea", "Inputs"):
        require(
            label in member.card.labels,
            f"the module's docstring has no label '{label}'; "
            f"it has {', '.join(member.card.labels) or 'none'}",
        )


def all_five_labels_are_written(member: Member) -> None:
    """Besides Source, Idea and Inputs the docstring has Units and Differs."""
    the_labels_are_written(member)
    missing = {"Units", "Differs"} - set(member.card.labels)
    require(not missing, f"the module's docstring lacks the labels {sorted(missing)}")


def defaults_are_inside_their_ranges(member: Member) -> None:
    """Every knob's default is a value that a search may choose."""
    for knob in member.card.knobs.values():
        issue = knob.domain.problem(knob.default)
        require(issue is None, f"the default of the knob '{knob.name}' is no good: {issue}")


def knobs_are_stored_unchanged_and_survive_json(member: Member) -> None:
    """The constructor stores each knob as the attribute of its name; a recipe file keeps it."""
    defaults = {k: knob.default for k, knob in member.card.knobs.items()}
    for values in [defaults, *member.settings()]:
        built = member.build(**json.loads(json.dumps(values)))
        for knob, value in {**defaults, **values}.items():
            stored = getattr(built, knob, None)
            require(stored == value, f"knob '{knob}' is {value!r}, but stored as {stored!r}")


COMMON: tuple[Check, ...] = (
    defaults_are_inside_their_ranges,
    knobs_are_stored_unchanged_and_survive_json,
)
