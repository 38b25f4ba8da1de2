"""The seconds of a trial beside those of an older commit."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.materials import SYNTHETIC, Source
from benchmarks.speed import ROOT, compare, products_per_second, speed


class Side:
    """Runs that take these seconds and score 0.5 and a tenth of the seed."""

    def __init__(self, seconds: float, score: float) -> None:
        self.seconds, self.score = seconds, score
        self.orders: list[dict[str, Any]] = []

    def run(self, **order: Any) -> dict[str, float]:
        self.orders.append(order)
        if order["count"]:
            return {"flops": 1e9}
        return {"seconds": self.seconds, "score": self.score + order["seed"], "evaluation": 0.1}


def test_a_pair_shares_its_seed_and_its_ratio_is_now_over_former() -> None:
    now, former = Side(0.5, 0.25), Side(2.0, 0.125)

    found = compare("quick", {}, {"now": now, "former": former}, 3, 4e9, print)  # type: ignore[dict-item]

    assert now.orders == former.orders
    assert found["ratio"] == found["ratio_highest"] == 0.25
    assert (found["score_change"], found["score_change_plus_minus"]) == (0.125, 0.0)
    assert found["now"]["limit_share"] == 0.5
    assert found["former"]["limit_share"] == 0.125


def test_the_limit_is_that_of_a_processor() -> None:
    assert 1e8 < products_per_second() < 1e14


@pytest.mark.long
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the history of the project")
def test_a_version_is_as_fast_as_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path))

    found = speed(Source(SYNTHETIC, rows=200), "HEAD", epochs=1, pairs=2, say=print)

    for space in ("quick", "text"):
        assert found[space]["score_change"] == 0
        assert 0 < found[space]["now"]["limit_share"] < 1
