"""Progress on the screen: lines, and bars with the time left."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

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
from rich.text import Text

from autodistill.runtime.heartbeat import heartbeat
from autodistill.runtime.live import LONGEST_SILENCE, LiveLines
from autodistill.runtime.text import fill, rows_as_lines, terminal_width

PIPE = 1_000_000
"""Width of a console that is no terminal: whatever it prints is broken before, or not at all."""
Tick = Callable[[int, int], None]
Meanwhile = Callable[[], None]
"""A callback run now and then while something takes long."""


class Screen:
    """Lines and bars on standard error, answers on standard output."""

    def __init__(self) -> None:
        self.notes = Console(
            stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True
        )
        self.answers = Console(markup=False, emoji=False, highlight=False)
        if not self.answers.is_terminal:
            self.answers.width = PIPE
        self.remarked = ""
        """The text of the bar beside how far it is."""
        self._live: LiveLines | None = None
        self._heard = time.monotonic()
        """When the last line was printed."""

    def line(self, text: str) -> None:
        """One line on how it goes, broken between words."""
        self._heard = time.monotonic()
        self.notes.print(fill(text, self.notes.width), markup=False)

    def event(self, event: str, **facts: Any) -> None:
        """Something for programs: nothing here, a line of a JsonScreen."""

    def answer(self, what: str | Table) -> None:
        """A part of the answer, prose or a table; see `runtime.text` for a pipe."""
        piped = self.answers.width == PIPE
        match what:
            case str():
                self._print(fill(what, terminal_width() if piped else self.answers.width))
            case _ if piped:
                self._print(_table_as_text(what))
            case _:
                self.answers.print(what)

    def command(self, text: str) -> None:
        """A command to copy: indented, never broken."""
        self._print(f"  {text}")

    def _print(self, text: str) -> None:
        self.answers.print(text, markup=False, soft_wrap=True)

    def remark(self, text: str) -> None:
        """Show this in the bar beside how far it is, until it ends."""
        self.remarked = f", {text}"

    @contextmanager
    def live(self, lines: Callable[[], Sequence[str]]) -> Iterator[None]:
        """Keep these lines below all others, drawn anew twice a second, on a terminal."""
        self._live = LiveLines(self.notes, lines)
        try:
            with self._live.shown():
                yield
        finally:
            self._live = None

    def pulse(self, text: Callable[[], str]) -> None:
        """Print this line where nothing is drawn and nothing was printed for 20 s."""
        if not self.notes.is_terminal and time.monotonic() - self._heard >= LONGEST_SILENCE:
            self.line(text())

    @contextmanager
    def busy(self, title: str) -> Iterator[None]:
        """A sign of life while something takes an unknown time; in a pipe, every 20 s."""
        if not self.notes.is_terminal:
            sign: AbstractContextManager[Any] = heartbeat(
                LONGEST_SILENCE, lambda so_far: self.line(f"{title}, {short(so_far)} so far")
            )
        else:
            sign = nullcontext() if self._live is not None else self.notes.status(Text(title))
        with sign:
            yield

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """A bar; yields tick(done, total). Without a terminal, a line every 20 s."""
        self.remarked = ""
        if self._live is not None and self.notes.is_terminal:  # one thing at once is drawn
            with self._live.meanwhile(title) as tick:
                yield tick
            return
        if not self.notes.is_terminal:
            yield self._slow_lines(title)
            return
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.notes, transient=True) as progress:
            job = progress.add_task(title, total=None)
            yield lambda done, total: progress.update(
                job, completed=done, total=total, description=f"{title}{self.remarked}"
            )

    def _slow_lines(self, title: str) -> Tick:
        last = time.monotonic()
        first: tuple[float, int] | None = None

        def tick(done: int, total: int) -> None:
            nonlocal first, last
            now = time.monotonic()
            first = first or (now, done)  # what was done before, and its start, say nothing
            if now - last >= LONGEST_SILENCE and done > first[1]:
                last = now
                left = (now - first[0]) / (done - first[1]) * (total - done)
                told = f"{done:,} of {total:,}{self.remarked}"
                self.line(f"{title}: {told}, about {short(left)} left")

        return tick


class Stopwatch(Screen):
    """A silent screen that records when its bars moved: (seconds, done)."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[tuple[float, int]] = []

    def line(self, text: str) -> None:
        """Print nothing."""

    @contextmanager
    def busy(self, title: str) -> Iterator[None]:
        """Show nothing."""
        yield

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields a tick that records the time."""
        yield lambda done, total: self.ticks.append((time.perf_counter(), done))


def _table_as_text(table: Table) -> str:
    heads = [str(column.header) for column in table.columns]
    rows = zip(*([str(cell) for cell in column.cells] for column in table.columns))
    above, below = (
        [str(text)] if text is not None else [] for text in (table.title, table.caption)
    )
    return "\n".join((*above, rows_as_lines(heads, rows), *below))


def short(seconds: float) -> str:
    """A duration for people: 48 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
