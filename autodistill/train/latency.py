"""How long a student takes for one text on this machine."""

import time
from statistics import median
from typing import Any

import torch

from autodistill import family
from autodistill.pipeline import Part
from autodistill.train.trial import TrialData


@torch.inference_mode()
def latency_ms(network: Any, tokens: int, *, repeats: int = 50, warm_up: int = 10) -> float:
    """Median milliseconds of a forward pass: batch 1, one thread, `tokens` tokens."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    network.eval()
    ids = torch.ones((1, tokens), dtype=torch.long)
    seen = []
    for turn in range(warm_up + repeats):
        begin = time.perf_counter()
        network(input_ids=ids, attention_mask=torch.ones_like(ids))
        if turn >= warm_up:
            seen.append(1000 * (time.perf_counter() - begin))
    torch.set_num_threads(threads)
    return median(seen)


def student_latency_ms(data: TrialData, part: Part, tokens: int) -> float:
    """The same for an untrained student of this shape."""
    student = family.build("students", part.name, part.knobs)
    return latency_ms(student.build(data.backbone, data.vocabularies[student.vocabulary]), tokens)
