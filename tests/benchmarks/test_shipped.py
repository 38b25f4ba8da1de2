"""The table of what ships: each figure is read from what the real commands wrote."""

import json
from pathlib import Path

import pytest

from benchmarks.shipped import Place, Plan, shipped

PLAN = Plan("10s", 2, None)


@pytest.mark.slow
def test_a_line_has_scores_of_all_seeds_and_a_second_call_trains_nothing(tmp_path: Path) -> None:
    said: list[str] = []

    (line,) = shipped(["digits"], tmp_path, PLAN, said.append)

    student = line["students"][0]
    assert len(student["tests"]) == len(student["alone_tests"]) == PLAN.seeds
    assert 0.5 < min(student["tests"]) < line["teacher_test"] <= 1
    assert line["majority_test"] < line["pixels_test"]
    assert 0 < student["ms"] < student["teacher_ms"]
    assert student["int8"]["bytes"] == student["megabytes"] * 1e6
    trained = [text for text in said if " train " in text]
    assert len(trained) == 2 * len(line["students"])

    said.clear()
    (again,) = shipped(["digits"], tmp_path, PLAN, said.append)

    assert not [text for text in said if " train " in text or " search " in text]
    assert again == line


def test_a_command_that_is_refused_says_why_and_leaves_no_seconds(tmp_path: Path) -> None:
    place = Place(tmp_path, PLAN, lambda _: None)

    told = place.run("there.json", "bench", "nowhere")

    assert "nowhere" in told
    assert place.seconds() == {}


def test_a_command_that_breaks_ends_the_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.shipped.sys.executable", "false")

    with pytest.raises(RuntimeError, match="ended with 1"):
        Place(tmp_path, PLAN, lambda _: None).run("there.json", "bench", "nowhere")


def test_a_product_that_is_there_is_not_made_again(tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text(json.dumps({"a": 1}), encoding="utf-8")
    said: list[str] = []
    place = Place(tmp_path, PLAN, said.append)

    assert place.run("there.json", "no such command") == ""
    assert (said, place.json("there.json"), place.json("other.json")) == ([], {"a": 1}, {})
