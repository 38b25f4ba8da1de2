"""One trial, as a worker process runs it: plain data in, plain data out, nothing else touched."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill.registry import families
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import TrialResult, as_bytes
from autodistill.training.assemble import make
from autodistill.training.begun import checkpointed
from autodistill.training.fit import fit
from autodistill.training.membership import LEAK, leak
from autodistill.training.micro_batches import once, with_less_memory
from autodistill.training.predictions import diagnose
from autodistill.training.rungs import Report
from autodistill.training.shapes import count
from autodistill.training.signals import Shard
from autodistill.training.trial_data import TrialData, TutorSignals


@dataclass(frozen=True)
class TrialSpec:
    """One run to do."""

    number: int
    pipeline: Pipeline
    seed: int
    rows: int
    """Visits of an epoch, in each view: of labelled rows, drawn once from all, and of the transfer
    set."""
    epochs: int
    baseline: str = ""
    """One of record.CONTROLS; `random` gives every row the teacher's answer to another one."""
    views: tuple[Shard, ...] = ()
    """Views by the pipeline's augmentation, in the student's vocabulary.

    Rows as in TrialData.shards.
    """
    tutored: TutorSignals | None = None
    """Signals of the pipeline's tutor."""

    @property
    def key(self) -> str:
        """A name within its study, the same for a run that was put back and is begun again."""
        return f"{self.pipeline.key}-{self.seed}-{self.rows}-{self.epochs}-{self.baseline}"


def run_trial(
    data: TrialData,
    ticket: TrialSpec,
    report: Report,
    *,
    threads: int = 1,
    unfinished: Path | None = None,
) -> TrialResult:
    """Build the student, train it on a seeded subset, score it.

    Where memory runs out it is done once more, with each batch in two halves. `unfinished` is where
    the names of files begin from which a killed trial goes on after its last whole epoch.
    """
    torch.set_num_threads(threads)
    if (device := data.device).memory_share < 1:
        torch.cuda.set_per_process_memory_fraction(device.memory_share, device.index)
    told = once(report)
    file = unfinished and unfinished.with_name(f"{unfinished.name}-{ticket.key}")
    return with_less_memory(lambda parts: _run(data, ticket, told, parts, file), device)


def _run(
    data: TrialData, ticket: TrialSpec, report: Report, micro_batches: int, file: Path | None
) -> TrialResult:
    rows = np.sort(np.random.default_rng(ticket.seed).permutation(data.train_rows)[: ticket.rows])
    selection = np.arange(data.train_rows, data.train_rows + data.selection_rows)
    made = make(
        data,
        ticket.pipeline,
        rows=rows,
        selection=selection,
        epochs=ticket.epochs,
        seed=ticket.seed,
        views=ticket.views,
        tutored=ticket.tutored,
        shuffled=ticket.baseline == "random",
        visits=ticket.rows if ticket.rows > len(rows) else 0,
    )
    network, shard = made.network, made.shard
    with checkpointed(made.plan, file, micro_batches) as plan:
        result = fit(network, shard, plan, report)
    complete = not result.stopped
    judged = shard if data.teacher_known else replace(shard, signals=None)
    leaks = (
        {LEAK: leak(network, shard, rows, selection, device=data.device)} if data.privacy else {}
    )
    decide = families.build("metrics", data.metric, {}).decide
    return TrialResult(
        status="complete" if complete else "stopped",
        score=result.curve[-1][1],
        curve=result.curve,
        fidelity={"rows": ticket.rows, "epochs": ticket.epochs},
        cost={
            "train_seconds": result.train_seconds,
            "evaluation_seconds": result.evaluation_seconds,
            **({"micro_batches": micro_batches} if micro_batches > 1 else {}),
            **_counted(network, data),
        },
        metrics={
            **(diagnose(result.logits, judged, selection, data.metric) if complete else {}),
            **leaks,
        },
        predictions=as_bytes(decide(result.logits)) if complete else b"",
    )


def _counted(network: Any, data: TrialData) -> dict[str, float]:
    """Parameters and bytes after training; a file's bytes are known from before."""
    found = count(network)
    return {k: v for k, v in found.items() if not (data.target and k == "size_bytes")}
