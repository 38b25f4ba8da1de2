"""Trials shared out to this machine and to those that joined the search.

A worker that joined gets a trial and a mailbox; this process alone asks and tells. A worker that is
silent for too long, or that left, gives its trials back; what it says of them later is refused.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from autodistill.runtime.engine import Engine
from autodistill.runtime.progress import Screen
from autodistill.runtime.workers import ASLEEP, Ended, Reported
from autodistill.search.orders import end_of, spec_to_dict
from autodistill.storage.lease import HEARTBEAT_SECONDS
from autodistill.storage.mailbox import Joined, Mailbox, Order
from autodistill.training.trial import TrialSpec

POLL_SECONDS = 0.1
"""Between two looks at trials that run elsewhere."""
ROLL_CALL_SECONDS = 0.5
"""Between two looks at who is there."""


@dataclass
class _Given:
    """A trial that a worker runs."""

    number: int
    worker: str
    begin: float
    step: int | None = None
    """The last report that was passed on."""


class SharedWorkers:
    """Places for trials on this machine, and on all that joined."""

    def __init__(
        self,
        local: Engine,
        mailbox: Mailbox,
        screen: Screen,
        *,
        silence_seconds: float = HEARTBEAT_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """After `silence_seconds` without a sign of life a worker is gone."""
        self.local = local
        self.mailbox = mailbox
        self.screen = screen
        self.silence_seconds = silence_seconds
        self.now = now
        self.given: dict[str, _Given] = {}
        """Trials that run elsewhere, by the id of their order."""
        self.joined: dict[str, Joined] = {}
        self.called = self.awake = now()
        """The last roll-call, and the first one after the last long pause."""

    @property
    def running(self) -> int:
        """Number of trials that run now."""
        return self.local.running + len(self.given)

    @property
    def free(self) -> int:
        """Number of trials that may start now."""
        return self.local.free + sum(map(self._free, self.joined.values()))

    def start(self, ticket: TrialSpec, timeout_seconds: float) -> None:
        """Begin one trial: here where there is room, else where there is most."""
        if self.local.free:
            self.local.start(ticket, timeout_seconds)
            return
        order, worker = secrets.token_hex(16), max(self.joined.values(), key=self._free).id
        self.given[order] = _Given(ticket.number, worker, self.now())
        self.mailbox.give(order, worker, spec_to_dict(ticket, timeout_seconds))

    def wait(self, seconds: float) -> list[Reported | Ended]:
        """Events since the last call; blocks at most this long for one."""
        end = self.now() + seconds
        while True:
            left = max(0.0, end - self.now())
            events = list(self.local.wait(min(left, POLL_SECONDS) if self.given else left))
            if self.now() - self.called >= ROLL_CALL_SECONDS:
                events += self._call_the_roll()
            if self.given:
                events += self._read()
            if events or self.now() >= end:
                return events

    def stop(self) -> list[int]:
        """End all trials; returns the numbers of those that ran."""
        numbers = [*self.local.stop(), *(each.number for each in self.given.values())]
        self.given.clear()
        self.mailbox.take_back()
        return numbers

    def _free(self, worker: Joined) -> int:
        taken = sum(each.worker == worker.id for each in self.given.values())
        return max(0, worker.places - taken)

    def _read(self) -> list[Reported | Ended]:
        """Reports and ends of trials since the last look."""
        events: list[Reported | Ended] = []
        for order in self.mailbox.orders():
            given = self.given.get(order.id)
            if given is None:
                continue
            if order.ended is not None:
                self.mailbox.take(order.id)
                del self.given[order.id]
                events.append(end_of(given.number, order.ended))
            elif order.step is not None and order.step != given.step:
                given.step = order.step
                events.append(self._report(given.number, order))
        return events

    def _report(self, number: int, order: Order) -> Reported:
        assert order.step is not None
        value = float("nan") if order.value is None else order.value
        answer = partial(self.mailbox.reply, order.id, order.step)
        return Reported(number, order.step, value, answer)

    def _call_the_roll(self) -> list[Ended]:
        """Ends of the trials of workers that left or are silent; notes who joined.

        Silence says nothing where nobody looked: the machine slept, or the database was gone.
        """
        now = self.now()
        if now - self.called > ASLEEP:
            self.awake = now
        self.called = now
        ends: list[Ended] = []
        there = {worker.id: worker for worker in self.mailbox.workers()}
        for worker in there.values():
            where = f"{worker.host}, process {worker.process}"
            if worker.id not in self.joined and worker.places:
                self.screen.line(f"worker    {where} joined; trials at once: {worker.places}")
            silent = min(worker.silent_seconds, now - self.awake)
            if not worker.places:
                ends += self._lose(worker, "lost", f"its worker ({where}) left")
            elif silent > self.silence_seconds:
                why = f"its worker ({where}) has not been heard of for {silent:.0f} s"
                ends += self._lose(worker, "killed", why)
            else:
                self.joined[worker.id] = worker
        return ends

    def _lose(self, worker: Joined, status: str, why: str) -> list[Ended]:
        self.mailbox.dismiss(worker.id)
        self.joined.pop(worker.id, None)
        lost = {k: each for k, each in self.given.items() if each.worker == worker.id}
        for order in lost:
            del self.given[order]
        self.screen.line(
            f"worker    {worker.host}, process {worker.process} "
            f"{'left' if status == 'lost' else 'is gone'}; trials put back: {len(lost)}"
        )
        return [
            Ended(each.number, status, None, why, self.now() - each.begin) for each in lost.values()
        ]
