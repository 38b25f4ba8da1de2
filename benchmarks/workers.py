"""Speed-up by workers: equal trials, with one worker and with several."""

import time
from collections.abc import Callable
from typing import Any

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.runtime.workers import Ended, LocalWorkers
from autodistill.study.pipeline import Pipeline
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

TIMEOUT_SECONDS = 3600.0


def workers(
    data: TrialData,
    pipeline: Pipeline,
    *,
    rows: int,
    trials: int,
    counts: tuple[int, ...],
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Trials a minute for each number of workers, and ratios to the first number.

    After one trial that starts the fork server.
    """
    spread(data, TrialSpec(0, pipeline, 0, rows, 1), 1, 1)
    found: dict[str, Any] = {}
    for count in counts:
        seconds = spread(data, TrialSpec(0, pipeline, 0, rows, 1), count, trials)
        found[f"per_minute_with_{count}"] = 60 * trials / seconds
        found[f"ratio_with_{count}"] = (
            found[f"per_minute_with_{count}"] / found[f"per_minute_with_{counts[0]}"]
        )
        say(f"{trials} trials with {count} workers: {seconds:.1f} s")
    return found


def spread(data: TrialData, ticket: TrialSpec, count: int, trials: int) -> float:
    """Seconds of `count` workers for equal trials; RuntimeError when one fails."""
    pool = LocalWorkers(run_trial, data, workers=count, preload=PRELOAD)
    begin, started, ended = time.perf_counter(), 0, 0
    try:
        while ended < trials:
            while pool.free and started < trials:
                pool.start(
                    TrialSpec(started, ticket.pipeline, 0, ticket.rows, ticket.epochs),
                    TIMEOUT_SECONDS,
                )
                started += 1
            for event in pool.wait(0.5):
                if not isinstance(event, Ended):
                    event.reply(False)
                elif event.status != "done":
                    raise RuntimeError(f"trial {event.number} {event.status}: {event.error}")
                else:
                    ended += 1
    finally:
        pool.stop()
    return time.perf_counter() - begin
