"""Requests that wait for the network, joined into passes by a thread of its own.

Requests that came while the network was busy go together. Where they came together before, more
are awaited for a moment; one client alone never waits.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

MOST_TOKENS = 16_384
"""Tokens of a pass, padding included: what `predict` gives to a network of 512 tokens at once."""
MOST_WAITING = 64 * MOST_TOKENS
"""Tokens of requests that wait."""
STEP_SECONDS, MOST_STEPS = 0.002, 10
"""Others are awaited for a step, and for more steps while they come."""
Answers = list[dict[str, Any]]


class BusyError(Exception):
    """More requests wait than the server takes."""


@dataclass(frozen=True)
class Question:
    """Inputs of one client, checked; a pass holds requests of one kind."""

    inputs: Sequence[Any]
    tokens: int
    """Tokens of the longest input, or what an image costs in tokens."""
    kind: Hashable = None

    @property
    def cost(self) -> int:
        """Tokens in a pass of its own."""
        return len(self.inputs) * self.tokens


Waiting = tuple[Question, asyncio.Future[Answers]]
Settled = tuple[asyncio.Future[Answers], Answers | Exception]


class Passes:
    """A queue of requests and the thread that answers them in their order."""

    def __init__(self, answer: Callable[[Sequence[Any], int], Answers], *, most_rows: int) -> None:
        """`answer` takes inputs and how many of them may go through the network at once."""
        self._answer, self._most_rows = answer, most_rows
        self._waiting, self._cost = deque[Waiting](), 0
        self._changed = threading.Condition()
        self.is_busy = False
        """Whether a pass is under way."""
        # a daemon: a pass of many seconds does not keep the process from ending
        threading.Thread(target=self._work, name="passes", daemon=True).start()

    def submit(self, question: Question) -> asyncio.Future[Answers]:
        """Queue a question; raises BusyError. One that finds the queue empty is always taken."""
        answers = asyncio.get_running_loop().create_future()
        with self._changed:
            if self._waiting and self._cost + question.cost > MOST_WAITING:
                raise BusyError
            self._waiting.append((question, answers))
            self._cost += question.cost
            self._changed.notify()
        return answers

    def _work(self) -> None:
        together = False
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
            if together:
                self._await_others()
            with self._changed:
                part = self._take()
            together = len(part) > 1
            self.is_busy = True
            settled = self._pass(part)
            self.is_busy = False
            with suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                # once for all: every call wakes the loop, which then holds Python's lock
                part[0][1].get_loop().call_soon_threadsafe(_settle, settled)

    def _await_others(self) -> None:
        """Wait while clients that were answered together ask again."""
        count = len(self._waiting)
        for _ in range(MOST_STEPS):
            time.sleep(STEP_SECONDS)  # not for each one that comes: that would take the loop's time
            before, count = count, len(self._waiting)
            if count == before or count >= self._most_rows:
                return

    def _take(self) -> list[Waiting]:
        """The first question, and those behind it that fit beside it."""
        part = [self._waiting.popleft()]
        first = part[0][0]
        rows, longest = len(first.inputs), first.tokens
        while self._waiting and self._waiting[0][0].kind == first.kind:
            question = self._waiting[0][0]
            rows, longest = rows + len(question.inputs), max(longest, question.tokens)
            if rows > self._most_rows or rows * longest > MOST_TOKENS:
                break
            part.append(self._waiting.popleft())
        self._cost -= sum(question.cost for question, _ in part)
        return part

    def _pass(self, part: Sequence[Waiting]) -> list[Settled]:
        """Answers of these requests, of each by itself where together they fail."""
        inputs = [x for question, _ in part for x in question.inputs]
        longest = max(question.tokens for question, _ in part)
        try:
            found = self._answer(inputs, max(1, min(self._most_rows, MOST_TOKENS // longest)))
        except Exception as error:
            if len(part) == 1:
                return [(part[0][1], error)]
            return [settled for each in part for settled in self._pass([each])]
        answers = iter(found)
        return [(future, [next(answers) for _ in question.inputs]) for question, future in part]


def _settle(settled: Sequence[Settled]) -> None:
    for future, found in settled:
        if future.done():  # cancelled: its client is gone
            continue
        if isinstance(found, Exception):
            future.set_exception(found)
        else:
            future.set_result(found)
