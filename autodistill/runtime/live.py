"""Lines that stay below all others while something runs, and say how it goes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

PER_SECOND = 2
"""Drawings of the lines."""
LONGEST_SILENCE = 20.0
"""Seconds without a line where nothing can be drawn again."""


class LiveLines:
    """Lines that are made anew for every drawing, on a terminal."""

    def __init__(self, console: Console, lines: Callable[[], Sequence[str]]) -> None:
        self.console = console
        self.lines = lines
        self.doing = ""
        """The work that is done meanwhile, above the lines."""

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Drawn until the block ends; where there is no terminal, nothing is."""
        if not self.console.is_terminal:
            yield
            return
        with Live(
            get_renderable=self._drawn,
            console=self.console,
            refresh_per_second=PER_SECOND,
            transient=True,
            redirect_stdout=False,
        ):
            yield

    @contextmanager
    def meanwhile(self, title: str) -> Iterator[Callable[[int, int], None]]:
        """A line on something that takes a while; yields tick(done, total)."""

        def tick(done: int, total: int) -> None:
            self.doing = f"{title}: {done:,} of {total:,}"

        self.doing = title
        try:
            yield tick
        finally:
            self.doing = ""

    def _drawn(self) -> Group:
        lines = [self.doing, *self.lines()] if self.doing else self.lines()
        return Group(*(Text(line, no_wrap=True, overflow="ellipsis") for line in lines))
