"""States of unfinished trainings take no more of the disk than they may."""

import os
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from autodistill.prepare import unfinished
from autodistill.runtime.device import CPU
from autodistill.study.study import Study


def write(folder: Path, name: str, size: int, age: float) -> None:
    """A file of so many bytes, written so many seconds ago."""
    (folder / name).write_bytes(b"x" * size)
    then = time.time() - age
    os.utime(folder / name, (then, then))


def test_the_oldest_states_go_when_all_are_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unfinished, "MOST_BYTES", 100)
    for age, name in enumerate(("new.1.ckpt", "middle.1.ckpt", "old.1.ckpt")):
        write(tmp_path, name, 50, age * 1000.0)

    unfinished.remove_old(tmp_path)

    assert sorted(f.name for f in tmp_path.iterdir()) == ["middle.1.ckpt", "new.1.ckpt"]


def test_what_a_killed_process_was_writing_goes_and_what_is_being_written_stays(
    tmp_path: Path,
) -> None:
    write(tmp_path, ".dead-00000000", 1, 1000.0)
    write(tmp_path, ".live-00000000", 1, 1.0)

    unfinished.remove_old(tmp_path)

    assert [f.name for f in tmp_path.iterdir()] == [".live-00000000"]


def test_a_study_of_another_metric_or_length_does_not_go_on_from_the_same_file(
    tmp_path: Path,
) -> None:
    study = Study("reviews.csv", fingerprint="a-b-c")

    def place(asked: Study, *training: object) -> Path:
        workspace: Any = SimpleNamespace(
            study=asked, home=tmp_path, data=SimpleNamespace(device=CPU)
        )
        return unfinished.checkpoint_of(workspace, *training)

    others = (
        place(replace(study, metric="macro_f1")),
        place(replace(study, max_length=64)),
        place(replace(study, teacher_folds=2)),
        place(study, "training"),
    )

    assert place(study) == place(study)
    assert len({place(study), *others}) == 5
