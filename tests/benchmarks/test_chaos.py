"""Searches of which one process at random is killed, on both databases."""

import pytest

from benchmarks.chaos import KILLS, chaos
from tests.benchmarks.conftest import say
from tests.storage.servers import needs_a_server


@pytest.mark.parametrize(
    ("storage", "runs"),
    [
        pytest.param("sqlite", 1, marks=pytest.mark.slow),
        pytest.param("sqlite", 25, marks=pytest.mark.long),
        pytest.param("postgresql", 25, marks=[pytest.mark.long, needs_a_server]),
    ],
)
def test_whatever_is_killed_totals_are_exact_and_nothing_is_left(storage: str, runs: int) -> None:
    found = chaos(runs, on_postgres=storage == "postgresql", trials=12, seed=0, say=say)

    assert (found["exact"], found["faults"]) == (runs, [])
    assert found["kills"] >= (KILLS - 1) * runs
