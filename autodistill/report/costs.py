"""Sentences on the size and speed of a student, as it is to run."""

from autodistill.analysis.verdict import Verdict
from autodistill.registry import families
from autodistill.study.study import ONNX_INT8

RUNS_AS = {"onnx": "ONNX", ONNX_INT8: "ONNX in int8"}
"""Each target but torch, for people."""


def runs_as(target: str) -> str:
    """The target that a size or a time is of, after the number; empty for torch."""
    return f" as {RUNS_AS[target]}" if target in RUNS_AS else ""


def row_name(student: str) -> str:
    """One input of a student: a text or an image."""
    reads = families.card("students", student).traits.get("reads", "texts")
    return str(reads).removesuffix("s")


def cost(verdict: Verdict, target: str) -> str:
    """Size and speed of the recommended student, where it is to run."""
    chosen, where = verdict.recommended, runs_as(target)
    params, size_bytes = chosen.cost["params"], chosen.cost["size_bytes"]
    digits = 1 if params > 1e6 else 2
    size = f"{params / 1e6:.{digits}f} million parameters, {size_bytes / 1e6:.{digits - 1}f} MB"
    if "latency_ms" not in chosen.cost:
        return f"{size}{where}."
    row = row_name(chosen.pipeline.student.name)
    return f"{size}, {chosen.cost['latency_ms']:.2f} ms per {row} on one CPU thread{where}."
