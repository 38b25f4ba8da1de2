"""Work that runs a network before and between trials, kept away from this process on a card.

A process that has used a card holds some of its memory to its end, and children may not inherit
that: on a card such work is done in a process of its own, which ends with it.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any, TypeVar

from autodistill.errors import AutodistillError
from autodistill.prepare.teacher_tuning import LONGEST_SECONDS, PRELOAD, check
from autodistill.runtime.device import Device
from autodistill.runtime.progress import Tick
from autodistill.runtime.workers import Ended, LocalWorkers

Result = TypeVar("Result")


@dataclass(frozen=True)
class _Job:
    number: int
    work: Callable[..., Any]
    given: tuple[Any, ...]


def unseen(*_: int) -> None:
    """Progress that nobody sees."""


def run_on(
    device: Device, what: str, work: Callable[..., Result], *given: Any, tick: Tick
) -> Result:
    """`work(*given, tick)`: here on a CPU, else in a process of its own.

    There, `work` is a function of a module, and what it is given and returns can be pickled. An
    error of this package is raised here; `what` names the work for others.
    """
    if device.is_cpu:
        return work(*given, tick)
    pool, found = LocalWorkers(_run, None, workers=1, preload=PRELOAD), None
    with closing(pool.events_of([_Job(0, work, given)], LONGEST_SECONDS)) as events:
        for event in events:
            if isinstance(event, Ended):
                check(event, what)
                error, found = event.result
                if error is not None:
                    raise error
            else:
                event.reply(False)
                tick(event.step, round(event.value))
    return found  # type: ignore[return-value]


def _run(_: None, job: _Job, report: Callable[[int, float], bool]) -> tuple[Any, Any]:
    def tick(done: int, total: int) -> None:
        report(done, float(total))

    try:
        return None, job.work(*job.given, tick)
    except AutodistillError as error:
        return error, None
