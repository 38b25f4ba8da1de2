"""Throughput of one coordinator with many workers, on SQLite and PostgreSQL.

Asking, reporting, stopping, storing and telling are those of a search; a pause takes the place of
each training.
"""

import multiprocessing as mp
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import Any

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.engine import Engine
from autodistill.runtime.workers import Ended, LocalWorkers, Reported
from autodistill.search.session import SearchSession
from autodistill.search.shared_workers import SharedWorkers
from autodistill.search.worker import JoinedWorker
from autodistill.storage import Store
from autodistill.storage.desk import Desk
from autodistill.storage.mailbox import Mailbox
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import TrialResult
from autodistill.training.rungs import RUNGS, Report
from autodistill.training.trial import TrialSpec
from benchmarks.materials import scratch_folder
from benchmarks.planted import PlantedPool, Truth
from benchmarks.search_ties import better_by
from benchmarks.sittings import Quiet, search_in
from tests.storage.servers import empty_databases, own_server

Say = Callable[[str], None]


@dataclass(frozen=True)
class Pause:
    """A stand-in for a training: so many seconds, on so many validation rows."""

    seconds: float
    rows: int

    @property
    def truth(self) -> Truth:
        """Scores of the trials."""
        return Truth(better_by(0.45), 0, self.rows)

    def of(self, rungs: int) -> float:
        """Seconds until so many rungs are reached."""
        return self.seconds * rungs / len(RUNGS)


class PausingPool(PlantedPool):
    """Trials that take their time, and wait at each rung for an answer."""

    def __init__(self, pause: Pause, workers: int) -> None:
        super().__init__(pause.truth, workers)
        self.pause = pause
        self.due: dict[int, float] = {}
        """When trials go on; never before they have an answer."""

    def start(self, ticket: TrialSpec, timeout_seconds: float) -> None:
        """Begin a trial."""
        super().start(ticket, timeout_seconds)
        self.due[ticket.number] = time.monotonic() + self.pause.of(1)

    def wait(self, seconds: float) -> Sequence[Reported | Ended]:
        """Events within this time."""
        left = min(self.due.values(), default=inf) - time.monotonic()
        time.sleep(max(0.0, min(seconds, left)))
        now = time.monotonic()
        return [self._event(number) for number, due in list(self.due.items()) if due <= now]

    def drop(self, number: int) -> None:
        """Forget a trial."""
        self.live.pop(number, None)
        self.due.pop(number, None)

    def _event(self, number: int) -> Reported | Ended:
        run = self.live[number]
        event = self._step(run)
        if isinstance(event, Ended):
            del self.due[number]
            return event
        self.due[number] = inf

        def reply(stop: bool) -> None:
            event.reply(stop)
            goes_on = bool(run.rungs) and not stop
            self.due[number] = time.monotonic() + (self.pause.of(1) if goes_on else 0.0)

        return Reported(event.number, event.step, event.value, reply)


def pause(about: Pause, ticket: TrialSpec, report: Report) -> TrialResult:
    """A trial of a worker process of this machine."""
    pool = PausingPool(about, 1)
    pool.start(ticket, 0.0)
    while True:
        for event in pool.wait(about.seconds):
            if isinstance(event, Ended):
                found: TrialResult = event.result
                return found
            event.reply(report(event.step, event.value))


class _NoInputs:
    """Trials that read nothing."""

    def __call__(self, pipeline: Pipeline, meanwhile: Any) -> tuple[()]:
        return ()

    def tutored(self, pipeline: Pipeline, meanwhile: Any) -> None:
        return None


def _work(url: str, study: str, about: Pause) -> None:
    """A process that joined from elsewhere: one trial at a time."""
    desk = Desk(Store(url).database, study)
    while (offer := desk.offer()) is None:
        time.sleep(0.1)
    if desk.join(secrets.token_hex(16), offer.token, 1, "cpu", {}):
        JoinedWorker(desk, PausingPool(about, 1), _NoInputs(), Quiet()).serve()


@contextmanager
def _joined(url: str, study: str, about: Pause, count: int) -> Iterator[Engine]:
    """An engine without places here, and so many processes that joined it."""
    Store(url).close()  # makes the tables; what is forked holds no connection
    context = mp.get_context("fork")
    processes = [context.Process(target=_work, args=(url, study, about)) for _ in range(count)]
    for process in processes:
        process.start()
    mailbox = Mailbox(Store(url).database, study)
    mailbox.open({})
    try:
        yield SharedWorkers(PausingPool(about, 0), mailbox, Quiet())
    finally:
        mailbox.close()
        for process in processes:
            process.join()


@contextmanager
def _here(about: Pause, count: int) -> Iterator[Engine]:
    """So many forked processes of this machine."""
    pool = LocalWorkers(pause, about, workers=count, preload=(*PRELOAD, __name__))
    pool.warm()
    yield pool


def writers(
    workspace: PreparedWorkspace,
    counts: Sequence[int],
    *,
    on_postgres: bool,
    trials: int,
    seconds: float,
    say: Say,
) -> dict[str, Any]:
    """For each number of workers: trials a minute, and the share of their time that trials take."""
    about = Pause(seconds, workspace.data.selection_rows)
    with own_server() if on_postgres else nullcontext() as server, scratch_folder() as folder:
        names = [f"writers{count}" for count in counts]
        urls = [str(folder / f"{name}.db") for name in names]
        if server:
            urls = empty_databases(server.url, len(counts), "writers")
        found: dict[str, Any] = {}
        for count, name, url in zip(counts, names, urls):
            engine = partial(_joined, url, name) if server else _here
            number = max(20, trials * count // max(counts))
            with engine(about, count) as pool:
                begin = time.perf_counter()
                record = search_in(
                    *(url, workspace, pool),
                    trials=number,
                    rows=800,
                    epochs=1,
                    sitting=SearchSession,
                    name=name,
                )
                took = time.perf_counter() - begin
            failed = [o.error for o in record.finished if o.status not in ("complete", "stopped")]
            if failed or len(record.finished) != number:
                raise RuntimeError(f"{len(record.finished)} of {number} trials ended; {failed[:3]}")
            busy = sum(about.of(len(o.curve)) for o in record.finished) / (count * took)
            found |= {f"per_minute_{count}": 60 * number / took, f"busy_{count}": busy}
            say(f"{count} workers: {number} trials in {took:.1f} s, busy {busy:.0%}")
    return found | {"efficiency": found[f"busy_{counts[-1]}"] / found[f"busy_{counts[0]}"]}
