"""An area of input, and what its inputs come to."""

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from autodistill.errors import AutodistillError


@dataclass
class Tally:
    """Inputs of an area by what became of them."""

    ends: Counter[str] = field(default_factory=Counter)
    messages: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        return (
            f"{self.ends.total()} inputs: {self.ends['works']} work, {self.ends['refused']} are "
            f"refused in {len(self.messages)} different messages"
        )


@dataclass(frozen=True)
class Area:
    """A kind of input: how to draw one, and how the program takes it."""

    name: str
    inputs: Callable[[Path], st.SearchStrategy[Any]]
    """The strategy, given the folder of good files."""
    use: Callable[[Any, Path, Path], None]
    """Takes an input, with the good files and an empty folder; raises AutodistillError."""


def fuzz(area: Area, good: Path, count: int, first: int = 0) -> Tally:
    """Draw `count` inputs; any other exception than AutodistillError comes out, shrunk."""
    tally = Tally()

    @seed(first)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(area.inputs(good))
    def attempt(value: Any) -> None:
        with tempfile.TemporaryDirectory() as place:
            try:
                area.use(value, good, Path(place))
            except AutodistillError as error:
                tally.ends["refused" if str(error).strip() else "refused without a word"] += 1
                tally.messages.add(str(error).replace(place, ""))
            else:
                tally.ends["works"] += 1

    attempt()
    return tally
