"""Where the students of a study are to run, for people."""

from autodistill.study.study import ONNX_INT8

RUNS_AS = {"onnx": "ONNX", ONNX_INT8: "ONNX in int8"}
"""Each target but torch."""


def runs_as(target: str) -> str:
    """Where size and speed are from, after a number; empty for torch."""
    return f" as {RUNS_AS[target]}" if target in RUNS_AS else ""
