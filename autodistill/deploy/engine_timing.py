"""Passes of one network in each engine, timed: torch and onnxruntime, batches, threads."""

import copy
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill.deploy.names import FLOAT32, INT8
from autodistill.deploy.opened import Opened
from autodistill.errors import ExportError
from autodistill.runtime.progress import Screen, Tick
from autodistill.training.onnx_files import traced, write_both
from autodistill.training.onnx_graph import require_packages
from autodistill.training.onnx_network import Inputs, OnnxNetwork

TORCH, TORCH_HALF, ONNX, ONNX_INT8 = "torch float32", "torch bfloat16", "onnx float32", "onnx int8"
ENGINES = (TORCH, TORCH_HALF, ONNX, ONNX_INT8)
BATCHES = (1, 32)
SECONDS, FEWEST, MOST, WARM_UP = 1.0, 10, 500, 3
"""One cell of the table: seconds, passes at least and at most, and passes before them."""
LONGEST_SECONDS, FEWEST_SLOW = 4.0, 3
"""Seconds after which fewer passes suffice, and how many then: torch emulates some layers in
bfloat16 where the processor lacks it, at seconds a pass."""
Run = Callable[[Inputs], Any]


@dataclass(frozen=True)
class Timing:
    """Passes of one network in one engine.

    On one thread they are timed by that thread's own clock, as `training.latency` does, so that
    other load on the machine counts little; on several by the clock on the wall.
    """

    who: str
    """student or teacher."""
    engine: str
    megabytes: float
    """Size of its weights, or of its file."""
    batch: int
    threads: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    passes: int

    @property
    def rows_per_second(self) -> float:
        """Rows of a batch over the median seconds of a pass."""
        return 1000 * self.batch / self.p50_ms

    @property
    def cell(self) -> tuple[str, int, int]:
        """The setting in which two networks are compared."""
        return self.engine, self.batch, self.threads


@dataclass(frozen=True)
class Files:
    """The ONNX files of a network: its own, or made for the measurement."""

    by_engine: dict[str, Path]
    notes: tuple[str, ...] = ()


def usable_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def time_network(
    who: str, network: Opened, files: Files, tokens: int, tick: Tick, done: int, cells: int
) -> list[Timing]:
    """All cells of one network; `tick` counts on from `done`."""
    found, threads = [], sorted({1, usable_cores()})
    for engine in ENGINES:
        if engine in (ONNX, ONNX_INT8) and engine not in files.by_engine:
            continue
        for count in threads:
            with _runner(network, engine, files, count) as (run, megabytes):
                for batch in BATCHES:
                    clock = time.thread_time if count == 1 else time.perf_counter
                    passes = time_passes(run, network.example(tokens, batch), clock)
                    p50, p95, p99 = np.percentile(passes, (50, 95, 99)).tolist()
                    size = (batch, count, p50, p95, p99, len(passes))
                    found.append(Timing(who, engine, megabytes, *size))
                    tick(done + len(found), cells)
    return found


def cells_of(files: Files) -> int:
    """Cells that a network with these files has."""
    engines = 2 + len(files.by_engine)
    return engines * len({1, usable_cores()}) * len(BATCHES)


def time_passes(run: Run, given: Inputs, clock: Callable[[], float]) -> list[float]:
    """Milliseconds of each pass, after a few that do not count."""
    seen, begun = list[float](), time.monotonic()
    for turn in range(WARM_UP):
        if not turn or time.monotonic() < begun + SECONDS:
            run(given)
    begun = time.monotonic()
    while len(seen) < _fewest(begun) or (len(seen) < MOST and time.monotonic() < begun + SECONDS):
        begin = clock()
        run(given)
        seen.append(1000 * (clock() - begin))
    return seen


def _fewest(begun: float) -> int:
    return FEWEST if time.monotonic() < begun + LONGEST_SECONDS else FEWEST_SLOW


@contextmanager
def _runner(
    network: Opened, engine: str, files: Files, threads: int
) -> Iterator[tuple[Run, float]]:
    """A function that runs a batch in this engine, and the network's megabytes."""
    if engine in files.by_engine:
        file = files.by_engine[engine]
        yield OnnxNetwork(file, threads, spins=True), file.stat().st_size / 1e6
        return
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield _in_torch(network, half=engine == TORCH_HALF)
    finally:
        torch.set_num_threads(before)


def _in_torch(network: Opened, *, half: bool) -> tuple[Run, float]:
    held = network.network
    if half:
        held = copy.deepcopy(held).bfloat16()

    def run(given: Inputs) -> Any:
        tensors = {name: torch.from_numpy(x) for name, x in given.items()}
        if half:
            tensors = {k: x.bfloat16() if x.is_floating_point() else x for k, x in tensors.items()}
        with torch.inference_mode():
            return held(**tensors).logits

    def mixed(given: Inputs) -> Any:
        with torch.autocast("cpu", torch.bfloat16):
            return network.logits(given)

    size = sum(t.numel() * t.element_size() for t in held.state_dict().values()) / 1e6
    try:
        run(network.example(2))
    except (RuntimeError, TypeError):  # a layer that computes in float32 whatever it is given
        return mixed, 2 * size
    return run, size


def onnx_files(network: Opened, home: Path, screen: Screen) -> Files:
    """The files in the network's folder; those that are missing are written into `home`."""
    names = {ONNX: FLOAT32, ONNX_INT8: INT8}
    there = {engine: network.folder / name for engine, name in names.items()}
    there = {engine: path for engine, path in there.items() if path.is_file()}
    try:
        require_packages("ONNX")
        if len(there) < len(names):
            screen.line(f"export    {network.folder} as ONNX, for this measurement alone")
            there = _written(network, home) | there
    except ExportError as error:
        return Files(there, (f"not measured: {error}",))
    return Files(there)


def _written(network: Opened, home: Path) -> dict[str, Path]:
    given, whose = traced(network.network, network.pad_id), str(network.folder)
    return dict(zip((ONNX, ONNX_INT8), write_both(network.network, given, home, whose)))
