"""A card beside the CPU: do they agree, how fast is each, does memory grow?

With the CPU as the device it measures the CPU against itself, which tries the script.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from autodistill.datasets._tables import open_table
from autodistill.prepare.teacher_network import TeacherNetwork
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.runtime.device import CPU, Device
from autodistill.study.pipeline import Pipeline
from autodistill.testing import member_of
from autodistill.testing._batches import applied, batch, connected
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData

ANSWERS, HALVES, LOSS, SLOPE, SCORE = 1e-3, 0.1, 1e-4, 1e-3, 0.05
"""Largest differences: of answers in float32 and in bfloat16 relative to 1 plus their size, of a
loss and of its gradient in the same way, of the scores of a trial, whose draws are others."""
ASKED_ROWS = 64
Say = Callable[[str], None]


def gpu(
    workspace: PreparedWorkspace, pipeline: Pipeline, *, rows: int, trials: int, say: Say
) -> dict[str, Any]:
    """Differences with their tolerances, seconds and bytes; `agrees`: all are within."""
    torch.set_num_threads(1)
    device = workspace.device
    answers, losses = answer_parity(workspace), loss_parity(device, say)
    speed = trial_speed(workspace.data, pipeline, rows, say)
    far = {name: gap for name, gap in losses.items() if gap[0] > LOSS or gap[1] > SLOPE}
    agrees = (
        answers["float32"] <= ANSWERS
        and answers.get("bfloat16", 0.0) <= HALVES
        and not far
        and abs(speed["device_score"] - speed["cpu_score"]) <= SCORE
    )
    return {
        "device": str(device),
        "precision": device.precision,
        "answers": answers,
        "losses": len(losses),
        "losses_apart": far,
        **speed,
        "growth_bytes": growth(workspace.data, pipeline, rows, trials, say),
        "agrees": agrees,
    }


def answer_parity(workspace: PreparedWorkspace) -> dict[str, float]:
    """The largest difference of the teacher's answers from those of this CPU in float32."""
    table = open_table(workspace.tokens(workspace.teacher.folder, workspace.task.answered))
    asked = np.arange(min(ASKED_ROWS, len(table)))

    def of(device: Device) -> Any:
        return TeacherNetwork(workspace.data.backbone, device).ask(table, asked)[0]

    exact, device = of(CPU), workspace.device
    kinds = (device.exact, device) if device.bfloat16 else (device,)
    return {d.precision: float((np.abs(of(d) - exact) / (1 + np.abs(exact))).max()) for d in kinds}


def loss_parity(device: Device, say: Say) -> dict[str, tuple[float, float]]:
    """Differences of each loss and of its gradient; without those that draw at random."""
    found = dict[str, tuple[float, float]]()
    for name in families.names("losses"):
        first, again = (loss_at(name, CPU, seed) for seed in (2, 3))
        if not torch.equal(first[0], again[0]):
            continue  # its draws on a card are others
        gaps = [gap(ours, theirs) for ours, theirs in zip(first, loss_at(name, device, 2))]
        found[name] = gaps[0], gaps[1]
    say(f"losses: {len(found)} compared, largest difference {max(found.values())[0]:.1e}")
    return found


def loss_at(name: str, device: Device, seed: int) -> tuple[Tensor, Tensor]:
    """Value and gradient of a small batch on a device."""
    loss = connected(member_of("losses", name))
    given = {k: v.detach().to(device.place) for k, v in batch(loss).items()}
    given["student"].requires_grad_(True)
    torch.manual_seed(seed)
    value = applied(loss.to(device.place), given)
    torch.autograd.backward(value)
    slope = given["student"].grad
    assert slope is not None
    return value.detach().cpu(), slope.cpu()


def gap(first: Tensor, second: Tensor) -> float:
    """The largest difference, relative to 1 plus the size."""
    return float(((first - second).abs() / (1 + first.abs())).max())


def trial_speed(data: TrialData, pipeline: Pipeline, rows: int, say: Say) -> dict[str, float]:
    """Score and seconds of a trial on both; the first one on each is not timed."""
    found: dict[str, float] = {}
    for name, there in (("cpu", replace(data, device=CPU)), ("device", data)):
        run_trial(there, TrialSpec(-1, pipeline, 0, 64, 1), never)
        begin = time.perf_counter()
        result = run_trial(there, TrialSpec(-1, pipeline, 0, rows, 2), never)
        seconds = time.perf_counter() - begin
        say(f"{name}: {seconds:.2f} s, score {result.score:.3f}")
        found |= {
            f"{name}_seconds": seconds,
            f"{name}_score": float(result.score or 0.0),
            f"{name}_evaluation_seconds": result.cost["evaluation_seconds"],
        }
    return found | {"faster": found["cpu_seconds"] / found["device_seconds"]}


def growth(data: TrialData, pipeline: Pipeline, rows: int, trials: int, say: Say) -> int | None:
    """Bytes of the card that trials in one process leave in use, after the first of them."""
    if data.device.kind != "cuda":
        return None
    used = list[int]()
    for seed in range(trials):
        run_trial(data, TrialSpec(-1, pipeline, seed, min(rows, 128), 1), never)
        used.append(torch.cuda.memory_allocated(data.device.index))
    peak = torch.cuda.max_memory_allocated(data.device.index)
    say(f"memory: {used[0]:,} bytes after a trial, {used[-1]:,} after {trials}; peak {peak:,}")
    return used[-1] - used[0]
