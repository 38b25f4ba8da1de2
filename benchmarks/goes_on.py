"""A full training that is killed, and what the same training has left when it is begun again."""

import hashlib
import multiprocessing as mp
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import torch

from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.training.full import train_in_full
from benchmarks.materials import default_pipeline

Say = Callable[[str], None]


def goes_on(
    workspace: PreparedWorkspace, *, epochs: int, share: float, folder: Path, say: Say
) -> dict[str, Any]:
    """Seconds of a training, of the rest of one killed after this share of its steps, and equality.

    `kept_bytes` is the size of the file that the rest goes on from.
    """
    place = folder / "begun"
    whole, weights, _ = _run(workspace, epochs, None)
    say(f"uninterrupted: {whole:.1f} s")
    killed, _, done = _run(workspace, epochs, place, until=share)
    kept = sum(file.stat().st_size for file in folder.iterdir())
    say(f"killed after {killed:.1f} s and {done:.0%} of the steps; {kept / 1e6:.0f} MB kept")
    rest, again, _ = _run(workspace, epochs, place)
    say(f"the rest: {rest:.1f} s")
    return {
        "seconds": whole,
        "killed_seconds": killed,
        "rest_seconds": rest,
        "rest_share": rest / whole,
        "again_share": (killed + rest) / whole - 1,
        "kept_bytes": kept,
        "same_weights": again == weights,
    }


def _run(
    workspace: PreparedWorkspace, epochs: int, place: Path | None, until: float = 2.0
) -> tuple[float, str, float]:
    """Seconds, hash of the weights, share of the steps, of a process killed after a share."""
    context = mp.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_train, args=(workspace, epochs, place, there))
    begin, done = time.perf_counter(), 0.0
    process.start()
    there.close()
    weights = ""
    while not weights and done < until:
        said = here.recv()
        if isinstance(said, str):
            weights = said
        else:
            done = said
    seconds = time.perf_counter() - begin
    process.kill()
    process.join()
    return seconds, weights, done


def _train(
    workspace: PreparedWorkspace, epochs: int, place: Path | None, there: Connection
) -> None:
    torch.set_num_threads(1)
    trained = train_in_full(
        *(workspace.data, default_pipeline(workspace)),
        epochs=epochs,
        seed=0,
        tick=lambda done, total: there.send(done / total),
        checkpoint=place,
    )
    found = hashlib.sha256()
    for weight in trained.network.state_dict().values():
        found.update(weight.contiguous().view(torch.uint8).numpy().tobytes())
    there.send(found.hexdigest())
