"""A screen for programs: one JSON object a line on standard output, prose nowhere."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from autodistill.runtime.progress import Screen, Tick

BETWEEN_EVENTS = 5.0
"""Seconds between two lines on the same thing in progress."""


class JsonScreen(Screen):
    """Events in place of lines, bars and answers; each has the name of its kind in `event`."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = self.answers = Console(quiet=True)
        self._told = 0.0

    def event(self, event: str, **facts: Any) -> None:
        """One line; it is there at once, in a pipe, too."""
        sys.stdout.write(json.dumps({"event": event, **facts}, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def line(self, text: str) -> None:
        """A note for people."""
        self.event("note", text=text.strip())

    @contextmanager
    def live(self, lines: Callable[[], Sequence[str]]) -> Iterator[None]:
        """Nothing is drawn."""
        yield

    def pulse(self, text: Callable[[], str]) -> None:
        """How it goes, now and then."""
        if self._is_time():
            self.event("running", text=text())

    @contextmanager
    def busy(self, title: str) -> Iterator[None]:
        """A note that it has begun."""
        self.line(title)
        yield

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields tick(done, total), which is an event now and then and at its end."""

        def tick(done: int, total: int) -> None:
            if done == total or self._is_time():
                self.event("progress", title=title, done=done, total=total)

        yield tick

    def _is_time(self) -> bool:
        if is_time := time.monotonic() - self._told >= BETWEEN_EVENTS:
            self._told = time.monotonic()
        return is_time
