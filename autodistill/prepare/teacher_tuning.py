"""Fine-tuning of a teacher, once per dataset: a process per member, which share the cores."""

import errno
import os
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from autodistill.errors import TeacherError
from autodistill.runtime.progress import Tick
from autodistill.runtime.workers import Ended, LocalWorkers
from autodistill.training.teacher import (
    ACCURACY,
    Member,
    TuneData,
    join_members,
    tune_member,
)

PRELOAD = ("autodistill.training.preload", "autodistill.cli.app")
"""Modules that the fork server, one per process, imports once.

All that a trial needs, and the command line, which Python imports again in every child.
"""
LONGEST_SECONDS = 7 * 24 * 3600.0


@dataclass(frozen=True)
class _Job:
    """One member of one fine-tuning."""

    number: int
    member: int
    data: TuneData


@dataclass(frozen=True)
class _Run:
    """Progress of one member."""

    done: int = 0
    total: int = 0


def tune(
    data: TuneData, tick: Tick, workers: int = 0, say: Callable[[str], None] = lambda _: None
) -> float:
    """Write the tuned classifier and its tokenizer to `data.target`; returns seconds.

    Members that ended before an interruption are not trained again. `say` gets the accuracy so
    far. Raises TeacherError when a member breaks.
    """
    begin = time.perf_counter()
    tune_all((data,), tick, workers, say)
    return time.perf_counter() - begin


def tune_all(
    several: Sequence[TuneData],
    tick: Tick,
    workers: int = 0,
    say: Callable[[str], None] = lambda _: None,
) -> None:
    """The same for several teachers at once."""
    all_members = [(data, n) for data in several for n in range(data.tuning.members)]
    missing = [(data, n) for data, n in all_members if not data.weights(n).exists()]
    waiting = [_Job(place, n, data) for place, (data, n) in enumerate(missing)]
    runs = {job.number: _Run() for job in waiting}
    pool = LocalWorkers(_train, None, workers=workers or cores(), preload=PRELOAD)
    with closing(pool.events_of(waiting, LONGEST_SECONDS)) as events:
        for event in events:
            if isinstance(event, Ended):
                check(event, "fine-tuning the teacher")
                continue
            event.reply(False)
            if event.step == ACCURACY:
                say(f"accuracy {event.value:.3f} so far on rows kept out")
                continue
            runs[event.number] = _Run(event.step, round(event.value))
            each = max(r.total for r in runs.values())
            tick(sum(r.done for r in runs.values()), each * len(runs))
    for data in several:
        join_members(data)


def _train(_: None, job: _Job, report: Any) -> dict[str, Any]:
    return tune_member(job.data, Member(job.member), report)


def cores() -> int:
    """Number of cores that this process may use."""
    return len(os.sched_getaffinity(0))


def check(event: Ended, what: str) -> None:
    """Raise the error of a process that ended with one; `what` names its work."""
    if event.status == "done":
        return
    if os.strerror(errno.ENOSPC) in event.error:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if event.status == "failed":  # a bug keeps its traceback
        raise RuntimeError(event.error)
    raise TeacherError(
        f"{what} was cut off: {event.error}. Run the same command again, with more memory free."
    )
