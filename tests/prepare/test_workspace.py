"""The lines that a person sees when a study's dataset was read."""

from pathlib import Path

import pytest

from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Screen
from autodistill.study.study import Study
from tests.fakes import sentences, write_csv


def test_the_columns_and_rows_that_were_read_are_shown_first(
    teacher: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    rows = [*sentences(200), ("no label", "")]
    path = write_csv(tmp_path / "reviews.csv", rows, head=("review", "stars"))

    open_workspace(Study(str(path), str(teacher), columns={"label": "stars"}), Screen(), None)

    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == (
        f"data      {path}: text = `review`, label = `stars`; 200 rows, 2 classes; 1 row left out"
    )
    assert lines[1].startswith(f"task      {path}: 128 training rows")
    assert f"          1 of 201 rows of {path} have no label and are left out: row 202" in lines
