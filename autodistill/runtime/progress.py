"""What a person sees while it works: lines, and bars with the time left."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

SECONDS_BETWEEN_LINES = 20.0
Tick = Callable[[int, int], None]
Meanwhile = Callable[[], None]
"""What to do now and then while something takes long."""


class Screen:
    """Lines and bars on standard error, answers on standard output."""

    def __init__(self) -> None:
        self.notes = Console(stderr=True, highlight=False, soft_wrap=True)
        self.answers = Console(highlight=False, width=None if sys.stdout.isatty() else 400)

    def line(self, text: str) -> None:
        """One line on how it goes."""
        self.notes.print(text, markup=False)

    def answer(self, what: str | Table) -> None:
        """A part of the answer."""
        if isinstance(what, str):
            self.answers.print(what, markup=False)
        else:
            self.answers.print(what)

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields tick(done, total). Without a terminal: a line every twenty seconds."""
        if not self.notes.is_terminal:
            yield self._slow_lines(title)
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.notes, transient=True) as progress:
            job = progress.add_task(title, total=None)
            yield lambda done, total: progress.update(job, completed=done, total=total)

    def _slow_lines(self, title: str) -> Tick:
        begin = last = time.monotonic()

        def tick(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last >= SECONDS_BETWEEN_LINES and done:
                last = now
                left = (now - begin) / done * (total - done)
                self.line(f"{title}: {done:,} of {total:,}, about {short(left)} left")

        return tick


def screen_here() -> Screen:
    """A screen for where this runs: in a notebook, plain lines below the cell."""
    screen = Screen()
    if screen.notes.is_jupyter:
        # Kernels ask for colours, which rich takes for a terminal, on which bars can be redrawn.
        screen.notes = screen.answers = Console(
            file=sys.stdout,
            highlight=False,
            soft_wrap=True,
            force_jupyter=False,
            force_terminal=False,
        )
    return screen


class Stopwatch(Screen):
    """Says nothing and keeps when its bars were moved: (seconds, done)."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[tuple[float, int]] = []

    def line(self, text: str) -> None:
        """Nothing."""

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields a tick that notes the time."""
        yield lambda done, total: self.ticks.append((time.perf_counter(), done))


def short(seconds: float) -> str:
    """A duration for people: 48 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
