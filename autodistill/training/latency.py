"""Cost of an untrained student on this machine: parameters, bytes, latency, as it will run."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import torch

from autodistill.registry import families
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part
from autodistill.study.study import ONNX_INT8
from autodistill.training.onnx_files import example, onnx_cost
from autodistill.training.quiet_time import quiet_ms
from autodistill.training.shapes import count
from autodistill.training.trial_data import TrialData


@torch.inference_mode()
def latency_ms(network: Any, tokens: int) -> float:
    """Milliseconds of a forward pass in torch with batch 1 on one thread.

    The input has `tokens` tokens, or is one image of the network's size. See `quiet_ms`.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    network.eval()
    given = {name: torch.from_numpy(x) for name, x in example(network, tokens).items()}
    found = quiet_ms(lambda: network(**given))
    torch.set_num_threads(threads)
    return found


def student_cost(
    data: TrialData, part: Part, known: Mapping[str, Mapping[str, float]]
) -> tuple[str, dict[str, float]]:
    """Shape and cost of an untrained student: params, size_bytes and latency_ms.

    What a shape in `known` costs is taken from there. Two students of one shape are equally
    fast: measured twice, they would differ by noise, and noise would choose between them.
    """
    student = families.build("students", part.name, part.knobs)
    network = student.build(data.backbone, data.vocabularies[data.words_of(student)])
    tokens = data.median_length(student)
    shape = shape_of(network) + (f" {tokens}" if student.named else "")
    cost = known[shape] if shape in known else measure(network, tokens, data.target)
    return shape, {**count(network), **cost}


def measure(network: Any, tokens: int, target: str) -> dict[str, float]:
    """Latency, and bytes of a file, of a student of this shape in the form in which it will run."""
    if not target:
        return {"latency_ms": latency_ms(network, tokens)}
    return onnx_cost(network, tokens, int8=target == ONNX_INT8)


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
        self.file_bytes: dict[str, float] = dict(facts.file_bytes or {})
        """By shape, where students are to be files of ONNX."""

    def __call__(self, student: Part) -> Mapping[str, float]:
        """params, size_bytes, latency_ms."""
        if str(student) not in self.known:
            shape, cost = student_cost(self.data, student, self._of_shapes())
            self.known[str(student)], self.latencies[shape] = cost, cost["latency_ms"]
            found: dict[str, Any] = {"costs": self.known, "latencies": self.latencies}
            if self.data.target:
                self.file_bytes[shape] = cost["size_bytes"]
                found["file_bytes"] = self.file_bytes
            self.keep(found)
        return self.known[str(student)]

    def _of_shapes(self) -> dict[str, dict[str, float]]:
        sizes = {shape: {"size_bytes": size} for shape, size in self.file_bytes.items()}
        return {k: {"latency_ms": v} | sizes.get(k, {}) for k, v in self.latencies.items()}


def shape_of(network: Any) -> str:
    """Hash that is equal for networks with the same tensor names and sizes."""
    sizes = [(name, tuple(tensor.shape)) for name, tensor in network.state_dict().items()]
    return hashlib.sha256(repr((type(network).__name__, sizes)).encode()).hexdigest()[:12]
