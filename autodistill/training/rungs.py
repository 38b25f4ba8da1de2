"""When a run in training is judged, and what it reports then."""

from collections.abc import Callable

RUNGS = (1, 2, 4)
"""Quarters of the training after which a run is judged."""
EARLY_ROWS = 500
"""Selection rows that early rungs look at; the last one looks at all."""
Report = Callable[[int, float], bool]
"""(rung, score) -> stop now."""
Tick = Callable[[int, int], None]
"""(steps done, steps in all)."""
Hear = Callable[[float], None]
"""Called after each step with the loss, a mean in which old steps fade."""


def never(_: int, __: float) -> bool:
    """A report that never stops."""
    return False
