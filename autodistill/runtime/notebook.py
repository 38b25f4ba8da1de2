"""A screen for notebooks: lines below the cell, and above them how it goes, drawn anew."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

from rich.console import Console

from autodistill.runtime.progress import Screen, Tick

BETWEEN_DRAWINGS = 1.0
"""Seconds between two drawings."""
STYLE = "margin:0;padding:.4em .8em;border-left:4px solid #0072b2;white-space:pre;overflow-x:auto"


class NotebookScreen(Screen):
    """Plain lines, and one output of the cell that is replaced while something runs."""

    def __init__(self) -> None:
        super().__init__()
        # kernels ask for colours, which rich takes for a terminal, on which bars can be redrawn
        self.notes = self.answers = Console(
            file=sys.stdout,
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=True,
            force_jupyter=False,
            force_terminal=False,
        )
        self._lines: Callable[[], Sequence[str]] | None = None
        self._drawn: Any = None
        self._when = 0.0

    @contextmanager
    def live(self, lines: Callable[[], Sequence[str]]) -> Iterator[None]:
        """Draw these lines once a second, while `pulse` is called; they go at the end."""
        self._lines = lines
        try:
            yield
        finally:
            self._lines = None
            self._clear()

    def pulse(self, text: Callable[[], str]) -> None:
        """Draw the lines, if it is time."""
        if self._lines is not None:
            self._draw(self._lines)

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields tick(done, total), which draws how far it is, above the lines of a search."""
        self.remarked = ""

        def tick(done: int, total: int) -> None:
            here = f"{title}: {done:,} of {total:,}{self.remarked}"
            self._draw(lambda: [here, *(self._lines() if self._lines else ())])

        try:
            yield tick
        finally:
            if self._lines is None:
                self._clear()

    def _draw(self, lines: Callable[[], Sequence[str]]) -> None:
        if time.monotonic() - self._when < BETWEEN_DRAWINGS:
            return
        self._show(f'<pre style="{STYLE}">{escape(chr(10).join(lines()))}</pre>')
        self._when = time.monotonic()

    def _show(self, html: str) -> None:
        from IPython import display  # a part of every notebook's kernel, not of this package

        api: Any = display
        if self._drawn is None:
            self._drawn = api.display(api.HTML(html), display_id=True)
        else:
            self._drawn.update(api.HTML(html))

    def _clear(self) -> None:
        """Leave nothing of what was drawn: a finished search speaks for itself."""
        if self._drawn is not None:
            self._show("")
        self._drawn, self._when = None, 0.0


def screen_here() -> Screen:
    """A screen for where this runs: a notebook, a terminal, a pipe."""
    screen = Screen()
    return NotebookScreen() if screen.notes.is_jupyter else screen
