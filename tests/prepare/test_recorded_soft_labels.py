"""The answers of a file of soft labels as they are recorded for the rows of a study."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autodistill.errors import TeacherError
from autodistill.prepare.soft_labels import record_soft_labels
from autodistill.training.signals import Signals
from tests.prepare.test_soft_labels import BY_TEXT, EXPECTED, NAMES, ROWS, labels


def test_logarithms_are_recorded_once(tmp_path: Path) -> None:
    file, folder = labels(tmp_path, BY_TEXT), tmp_path / "signals"

    first = record_soft_labels(file, ROWS, NAMES, folder)
    again = record_soft_labels(file, ROWS, NAMES, folder)

    assert (first.folder, first.computed, first.reused) == (folder, 3, 0)
    assert (again.folder, again.computed, again.reused) == (folder, 0, 3)

    kept = Signals.open(folder)
    np.testing.assert_allclose(np.exp(kept.logits), EXPECTED, rtol=1e-5)
    assert kept.pooled == {}


def test_signals_that_an_older_version_read_otherwise_are_not_used(tmp_path: Path) -> None:
    file, folder = labels(tmp_path, BY_TEXT), tmp_path / "signals"
    folder.mkdir()
    Signals(np.zeros((3, 2), dtype=np.float32), {}).save(folder)

    found = record_soft_labels(file, ROWS, NAMES, folder)

    assert (found.folder != folder, found.computed) == (True, 3)
    np.testing.assert_allclose(np.exp(Signals.open(found.folder).logits), EXPECTED, rtol=1e-5)


def test_a_labelled_row_without_an_answer_has_its_label(tmp_path: Path) -> None:
    file = labels(tmp_path, "text,neg,pos\ngood film,0.2,0.8\n")

    found = record_soft_labels(file, ROWS, NAMES, tmp_path / "signals")

    assert found.known is not None
    assert found.known.tolist() == [True, False, False]
    np.testing.assert_allclose(
        np.exp(Signals.open(found.folder).logits), [[0.2, 0.8], [1, 1e-6], [1, 1e-6]], rtol=1e-4
    )


def test_an_unlabelled_row_without_an_answer_is_a_mistake(tmp_path: Path) -> None:
    file = labels(tmp_path, "text,neg,pos\ngood film,0.2,0.8\n")
    unlabelled = replace(ROWS, labels=np.array([1, 0, -1]))

    with pytest.raises(TeacherError, match="no soft labels for 2 of 3"):
        record_soft_labels(file, unlabelled, NAMES, tmp_path / "signals")


def test_a_file_about_other_texts_is_a_mistake(tmp_path: Path) -> None:
    file = labels(tmp_path, "text,neg,pos\nother,0.2,0.8\n")

    with pytest.raises(TeacherError, match="no soft labels for 3 of 3"):
        record_soft_labels(file, ROWS, NAMES, tmp_path / "signals")
