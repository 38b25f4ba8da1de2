"""A screen for programs: one JSON object a line on standard output, prose nowhere."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from autodistill.runtime.heartbeat import heartbeat
from autodistill.runtime.progress import Screen, Tick

BETWEEN_EVENTS = 5.0
"""Seconds between two lines on the same thing in progress."""
BETWEEN_BEATS = 4.5
"""Seconds between two lines on work that does not report."""


class JsonScreen(Screen):
    """Events in place of lines, bars and answers; each has the name of its kind in `event`."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = self.answers = Console(quiet=True)
        self._told = 0.0
        self._one_at_once = threading.Lock()

    def event(self, event: str, **facts: Any) -> None:
        """One line; it is there at once, in a pipe, too."""
        text = json.dumps({"event": event, **facts}, ensure_ascii=False) + "\n"
        with self._one_at_once:
            sys.stdout.write(text)
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
        """A note that it has begun, and now and then that it goes on."""
        self.line(title)

        def beat(so_far: float) -> None:
            self.event("busy", text=title, seconds=round(so_far, 1))

        with heartbeat(BETWEEN_BEATS, beat):
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
