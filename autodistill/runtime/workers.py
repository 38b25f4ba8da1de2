"""Local worker processes: one forked process and one torch thread per trial.

A crash, a leak, a hang or an out-of-memory kill costs one trial. Workers never open the database
and get no signal that a whole group gets: the coordinator decides. On a card, where a process
takes longer to begin than a short trial to run, a process stays for the next trial of its place.
"""

import signal
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from typing import Any

from autodistill.registry import registered
from autodistill.runtime import interrupts
from autodistill.runtime.launch import launching, preloading
from autodistill.runtime.worker_process import Run, serve

OWN_SIGNALS = {signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE}
"""Signals that a fault in native code raises in its own process."""
ASLEEP = 10.0
"""Seconds beyond a wait's own in which nothing ran: machine and workers slept."""


@dataclass(frozen=True)
class Reported:
    """An intermediate value; the worker waits for `reply(stop)`."""

    number: int
    step: int
    value: float
    reply: Callable[[bool], None]


@dataclass(frozen=True)
class Ended:
    """The end of a worker: with a result, or with an error and the kind of end."""

    number: int
    status: str
    """done | failed | out_of_memory | killed | crashed | timeout | lost.

    failed: an exception; killed: by a signal from outside; crashed: by a signal of its own, or
    without a message; lost: stopped with the coordinator.
    """
    result: Any
    error: str
    seconds: float


@dataclass
class _Live:
    number: int
    place: int
    process: Any
    deadline: float
    begin: float
    asked: float | None = None
    """When it reported: until it is answered, no time of the trial passes."""


class LocalWorkers:
    """A pool of processes, forked from a server with preloaded modules."""

    def __init__(
        self,
        run: Run,
        data: Any,
        *,
        workers: int,
        preload: Sequence[str],
        places: Sequence[Any] = (),
        stays: bool = False,
    ) -> None:
        """`places`: data for each of the workers, in place of `data`.

        `stays`: a process that has ended a trial well runs the next one of its place.
        """
        self.run = run
        self.places = tuple(places) or (data,) * workers
        self.stays = stays
        self.context = preloading(preload)
        self.live: dict[Any, _Live] = {}
        self.idle: dict[int, tuple[Any, Any]] = {}
        """Pipe and process by place."""

    @property
    def running(self) -> int:
        """Number of trials that run now."""
        return len(self.live)

    @property
    def free(self) -> int:
        """Number of trials that may start now."""
        return len(self.places) - len(self.live)

    def warm(self) -> None:
        """Wait until the fork server has loaded its modules; start it where it does not run."""
        with interrupts.held(), launching(self.run.__module__):
            process = self.context.Process(target=bool, daemon=True)
            process.start()
        process.join()

    def start(self, ticket: Any, timeout_seconds: float) -> None:
        """Begin one trial; `ticket.number` names it in events."""
        taken = {x.place for x in self.live.values()}
        place = next(n for n in range(len(self.places)) if n not in taken)
        with interrupts.held():
            pipe, process = self._rested(place, ticket) or self._forked(place, ticket)
            now = time.monotonic()
            self.live[pipe] = _Live(ticket.number, place, process, now + timeout_seconds, now)

    def _rested(self, place: int, ticket: Any) -> tuple[Any, Any] | None:
        """The process that waits at this place, given the trial; None if it waits no more."""
        pipe, process = self.idle.pop(place, (None, None))
        if pipe is None:
            return None
        try:
            if pipe.poll():  # it has nothing to say while it waits: it has ended
                raise EOFError
            pipe.send(ticket)
        except (OSError, EOFError):
            pipe.close()
            return None
        return pipe, process

    def _forked(self, place: int, ticket: Any) -> tuple[Any, Any]:
        ours, theirs = self.context.Pipe()
        asked = (theirs, self.run, self.places[place], ticket, registered.pack(), self.stays)
        process = self.context.Process(target=serve, args=asked, daemon=True)
        with launching(self.run.__module__):
            try:
                process.start()
            except BaseException:
                if process.pid is not None:
                    process.kill()
                raise
            theirs.close()
        return ours, process

    def wait(self, seconds: float) -> list[Reported | Ended]:
        """Events since the last call; blocks at most this long for one."""
        events: list[Reported | Ended] = []
        begin = time.monotonic()
        ready = connection.wait(list(self.live), timeout=seconds)
        if (asleep := time.monotonic() - begin - seconds) > ASLEEP:
            for each in (x for x in self.live.values() if x.asked is None):
                each.deadline, each.begin = each.deadline + asleep, each.begin + asleep
        for pipe in ready:
            try:
                message = pipe.recv()  # type: ignore[union-attr,call-arg]
            except (EOFError, OSError):
                self.live[pipe].process.join(1)
                events.append(self._end(pipe, *death(self.live[pipe].process.exitcode)))
                continue
            match message:
                case ("report", step, value):
                    self.live[pipe].asked = time.monotonic()
                    answer = partial(self._answer, pipe)
                    events.append(Reported(self.live[pipe].number, step, value, answer))
                case ("done", result):
                    events.append(self._done(pipe, result))
                case ("error", status, text):
                    events.append(self._end(pipe, status, text))
        now = time.monotonic()
        for pipe in [p for p, x in self.live.items() if x.asked is None and now > x.deadline]:
            self.live[pipe].process.kill()
            events.append(
                self._end(
                    pipe, "timeout", f"still running after {now - self.live[pipe].begin:.0f} s"
                )
            )
        return events

    def events_of(
        self, waiting: Sequence[Any], timeout_seconds: float
    ) -> Generator[Reported | Ended, None, None]:
        """All events of these trials, which run as places come free; none is left at the end."""
        left = list(waiting)
        try:
            while left or self.live:
                while left and self.free:
                    self.start(left.pop(0), timeout_seconds)
                yield from self.wait(0.5)
        finally:
            self.stop()

    def stop(self) -> list[int]:
        """Kill all processes; returns the numbers of the trials that they ran."""
        while self.idle:
            pipe, process = self.idle.popitem()[1]
            pipe.close()
            process.kill()
            process.join(5)
        numbers = [x.number for x in self.live.values()]
        for number in numbers:
            self.drop(number)
        return numbers

    def drop(self, number: int) -> None:
        """Kill the process of this trial, where it runs; no event tells of it."""
        for pipe in [p for p, x in self.live.items() if x.number == number]:
            self.live[pipe].process.kill()
            self._end(pipe, "lost", "interrupted")

    def _answer(self, pipe: Any, stop: bool) -> None:
        if (x := self.live.get(pipe)) is None or x.asked is None:
            return
        waited, x.asked = time.monotonic() - x.asked, None
        x.deadline, x.begin = x.deadline + waited, x.begin + waited
        try:
            pipe.send(stop)
        except OSError:
            return  # the worker died meanwhile; the next wait says so

    def _done(self, pipe: Any, result: Any) -> Ended:
        if not self.stays:
            return self._end(pipe, "done", "", result)
        x = self.live.pop(pipe)
        self.idle[x.place] = pipe, x.process
        return Ended(x.number, "done", result, "", time.monotonic() - x.begin)

    def _end(self, pipe: Any, status: str, error: str, result: Any = None) -> Ended:
        x = self.live.pop(pipe)
        pipe.close()
        x.process.join(5)
        return Ended(x.number, status, result, error, time.monotonic() - x.begin)


def death(code: int | None) -> tuple[str, str]:
    """(status, message) for a process that ended without one.

    Negative codes are signals.
    """
    if code is None or code >= 0:
        return "crashed", f"the worker process ended with exit code {code} and no message"
    name = signal.Signals(-code).name
    if -code in OWN_SIGNALS:
        return "crashed", f"the worker process crashed with {name}"
    hint = (
        ". If memory ran out (see the kernel log), use fewer --workers"
        if -code == signal.SIGKILL
        else ""
    )
    return "killed", f"the worker process was killed from outside with {name}{hint}"
