"""Cost of an untrained student: parameters, bytes and latency on this machine."""

import hashlib
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

import torch

from autodistill.registry import families
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from autodistill.training.shapes import count
from autodistill.training.trial_data import TrialData


@torch.inference_mode()
def latency_ms(
    network: Any, tokens: int, *, repeats: int = 100, warm_up: int = 10, blocks: int = 10
) -> float:
    """Milliseconds of a forward pass with batch 1 on one thread.

    The input has `tokens` tokens, or is one image of the network's size. The value is the median of
    the quietest block of passes by the thread's own clock, so that other load on the machine counts
    little.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    network.eval()
    given = _example(network.config, tokens)
    seen = []
    for turn in range(warm_up + repeats):
        begin = time.thread_time()
        network(**given)
        if turn >= warm_up:
            seen.append(1000 * (time.thread_time() - begin))
    torch.set_num_threads(threads)
    size = max(1, repeats // blocks)
    return min(median(seen[n : n + size]) for n in range(0, len(seen), size))


def _example(config: Any, tokens: int) -> dict[str, torch.Tensor]:
    if (size := getattr(config, "image_size", None)) is not None:
        height, width = (size, size) if isinstance(size, int) else size
        return {"pixel_values": torch.zeros(1, config.num_channels, height, width)}
    ids = torch.ones((1, tokens), dtype=torch.long)
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids)}


def student_cost(
    data: TrialData, part: Part, known: Mapping[str, float]
) -> tuple[str, dict[str, float]]:
    """Shape and cost of an untrained student: params, size_bytes and latency_ms.

    The latency of a shape in `known` is taken from there. Two students of one shape are equally
    fast: measured twice, they would differ by noise, and noise would choose between them.
    """
    student = families.build("students", part.name, part.knobs)
    network = student.build(data.backbone, data.vocabularies[data.words_of(student)])
    tokens = data.median_length(student)
    shape = shape_of(network) + (f" {tokens}" if student.named else "")
    latency = known[shape] if shape in known else latency_ms(network, tokens)
    return shape, {**count(network), "latency_ms": latency}


NO_FACTS = StudyFacts()


class Costs:
    """The costs of students, measured once for each shape.

    `facts` are what a study kept of it, `keep` is given what it should keep.
    """

    def __init__(
        self,
        data: TrialData,
        facts: StudyFacts = NO_FACTS,
        keep: Callable[[dict[str, Any]], None] = lambda _: None,
    ) -> None:
        self.data = data
        self.keep = keep
        self.known: dict[str, dict[str, float]] = {
            k: dict(v) for k, v in (facts.costs or {}).items()
        }
        self.latencies: dict[str, float] = dict(facts.latencies or {})
        """By shape."""

    def __call__(self, student: Part) -> Mapping[str, float]:
        """params, size_bytes, latency_ms."""
        if str(student) not in self.known:
            shape, cost = student_cost(self.data, student, self.latencies)
            self.known[str(student)], self.latencies[shape] = cost, cost["latency_ms"]
            self.keep({"costs": self.known, "latencies": self.latencies})
        return self.known[str(student)]


def shape_of(network: Any) -> str:
    """Hash that is equal for networks with the same tensor names and sizes."""
    sizes = [(name, tuple(tensor.shape)) for name, tensor in network.state_dict().items()]
    return hashlib.sha256(repr((type(network).__name__, sizes)).encode()).hexdigest()[:12]
