"""Files and folders that cannot be used: missing, full, too long, not ours.

In each case there is one message, and nothing half-written.
"""

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autodistill.runtime import cache
from tests.commands import files_in, refused, says
from tests.records import outcome, write_study

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.usefixtures("never")
def test_a_recipe_in_a_missing_folder_is_refused_before_the_work(
    folder: Path, reviews: Path
) -> None:
    says(
        refused("--dataset", reviews, "--out", folder / "none" / "r.toml"),
        f"--out {folder / 'none' / 'r.toml'}",
        "folder that exists",
    )


def test_a_cache_below_a_file_is_refused(
    blocked: Path, reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(blocked / "home"))

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        str(blocked / "home"),
        "not a directory",
        "AUTODISTILL_HOME",
    )


def test_a_full_disk_is_said_and_leaves_no_partial_folder(
    reviews: Path, teacher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))
    whole = cache.once

    def full(folder: Path, make: Callable[[Path], None]) -> bool:
        def until_full(draft: Path) -> None:
            (draft / "half").write_text("half")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        return whole(folder, until_full)

    monkeypatch.setattr("autodistill.prepare.tokens.once", full)

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        "the disk is full",
        "MB free at",
        "Free some space",
    )
    assert [
        p for p in files_in(tmp_path / "home") if "half" in p or p.split("/")[-1].startswith(".")
    ] == []


def test_recommend_refuses_a_place_that_cannot_be_written(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9))

    says(
        refused("--study", "tiny", "--storage", "x.db", "--out", "none/r.toml", verb="recommend"),
        "--out none/r.toml",
    )


def test_no_folder_for_temporary_files_is_one_message(
    reviews: Path, teacher: Path, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "home"))  # nothing is timed yet
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "gone"))

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        "no temporary folder can be made: no such file or directory",
        "Set TMPDIR to a folder that you own",
    )


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize(
    ("out", "said"),
    [
        *((out, f"--out {out} --force: only a") for out in (".", "..", "thesis")),
        ("thesis.txt", "thesis.txt is not a folder"),
    ],
)
def test_force_replaces_nothing_but_a_students_folder(
    out: str, said: str, folder: Path, recipe: Path
) -> None:
    (folder / "thesis").mkdir()
    (folder / "thesis" / "chapter").write_text("a year's work")
    (folder / "thesis.txt").write_text("another year's work")

    says(refused(recipe, "--out", out, "--force", verb="run"), said)


@pytest.mark.usefixtures("never")
@pytest.mark.parametrize("verb", ["search", "run"])
def test_a_name_that_is_too_long_is_refused_before_the_work(verb: str, recipe: Path) -> None:
    words = {"search": ("--dataset", "x.csv"), "run": (recipe,)}[verb]

    says(refused(*words, "--out", "x" * 300, verb=verb), "file name too long")
