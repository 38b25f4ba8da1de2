"""The range of one searchable value, and the knob that carries it.

A range stands on the constructor's argument:
`temperature: Annotated[float, Real(1.0, 16.0, log=True)] = 4.0`.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LONGEST = 60
"""Characters of a value that a message shows."""


@dataclass(frozen=True)
class Real:
    """A real interval, both ends included; `log` means sampled evenly on a log scale."""

    low: float
    high: float
    log: bool = False

    def problem(self, value: Any) -> str | None:
        """The reason why `value` is not possible, or None."""
        if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
            return f"{shortened(value)} is not a number"
        return (
            None
            if self.low <= value <= self.high
            else f"{shortened(value)} is outside {self.low:g} to {self.high:g}"
        )

    def narrow(self, wish: Any) -> "Real":
        """The same interval with the ends that a person wrote; raises ValueError."""
        low, high = _two_ends(wish)
        for end in (low, high):
            if issue := self.problem(end):
                raise ValueError(issue)
        return Real(float(low), float(high), self.log)


@dataclass(frozen=True)
class Whole:
    """A range of whole numbers, both ends included."""

    low: int
    high: int
    log: bool = False

    def problem(self, value: Any) -> str | None:
        """The reason why `value` is not possible, or None."""
        if isinstance(value, bool) or not isinstance(value, int):
            return f"{shortened(value)} is not a whole number"
        return (
            None
            if self.low <= value <= self.high
            else f"{shortened(value)} is outside {self.low} to {self.high}"
        )

    def narrow(self, wish: Any) -> "Whole":
        """The same range with the ends that a person wrote; raises ValueError."""
        low, high = _two_ends(wish)
        for end in (low, high):
            if issue := self.problem(end):
                raise ValueError(issue)
        return Whole(low, high, self.log)


@dataclass(frozen=True, init=False)
class OneOf:
    """One of a few values."""

    choices: tuple[Any, ...]

    def __init__(self, *choices: Any) -> None:
        object.__setattr__(self, "choices", tuple(choices))

    def problem(self, value: Any) -> str | None:
        """The reason why `value` is not possible, or None."""
        return (
            None
            if self._own(value)
            else f"{shortened(value)} is not one of {', '.join(map(str, self.choices))}"
        )

    def narrow(self, wish: Any) -> "OneOf":
        """Fewer of the choices; raises ValueError."""
        if not isinstance(wish, Sequence) or isinstance(wish, str) or not wish:
            raise ValueError(f"{shortened(wish)} is not a list of choices")
        found = dict[Any, None]()
        for value in wish:
            if issue := self.problem(value):
                raise ValueError(issue)
            found[self._own(value)[0]] = None
        return OneOf(*found)

    def _own(self, value: Any) -> tuple[Any, ...]:
        """The choice that a value stands for, 1 for 1.0 but not for true; none for any other."""
        truth = isinstance(value, bool)
        return tuple(c for c in self.choices if c == value and isinstance(c, bool) == truth)[:1]


class Named(OneOf):
    """One of a few values, or any names that a person gives in their place."""

    def problem(self, value: Any) -> str | None:
        """The reason why `value` is not possible, or None."""
        if self._own(value):
            return None
        return f"{shortened(value)} is no name, and not one of {', '.join(map(str, self.choices))}"

    def _own(self, value: Any) -> tuple[Any, ...]:
        return (value,) if isinstance(value, str) and value.strip() else super()._own(value)


Domain = Real | Whole | OneOf


@dataclass(frozen=True)
class Knob:
    """One argument of a family member: its name, range and default."""

    name: str
    domain: Domain
    default: Any

    def fixed(self) -> Domain:
        """The range that holds the default value alone."""
        wish = [self.default] if isinstance(self.domain, OneOf) else self.default
        return self.domain.narrow(wish)


def _two_ends(wish: Any) -> tuple[Any, Any]:
    """[low, high] as written; a single value fixes both ends."""
    if (
        isinstance(wish, list | tuple)
        and len(wish) == 2
        and all(isinstance(v, int | float) for v in wish)
    ):
        if wish[0] > wish[1]:
            raise ValueError(f"{shortened(wish)} runs from high to low")
        return wish[0], wish[1]
    if isinstance(wish, int | float):
        return wish, wish
    raise ValueError(f"{shortened(wish)} is not [low, high]")


def shortened(value: Any) -> str:
    """A value as Python writes it, of a long one the beginning."""
    try:
        text = repr(value)
    except ValueError:  # a whole number with more digits than Python writes
        return "a number with thousands of digits"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def random_ask(draw: random.Random) -> Callable[[str, Domain], Any]:
    """Answers a space's questions at random, evenly over each range."""

    def ask(name: str, domain: Domain) -> Any:
        match domain:
            case OneOf(choices=choices):
                return draw.choice(choices)
            case Real(low=low, high=high, log=log):
                return (
                    math.exp(draw.uniform(math.log(low), math.log(high)))
                    if log
                    else draw.uniform(low, high)
                )
        return draw.randint(domain.low, domain.high)

    return ask
