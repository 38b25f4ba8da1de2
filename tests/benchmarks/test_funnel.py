"""Replays of a published study of students."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.storage.files import publish
from benchmarks.funnel import funnel
from tests.search.screening.students import record


def test_a_proxy_that_sees_loses_less_than_chance_and_one_that_guesses_does_not(
    tmp_path: Path,
) -> None:
    publish(
        record(range(16), seeds=2, switched_off={"guess": "why"}), "students", tmp_path / "students"
    )
    told: list[str] = []

    found = funnel(
        tmp_path / "students", trained=2, pool=10, most_params=1e9, resamplings=100, say=told.append
    )

    assert (found["students"], found["seeds"]) == (16, 2)
    points = {name: mean for name, (mean, _) in found["points"].items()}
    assert points["sees"] == points["kept"] < 0.5 * points["random"]
    assert points["guess"] > points["sees"]
    assert len(told) == len(points)


def test_too_few_students_are_told(tmp_path: Path) -> None:
    publish(record(range(16)), "students", tmp_path / "students")

    with pytest.raises(SpecError, match="0 students of two seeds or more within the limit"):
        funnel(
            tmp_path / "students", trained=2, pool=10, most_params=1e9, resamplings=10, say=print
        )
