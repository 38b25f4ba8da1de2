"""Cost of handing a trial to an engine: a Ray cluster of this machine beside local processes."""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.runtime.engine import Engine
from autodistill.runtime.ray_cluster import connect
from autodistill.runtime.ray_workers import RayWorkers
from autodistill.runtime.workers import Ended, LocalWorkers
from autodistill.training.rungs import RUNGS, Report

WARM = 5
"""Trials that come first and are not counted: libraries are loaded."""


@dataclass(frozen=True)
class Ticket:
    """A trial."""

    number: int


def nothing(data: Any, ticket: Ticket, report: Report) -> int:
    """Report at each rung, compute nothing."""
    for step in range(1, len(RUNGS) + 1):
        report(step, 0.5)
    return ticket.number


def overhead(trials: int) -> Mapping[str, float]:
    """Milliseconds from the start of a trial to its end, each with all of its reports answered."""
    cluster = connect("local")
    engines: dict[str, Engine] = {
        "ray": RayWorkers(cluster, nothing, None, workers=1),
        "processes": LocalWorkers(nothing, None, workers=1, preload=PRELOAD),
    }
    try:
        found: dict[str, list[float]] = {name: [] for name in engines}
        for number in range(trials + WARM):
            for name, engine in engines.items():
                found[name].append(_seconds(engine, number))
    finally:
        for engine in engines.values():
            with suppress(RuntimeError):
                engine.stop()
        cluster.close()
    return {k: v for name, each in found.items() for k, v in _told(name, each[WARM:]).items()}


def _seconds(engine: Engine, number: int) -> float:
    begin = time.perf_counter()
    engine.start(Ticket(number), 60.0)
    while True:
        for event in engine.wait(1.0):
            if isinstance(event, Ended):
                assert event.result == number, event.error
                return time.perf_counter() - begin
            event.reply(False)


def _told(name: str, seconds: Sequence[float]) -> dict[str, float]:
    low, middle, high = 1e3 * np.quantile(seconds, (0.1, 0.5, 0.9))
    return {f"{name}_ms": middle, f"{name}_ms_10th": low, f"{name}_ms_90th": high}
