"""Members of a fine-tuning in processes of their own.

Their progress, and what becomes of one that breaks.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from autodistill.errors import TeacherError
from autodistill.prepare.materials import prepare
from autodistill.prepare.teacher_tuning import check, tune
from autodistill.prepare.tune_data import tune_data
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.device import CPU, Device
from autodistill.runtime.progress import Screen, Stopwatch, Tick
from autodistill.runtime.workers import Ended
from autodistill.study.study import Study
from autodistill.training.teacher import Member, tune_member

HALF = Device(precision="bfloat16")


@pytest.mark.slow
def test_both_members_are_trained_and_progress_ends_at_all_steps(
    reviews: Path, teacher: Path, tmp_path: Path
) -> None:
    workspace = open_workspace(Study(str(reviews), str(teacher)), Screen(), None)
    seen: list[tuple[int, int]] = []

    seconds = tune(tune_data(workspace, tmp_path), lambda done, total: seen.append((done, total)))

    assert seconds > 0
    assert seen[-1][0] == seen[-1][1] > 0
    assert [a <= b for (a, _), (b, _) in pairwise(seen)].count(False) == 0
    assert (tmp_path / "model.safetensors").exists()
    assert (tmp_path / "tokenizer.json").exists()


def test_a_member_that_ended_before_an_interruption_is_not_trained_again(
    reviews: Path, teacher: Path, tmp_path: Path
) -> None:
    workspace = open_workspace(Study(str(reviews), str(teacher), rows=96), Screen(), None)
    kept, target = tmp_path / "kept", tmp_path / "target"
    kept.mkdir()
    target.mkdir()
    data = replace(tune_data(workspace, target), kept=kept)
    tune_member(data, Member(0), lambda *_: None)
    seen: list[tuple[int, int]] = []

    tune(data, lambda done, total: seen.append((done, total)))

    steps = data.tuning.epochs * (96 // data.tuning.optimizer.knobs["batch"])
    assert seen[-1] == (steps, steps)
    assert (target / "model.safetensors").exists()
    assert list(kept.iterdir()) == []


class Impatient(Stopwatch):
    """A screen that interrupts the fine-tuning at its first sign of progress."""

    @contextmanager
    def bar(self, title: str) -> Iterator[Tick]:
        """Yields a tick that is Ctrl-C."""

        def tick(_: int, __: int) -> None:
            raise KeyboardInterrupt

        yield tick


def test_an_interrupted_fine_tuning_leaves_what_the_next_one_goes_on_from(
    reviews: Path, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path))
    found = open_workspace(Study(str(reviews), str(teacher), rows=96), Screen(), None)
    workspace = replace(found, found=replace(found.found, tuned=False))
    folder = workspace.tuned_folder
    assert folder is not None
    with pytest.raises(KeyboardInterrupt):
        prepare(workspace, Impatient())
    left = [p.name for p in folder.parent.iterdir() if p.is_dir()]

    prepare(workspace, Stopwatch())

    assert left == [f"{folder.name}.parts"]
    assert [p.name for p in folder.parent.iterdir() if p.is_dir()] == [folder.name]


def test_a_teacher_brought_from_the_other_kind_of_processor_is_used_as_it_is(
    reviews: Path, teacher: Path, tmp_path: Path
) -> None:
    workspace = open_workspace(Study(str(reviews), str(teacher)), Screen(), None)
    here = replace(
        workspace, found=replace(workspace.found, tuned=False), home=tmp_path, device=CPU
    )
    mine, brought = here.tuned_folder, replace(here, device=HALF).tuned_folder
    assert mine is not None
    assert brought is not None
    assert mine != brought

    brought.mkdir(parents=True)

    assert here.tuned_folder == brought

    mine.mkdir()

    assert here.tuned_folder == mine


def test_a_teacher_of_images_is_the_same_however_long_texts_may_be() -> None:
    places = {
        open_workspace(Study("digits", "embedded", max_length=length), Screen(), None).tuned_folder
        for length in (48, 128)
    }

    assert len(places) == 1


def test_a_full_disk_in_a_member_is_the_systems_error() -> None:
    with pytest.raises(OSError) as raised:
        check(
            Ended(0, "failed", {}, "SafetensorError: No space left on device (os error 28)", 1.0),
            "fine-tuning the teacher",
        )

    assert raised.value.errno == errno.ENOSPC


def test_a_killed_member_is_a_message_and_a_bug_is_not() -> None:
    with pytest.raises(TeacherError, match="cut off: the worker process was killed"):
        check(
            Ended(0, "killed", {}, "the worker process was killed from outside with SIGKILL", 1.0),
            "fine-tuning the teacher",
        )
    with pytest.raises(RuntimeError, match="KeyError"):
        check(
            Ended(0, "failed", {}, "KeyError: 'x'\nTraceback ...", 1.0), "fine-tuning the teacher"
        )
