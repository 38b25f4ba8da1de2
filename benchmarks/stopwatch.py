"""Parts of a trial's seconds: timers around functions, each second counted once."""

import inspect
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

REST = "rest"
"""Label of the time outside all timers."""


class Stopwatch:
    """Seconds by label; a timed call inside another counts only for its own label.

    A label in `whole` keeps the seconds of all calls inside.
    """

    def __init__(self, whole: Sequence[str] = ()) -> None:
        self.whole = frozenset(whole)
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.stack: list[str] = []
        self.since = 0.0

    def enter(self, label: str) -> None:
        """Begin a timed call."""
        self._count()
        self.stack.append(self.stack[-1] if self.stack and self.stack[-1] in self.whole else label)

    def leave(self) -> None:
        """End the timed call."""
        self._count()
        self.stack.pop()

    def _count(self) -> None:
        now = time.perf_counter()
        if self.stack:
            self.seconds[self.stack[-1]] += now - self.since
        self.since = now


@contextmanager
def timed(watch: Stopwatch, *points: tuple[Any, str, str]) -> Iterator[None]:
    """A context that times the calls of these attributes (owner, name, label)."""
    own = [vars(owner).get(name) for owner, name, _ in points]  # None: inherited
    for owner, name, label in points:
        setattr(owner, name, _wrapped(watch, getattr(owner, name), label))
    watch.enter(REST)
    try:
        yield
    finally:
        watch.leave()
        for (owner, name, _), original in zip(points, own):
            if original is None:
                delattr(owner, name)
            else:
                setattr(owner, name, original)


def _wrapped(watch: Stopwatch, original: Any, label: str) -> Any:
    if inspect.isgeneratorfunction(original):

        def draw(*args: Any, **kwargs: Any) -> Iterator[Any]:
            items = original(*args, **kwargs)
            while True:
                watch.enter(label)
                try:
                    item = next(items)
                except StopIteration:
                    return
                finally:
                    watch.leave()
                yield item

        return draw

    def call(*args: Any, **kwargs: Any) -> Any:
        watch.enter(label)
        try:
            return original(*args, **kwargs)
        finally:
            watch.leave()

    return call
