"""Overhead of a trial: its wall time over that of a plain PyTorch loop.

Both do the same steps.
"""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import torch

from autodistill.registry import families
from autodistill.study.pipeline import Pipeline
from autodistill.training import batches as rows_as_tensors
from autodistill.training import judge, module, trial
from autodistill.training.malloc import kept_memory
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from benchmarks.by_hand import Criterion, get_ready, train_by_hand
from benchmarks.stopwatch import Stopwatch, timed

Run = tuple[float, float, tuple[tuple[int, float], ...]]
"""Wall seconds, seconds of the processor, curve."""


def never(_: int, __: float) -> bool:
    """The reply to reports of a run that is never stopped."""
    return False


def overhead(
    data: TrialData,
    pipeline: Pipeline,
    *,
    rows: int,
    epochs: int,
    repeats: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Ratios of alternating pairs of runs, and the parts of a trial's seconds.

    Both alternate `repeats` times, after one warm-up of each.
    """
    torch.set_num_threads(1)
    ticket = TrialSpec(-1, pipeline, 0, rows, epochs)
    ready = get_ready(data, ticket, teacher_layers(data, ticket))
    run_trial(data, ticket, never)
    train_by_hand(data, ticket, ready)
    trials: list[Run] = []
    hands: list[Run] = []
    for turn in range(repeats):
        pair = (_trial, _hand) if turn % 2 else (_hand, _trial)
        for run in pair:
            run(data, ticket, ready, trials if run is _trial else hands)
        say(
            f"pair {turn + 1} of {repeats}: trial {trials[-1][0]:.3f} s, "
            f"by hand {hands[-1][0]:.3f} s"
        )
    ratios = sorted(t[0] / h[0] for t, h in zip(trials, hands))
    return {
        "steps": sum(map(len, ready.epochs)),
        "ratio": median(ratios),
        "ratio_lowest": ratios[0],
        "ratio_highest": ratios[-1],
        "cpu_ratio": median(t[1] / h[1] for t, h in zip(trials, hands)),
        "trial_seconds": median(t[0] for t in trials),
        "by_hand_seconds": median(h[0] for h in hands),
        "same_curve": trials[0][2] == hands[0][2],
        "seconds": breakdown(data, ticket),
    }


def breakdown(data: TrialData, ticket: TrialSpec) -> dict[str, float]:
    """Seconds of one trial by part; `rest` is Lightning, our own glue, the diagnosis."""
    watch = Stopwatch(whole=("student", "evaluation", "diagnosis"))
    points = [
        (families.get("students", ticket.pipeline.student.name), "build", "student"),
        (rows_as_tensors.Stream, "__iter__", "data"),
        (module.Distill, "training_step", "forward"),
        (torch.Tensor, "backward", "backward"),
        (torch.optim.AdamW, "step", "optimizer"),
        (module.Distill, "configure_gradient_clipping", "clipping"),
        (torch.optim.lr_scheduler.LambdaLR, "step", "schedule"),
        (judge, "predict", "evaluation"),
        (trial, "diagnose", "diagnosis"),
    ]
    with timed(watch, *points):
        run_trial(data, ticket, never)
    return dict(sorted(watch.seconds.items(), key=lambda pair: -pair[1]))


def teacher_layers(data: TrialData, ticket: TrialSpec) -> tuple[int, ...]:
    """Layers of the teacher that this spec's terms use."""
    student = families.build(
        "students", ticket.pipeline.student.name, ticket.pipeline.student.knobs
    )
    return Criterion(
        data, ticket, student.build(data.backbone, data.vocabularies[student.vocabulary])
    ).teacher_layers


def _trial(data: TrialData, ticket: TrialSpec, _: Any, into: list[Run]) -> None:
    begin, cpu = time.perf_counter(), time.process_time()
    found = run_trial(data, ticket, never)
    into.append((time.perf_counter() - begin, time.process_time() - cpu, found.curve))


def _hand(data: TrialData, ticket: TrialSpec, ready: Any, into: list[Run]) -> None:
    with kept_memory():  # in a trial it is not overhead: both have it
        ended = train_by_hand(data, ticket, ready)
    into.append((ended.seconds, ended.cpu_seconds, ended.curve))
