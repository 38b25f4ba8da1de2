"""A screen for programs: one JSON object a line on standard output, prose nowhere."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from rich.console import Console

from autodistill.runtime.heartbeat import heartbeat
from autodistill.runtime.progress import Screen, Tick

SILENCE = 3.6
"""Seconds without a line after which what goes on is said again; it is looked at four times."""


class JsonScreen(Screen):
    """Events in place of lines, bars and answers; each has the name of its kind in `event`."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = self.answers = Console(quiet=True)
        self._heard = time.monotonic()
        self._one_at_once = threading.RLock()
        self._going_on: Callable[[], str] = lambda: "beginning"

    def event(self, event: str, **facts: Any) -> None:
        """One line; it is there at once, in a pipe, too."""
        text = json.dumps({"event": event, **facts}, ensure_ascii=False) + "\n"
        with self._one_at_once:
            sys.stdout.write(text)
            sys.stdout.flush()
            self._heard = time.monotonic()

    def line(self, text: str) -> None:
        """A note for people."""
        self.event("note", text=text.strip())

    @contextmanager
    def live(self, lines: Callable[[], Sequence[str]]) -> Iterator[None]:
        """Nothing is drawn; how it goes is said now and then."""
        with self._never_silent(lambda: self.event("running", text=self._going_on())):
            yield

    def pulse(self, text: Callable[[], str]) -> None:
        """Set the text that `live` repeats from now on."""
        self._going_on = text

    @contextmanager
    def busy(self, title: str) -> Iterator[None]:
        """A note that it has begun, and now and then that it goes on."""
        self.line(title)
        with self._never_silent(lambda: self.event("busy", text=title)):
            yield

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields tick(done, total), which is an event now and then and at its end."""
        so_far: tuple[int, int | None] = 0, None

        def say() -> None:
            self.event("progress", title=title, done=so_far[0], total=so_far[1])

        def tick(done: int, total: int) -> None:
            nonlocal so_far
            so_far = done, total
            if done == total:
                say()

        with self._never_silent(say):
            yield tick

    @contextmanager
    def _never_silent(self, say: Callable[[], None]) -> Iterator[None]:
        def look(_: float) -> None:
            if time.monotonic() - self._heard >= SILENCE:
                with suppress(RuntimeError):  # the main thread changed what is read: next time
                    say()

        with heartbeat(SILENCE / 4, look):
            yield
