"""How much slower a process computes where others do the same on this processor."""

import threading
import time
from statistics import fmean

import torch

SECONDS = 0.2
"""Duration of each of the two measurements."""
SIZE = 384
"""Rows and columns of the matrices: a student's layers are as wide, and they fit a core's cache."""


def crowding(at_once: int) -> float:
    """Times as long as one process alone that each of so many takes.

    1 on cores of their own; about 1.5 where two processors are threads of one core, as clouds have
    them, or where memory is too slow for all.
    """
    if at_once < 2:
        return 1.0
    alone, together = (_products(count) for count in (1, at_once))
    return min(float(at_once), max(1.0, alone / together))


def _products(threads: int) -> float:
    """Matrix products per second of each of so many threads."""
    done = [0] * threads
    begin = threading.Barrier(threads)

    def run(place: int) -> None:
        torch.set_num_threads(1)  # each thread has a number of its own
        left, right = torch.rand(SIZE, SIZE), torch.rand(SIZE, SIZE)
        begin.wait()
        until = time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            left @ right
            done[place] += 1

    workers = [threading.Thread(target=run, args=(n,)) for n in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return fmean(done) / SECONDS
