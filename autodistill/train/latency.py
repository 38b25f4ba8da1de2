"""What a student costs before it is trained: parameters, bytes, and the time that one text takes on this machine."""

import time
from statistics import median
from typing import Any

import torch

from autodistill import family
from autodistill.pipeline import Part
from autodistill.train.fit import count
from autodistill.train.trial import TrialData


@torch.inference_mode()
def latency_ms(network: Any, tokens: int, *, repeats: int = 50, warm_up: int = 10) -> float:
    """Median milliseconds of a forward pass: batch 1, one thread, `tokens` tokens.

    The clock is the thread's own, so that what else runs on the machine counts little.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    network.eval()
    ids = torch.ones((1, tokens), dtype=torch.long)
    seen = []
    for turn in range(warm_up + repeats):
        begin = time.thread_time()
        network(input_ids=ids, attention_mask=torch.ones_like(ids))
        if turn >= warm_up:
            seen.append(1000 * (time.thread_time() - begin))
    torch.set_num_threads(threads)
    return median(seen)


def student_cost(data: TrialData, part: Part, tokens: int) -> dict[str, float]:
    """params, size_bytes and latency_ms of an untrained student of this shape."""
    student = family.build("students", part.name, part.knobs)
    network = student.build(data.backbone, data.vocabularies[student.vocabulary])
    return {**count(network), "latency_ms": latency_ms(network, tokens)}
