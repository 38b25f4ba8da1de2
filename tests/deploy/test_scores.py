"""A student's folder holds its own scores or none: six recipes of one study."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.deploy import full_run, writer
from autodistill.deploy.score_lines import score_lines
from autodistill.deploy.student import Student
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import open_workspace
from autodistill.report.readings import readings_sentence, readings_table
from autodistill.runtime.progress import Screen
from autodistill.storage import Store
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.recipe import Recipe
from autodistill.study.results import Trial, as_bytes
from autodistill.study.study import Study
from tests.fakes import sentences, write_csv

ROWS = 100
FACTS = {"rows": 30, "epochs": 1, "train_rows": 64, "classes": 2, "teacher_score": 1.0}


def pipeline(temperature: float) -> Pipeline:
    """One student, one loss."""
    terms = (Term(Part("kl", {"temperature": temperature}), 1.0),)
    return Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-4}))


@dataclass(frozen=True)
class Place:
    """A study with six recipes of which five have a run, and the scores of their students."""

    folder: Path
    recipes: tuple[Recipe, ...]
    metrics: tuple[Mapping[str, Any], ...]
    labels: "np.ndarray"
    test_labels: "np.ndarray"

    def run(self, recipe: Recipe, name: str, **more: Any) -> Mapping[str, Any]:
        """The metrics of a further student."""
        return run(self.folder, recipe, name, **more)


def run(folder: Path, recipe: Recipe, name: str, **more: Any) -> Mapping[str, Any]:
    """Train a recipe; its metrics.json."""
    known: dict[str, Any] = {"force": False, "storage": str(folder / "s.db"), "data_root": None}
    full_run.run(recipe, folder / name, screen=Screen(), **{**known, **more})
    found: dict[str, Any] = json.loads((folder / name / "metrics.json").read_text())
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, teacher: Path) -> Place:
    """Six recipes of one study, run one after the other; no second process reads them."""
    folder = tmp_path_factory.mktemp("six")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(folder / "home"))
        patch.setattr(writer, "check_reload", lambda *_: 0.0)
        data = write_csv(folder / "few.csv", sentences(ROWS))
        workspace = prepare(
            open_workspace(Study(str(data), str(teacher)), Screen(), None), Screen()
        )
        labels, store = workspace.task.selection.labels, Store(str(folder / "s.db"))
        facts = {**FACTS, "selection_rows": len(labels)}
        store.begin(workspace.study, facts, name="tiny")
        store.note_selection("tiny", workspace.selection)
        for number in range(5):
            predictions = labels.copy()
            predictions[: number + 1] = 1 - predictions[: number + 1]
            score = float((predictions == labels).mean())
            store.add("tiny", trial(number, score, as_bytes(predictions)))
        recipes = tuple(
            Recipe(workspace.study, pipeline(1.0 + n), 1, evidence={"study": "tiny"})
            for n in range(6)
        )
        metrics = tuple(run(folder, each, f"student{n}") for n, each in enumerate(recipes))
    return Place(folder, recipes, metrics, labels, workspace.task.test.labels)


@pytest.fixture
def again(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The same place, in which more students are trained."""
    monkeypatch.setenv("AUTODISTILL_HOME", str(place.folder / "home"))
    monkeypatch.setattr(writer, "check_reload", lambda *_: 0.0)
    return place


def trial(number: int, score: float, predictions: bytes) -> Trial:
    """One complete run."""
    fidelity = {"rows": 30, "epochs": 1}
    cost = {"params": 1e4, "size_bytes": 4e4}
    made = Trial(number, pipeline(1.0 + number), 0, "complete", score, fidelity, {}, cost=cost)
    return replace(made, predictions=predictions)


def test_the_first_recipe_alone_has_a_score_on_the_held_out_test(place: Place) -> None:
    first, *others = place.metrics

    assert first["test_reading"] == 1
    assert first["student_test_interval"][0] <= first["student_test"]
    assert not [m for m in others if {"student_test", "teacher_test", "test_rows"} & m.keys()]


def test_the_first_recipe_s_score_is_that_of_its_own_predictions(place: Place) -> None:
    logits = np.load(place.folder / "student0" / "test_logits.npy")

    own = (logits.argmax(1) == place.test_labels).mean()

    assert place.metrics[0]["student_test"] == pytest.approx(own)
    assert place.metrics[0]["test_rows"] == len(place.test_labels)


def test_a_later_recipe_says_that_the_test_was_not_read_for_it(place: Place) -> None:
    lines = score_lines(place.metrics[1])

    assert lines[-1].startswith("The held-out test was read on 20")
    assert "for another recipe and was not read for this one" in lines[-1]
    assert "--read-test-again reads it" in lines[-1]


def test_every_student_has_the_validation_score_of_its_own_recipe(place: Place) -> None:
    count = len(place.labels)
    for wrong, metrics in enumerate(place.metrics[:5], start=1):
        assert metrics["validation"] == pytest.approx(1 - wrong / count)
        assert metrics["validation_of"] == "recipe"
        assert metrics["validation_runs"] == 1
        assert metrics["validation_rows"] == count
        low, high = metrics["validation_interval"]
        assert low < metrics["validation"] < high


@pytest.mark.parametrize(("epochs", "told"), [(1, "alone, 1 epoch;"), (2, "alone, 2 epochs;")])
def test_one_epoch_is_not_called_epochs(place: Place, epochs: int, told: str) -> None:
    assert told in score_lines({**place.metrics[0], "validation_epochs": epochs})[0]


def test_a_recipe_without_runs_is_scored_on_validation_rows_that_it_has_not_seen(
    place: Place,
) -> None:
    last = place.metrics[5]

    assert last["validation_of"] == "student"
    assert last["trained_on_rows"] == last["validation_trained_on_rows"]
    assert last["trained_on_rows"] == place.metrics[0]["trained_on_rows"] - len(place.labels)
    assert (
        f"of this student, trained on the other {last['trained_on_rows']}" in score_lines(last)[0]
    )


def test_a_student_shows_its_own_score_and_which_reading_that_is(place: Place) -> None:
    first, second = (repr(Student(place.folder / f"student{n}")) for n in (0, 1))

    assert "(reading 1 of the held-out test)" in first
    assert "held-out test not read" in second


def test_the_same_recipe_again_gets_its_own_reading(again: Place) -> None:
    found = again.run(again.recipes[0], "same")

    assert found["same_recipe"] is True
    kept = ("student_test", "test_date", "test_reading", "student_test_interval")
    assert [found[k] for k in kept] == [again.metrics[0][k] for k in kept]


def test_the_same_pipeline_with_another_seed_is_another_student(again: Place) -> None:
    found = again.run(replace(again.recipes[0], seed=1), "seed")

    assert "student_test" not in found
    assert "for another recipe" in found["test_note"]


def test_a_reading_on_purpose_is_scored_counted_and_named(again: Place) -> None:
    before = len(Store(str(again.folder / "s.db")).test_readings("tiny"))

    found = again.run(again.recipes[2], "purpose", read_test_again=True)

    readings = Store(str(again.folder / "s.db")).test_readings("tiny")
    assert len(readings) == before + 1 == found["test_reading"] == 2
    assert found["student_test"] == readings[-1].scores["student_test"]
    told = "reading 2 of the held-out test: after looking at 1 recipe"
    assert told in score_lines(found)[-1]
    assert told in repr(Student(again.folder / "purpose"))


def test_the_answer_says_whose_score_the_held_out_test_gave(again: Place) -> None:
    record = Store(str(again.folder / "s.db")).record("tiny")
    first = replace(record, readings=record.readings[:1])

    own, other = (readings_sentence(first, again.recipes[n]) for n in (0, 1))

    assert f"student scores {again.metrics[0]['student_test']:.4f} accuracy (95% interval" in own
    assert own.endswith("reading 1 of the held-out test.")
    assert "for another recipe (reading 1 of the held-out test) and not for this one" in other
    assert [row[0] for row in readings_table(first)[0].rows] == [1]
    assert readings_sentence(replace(record, readings=()), again.recipes[0]) == ""
    assert readings_table(replace(record, readings=())) == []


def test_a_recipe_in_another_database_has_no_run_and_a_first_reading_there(again: Place) -> None:
    found = again.run(again.recipes[1], "elsewhere", storage=str(again.folder / "other.db"))

    assert found["validation_of"] == "student"
    assert found["test_reading"] == 1


def test_a_study_of_the_same_name_about_other_data_is_not_the_recipe_s(again: Place) -> None:
    other = Store(str(again.folder / "clash.db"))
    other.begin(Study("others.csv", metric="accuracy"), FACTS, name="tiny")
    other.read_test("tiny", "theirs", {"student_test": 0.1})

    found = again.run(again.recipes[1], "clash", storage=str(again.folder / "clash.db"))

    assert found["test_reading"] == 1
    assert len(other.test_readings("tiny")) == 1


def test_the_card_has_the_scores_of_its_student_and_no_row_of_the_data(place: Place) -> None:
    first, second = (
        (place.folder / f"student{n}" / "README.md").read_text(encoding="utf-8") for n in (0, 1)
    )

    assert f"| {place.metrics[0]['student_test']:.4f} |" in first
    assert "## Confusion on the held-out test" in first
    assert "Confusion" not in second
    assert not [text for text, _ in sentences(ROWS) if text in first + second]
    assert str(place.folder) not in first
