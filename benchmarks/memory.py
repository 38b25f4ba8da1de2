"""Growth of a long search: memory after 30 trials and at the end, start-up time."""

import time
from collections.abc import Callable
from multiprocessing import forkserver
from statistics import median
from typing import Any

import psutil

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.workers import Ended, LocalWorkers, Reported
from autodistill.search.session import SearchSession
from autodistill.training.trial import TrialSpec
from benchmarks.child import FIRST_STEP, run_noted
from benchmarks.materials import scratch_folder
from benchmarks.sittings import search_in

SETTLED = 30
"""Trials after which memory is taken as that of a search under way."""


def memory(
    workspace: PreparedWorkspace,
    *,
    trials: int,
    rows: int,
    workers: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Run this many trials through the real loop; returns memory and start-up time.

    Memory in MB of the coordinator and of the fork server, start-up in seconds.
    """
    asked_at: dict[int, float] = {}
    seen: list[tuple[int, float, float]] = []

    class Noted(SearchSession):
        """A session that records when it asks, and the memory after every tenth end."""

        def next_ticket(self, *given: Any) -> TrialSpec:
            begin = time.monotonic()
            ticket = super().next_ticket(*given)
            asked_at[ticket.number] = begin
            return ticket

        def take(self, event: Reported | Ended) -> None:
            super().take(event)
            if isinstance(event, Ended) and (
                self.finished % 10 == 0 or self.finished in (min(SETTLED, trials), trials)
            ):
                seen.append((self.finished, *_resident()))
                say(
                    "after {} trials: coordinator {:.1f} MB, fork server {:.1f} MB".format(
                        *seen[-1]
                    )
                )

    pool = LocalWorkers(run_noted, workspace.data, workers=workers, preload=PRELOAD)
    with scratch_folder() as folder:
        record = search_in(
            *(str(folder / "measured.db"), workspace, pool),
            trials=trials,
            rows=rows,
            epochs=1,
            sitting=Noted,
        )
    starts = sorted(
        o.cost[FIRST_STEP] - asked_at[o.number] for o in record.outcomes if FIRST_STEP in o.cost
    )
    settled = next(s for s in seen if s[0] >= min(SETTLED, trials))
    return {
        "finished": len(record.finished),
        "failed": sum(bool(o.error) for o in record.outcomes),
        "coordinator_mb_settled": settled[1],
        "coordinator_mb_end": seen[-1][1],
        "coordinator_ratio": seen[-1][1] / settled[1],
        "fork_server_mb_settled": settled[2],
        "fork_server_mb_end": seen[-1][2],
        "fork_server_ratio": seen[-1][2] / settled[2],
        "start_seconds": median(starts),
        "start_seconds_lowest": starts[0],
        "start_seconds_ninth_tenth": starts[int(0.9 * (len(starts) - 1))],
    }


def _resident() -> tuple[float, float]:
    """MB of this process and of the fork server; a worker's own memory goes with it."""
    server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    sizes = [psutil.Process(pid).memory_info().rss / 1e6 for pid in (None, server)]
    return sizes[0], sizes[1]
