"""A served student under one client and under several."""

from pathlib import Path

import pytest

from benchmarks.serve import serve
from tests.benchmarks.conftest import say


@pytest.mark.slow
def test_every_client_is_answered_and_timed(teacher: Path) -> None:
    found = serve(teacher, "torch", 4, 1.0, say)

    for part, clients in (("one", 1), ("many", 4)):
        assert (found[part]["clients"], found[part]["errors"]) == (clients, 0)
        assert 0 < found[part]["p50_ms"] <= found[part]["p99_ms"]
    assert found["ratio"] == found["many"]["per_second"] / found["one"]["per_second"]
    assert found["engine"].startswith("torch ")
