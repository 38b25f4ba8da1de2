"""`search --json` prints events that a program can follow, and the answer as numbers."""

import json
from pathlib import Path

import pytest

from autodistill.study.recipe import Recipe
from tests.commands import run_cli


@pytest.fixture(scope="module")
def events(
    tmp_path_factory: pytest.TempPathFactory, teacher: Path, reviews: Path
) -> list[dict[str, object]]:
    """All lines of a search of two trials."""
    place = tmp_path_factory.mktemp("json")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        words = ["--dataset", reviews, "--teacher", teacher, "--trials", "2", "--workers", "1"]
        ran = run_cli("search", *words, "--no-past", "--json", "--out", place / "recipe.toml")
    assert ran.code == 0, ran.err
    assert ran.err == ""
    return [json.loads(line) for line in ran.out.splitlines()]


def test_every_trial_is_an_event_with_its_score(events: list[dict[str, object]]) -> None:
    trials = [each for each in events if each["event"] == "trial"]

    assert [each["trial"] for each in trials] == [0, 1]
    assert {each["status"] for each in trials} == {"complete"}
    assert all(0 < float(str(each["score"])) <= 1 for each in trials)
    assert all(float(str(each["params"])) > 0 for each in trials)


def test_the_answer_is_that_of_the_recipe_file(events: list[dict[str, object]]) -> None:
    *_, answer, written = events

    recipe = Recipe.load(Path(str(written["file"])))
    assert (answer["event"], written["event"]) == ("answer", "written")
    assert answer["pipeline"] == recipe.pipeline.to_dict()
    assert answer["score"] == recipe.evidence["score"]


def test_what_people_are_told_is_there_as_notes(events: list[dict[str, object]]) -> None:
    notes = [str(each["text"]) for each in events if each["event"] == "note"]

    assert any(note.startswith("teacher") for note in notes)
    assert any(note.startswith("baseline") for note in notes)
