"""The score of a teacher whose file answers all labelled rows, some, or none."""

import re
from pathlib import Path

import pytest

from autodistill.errors import TeacherError
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.study.results import as_classes
from autodistill.study.study import Study
from tests.fakes import sentences, write_csv
from tests.screens import Heard

LABELLED, MORE = sentences(200), sentences(60, seed=3)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))


def ready(
    folder: Path, answered: list[tuple[str, str]], heard: Heard | None = None
) -> PreparedWorkspace:
    """A study of labelled rows, with a file of answers to these texts."""
    data, soft = write_csv(folder / "data.csv", LABELLED), folder / "llm.csv"
    lines = [f"{text},{0.9 if label == 'neg' else 0.1}" for text, label in answered]
    soft.write_text(
        "text,neg,pos\n" + "".join(f"{x},{1 - float(x.split(',')[-1]):.1f}\n" for x in lines)
    )
    study, screen = Study(str(data), str(soft), "text"), heard or Heard()
    return prepare(open_workspace(study, screen, None), screen)


def validation_texts(folder: Path) -> set[str]:
    """The texts of the validation rows."""
    return set(ready(folder, LABELLED).task.selection.first)


def test_a_file_that_answers_all_is_scored(tmp_path: Path) -> None:
    workspace = ready(tmp_path, LABELLED)

    assert workspace.teacher_score == 1.0
    assert workspace.data.teacher_known
    assert len(as_classes(workspace.selection.teacher)) == len(workspace.task.selection)


def test_answers_to_other_texts_than_the_labelled_ones_are_enough(tmp_path: Path) -> None:
    heard = Heard()

    workspace = ready(tmp_path, MORE, heard)

    assert workspace.task.pool_rows > 0
    assert workspace.teacher_score is None
    assert workspace.selection.teacher == b""
    assert not workspace.data.teacher_known
    said = "\n".join(heard.lines)
    assert re.search(
        r"llm\.csv answers \d+ of 160 labelled rows; the others' labels stand in", said
    )
    assert "what it is worth is not known: that takes answers to the validation rows" in said
    assert "llm.csv: not scored" in said


def test_where_training_rows_alone_lack_an_answer_the_score_is_known(tmp_path: Path) -> None:
    judged, heard = validation_texts(tmp_path), Heard()

    workspace = ready(tmp_path, [row for row in LABELLED if row[0] in judged], heard)

    assert workspace.teacher_score == 1.0
    assert workspace.data.teacher_known
    assert "not known" not in "\n".join(heard.lines)


def test_answers_to_training_rows_alone_are_checked_too(tmp_path: Path) -> None:
    judged = validation_texts(tmp_path)
    swapped = [
        (text, "pos" if label == "neg" else "neg") for text, label in LABELLED if text not in judged
    ]

    with pytest.raises(TeacherError, match=r"labelled rows; with its outputs in another order"):
        ready(tmp_path, swapped)


def test_what_a_student_shares_with_a_teacher_that_is_not_known_is_not_measured(
    tmp_path: Path,
) -> None:
    from autodistill.study.pipeline import Pipeline
    from autodistill.training.trial import TrialSpec, run_trial

    known, unknown = ready(tmp_path, LABELLED), ready(tmp_path, MORE)
    for workspace, told in ((known, True), (unknown, False)):
        pipeline: Pipeline = workspace.space.made_of(workspace.space.default_values())

        found = run_trial(
            workspace.data, TrialSpec(0, pipeline, seed=0, rows=20, epochs=1), lambda *_: False
        )

        assert ("agreement" in found.metrics, "teacher_kl" in found.metrics) == (told, told)
