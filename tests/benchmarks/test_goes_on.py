"""The benchmark of killed trainings sees whether the rest is a rest."""

from pathlib import Path

import pytest

from autodistill.training import checkpoints
from benchmarks.goes_on import goes_on
from benchmarks.materials import SYNTHETIC, Source, materials


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 1e6])
def test_a_training_that_keeps_no_file_is_begun_again(
    seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN", seconds)
    monkeypatch.setattr(checkpoints, "SHARE", float("inf"))

    found = goes_on(
        materials(Source(SYNTHETIC)), epochs=5, share=0.8, folder=tmp_path, say=lambda _: None
    )

    assert found["same_weights"]
    assert (found["kept_bytes"] > 0) is (seconds == 0.0)
