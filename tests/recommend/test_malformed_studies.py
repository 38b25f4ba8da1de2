"""Malformed published studies: `studies add` says every fault, learning leaves them out."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autodistill.recommend.sources import Sources, past_studies
from autodistill.runtime.progress import Screen
from autodistill.storage.files import publish, read
from tests.commands import run_cli, says
from tests.recommend.test_contributed import whole

HUGE = "9" * 5000


def edit(name: str, old: str, new: str, count: int = 1) -> Callable[[Path], object]:
    """A file with other text in it."""

    def change(study: Path) -> None:
        text = (study / name).read_text(encoding="utf-8")
        assert old in text
        (study / name).write_text(text.replace(old, new, count), encoding="utf-8")

    return change


def recode(name: str, encoding: str) -> Callable[[Path], object]:
    """A file in another encoding."""
    return lambda study: (study / name).write_bytes(
        (study / name).read_text(encoding="utf-8").encode(encoding)
    )


def cut(name: str) -> Callable[[Path], object]:
    """Half a file."""
    return lambda study: (study / name).write_bytes(
        (study / name).read_bytes()[: (study / name).stat().st_size // 2]
    )


def first_line(study: Path) -> str:
    return (study / "outcomes.csv").read_text(encoding="utf-8").splitlines()[1]


def change_line(part: int, value: str) -> Callable[[Path], object]:
    """The first run with another value in one of its first columns."""

    def change(study: Path) -> None:
        line = first_line(study)
        cells = line.split(",", 7)
        cells[part] = value
        edit("outcomes.csv", line, ",".join(cells))(study)

    return change


def drop_last_line(name: str) -> Callable[[Path], object]:
    def change(study: Path) -> None:
        lines = (study / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (study / name).write_text("".join(lines[:-1]), encoding="utf-8")

    return change


def remove(name: str) -> Callable[[Path], object]:
    return lambda study: (study / name).unlink()


def make_folder(name: str) -> Callable[[Path], object]:
    def change(study: Path) -> None:
        (study / name).unlink()
        (study / name).mkdir()

    return change


MALFORMED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no study.toml": (remove("study.toml"), "study.toml missing"),
    "no outcomes": (remove("outcomes.csv"), "outcomes.csv missing"),
    "a folder for a file": (make_folder("guesses.csv"), "guesses.csv missing"),
    "not TOML": (edit("study.toml", "=", "!"), "study.toml is not valid TOML"),
    "TOML in UTF-16": (recode("study.toml", "utf-16"), "study.toml is not UTF-8"),
    "a newer format": (edit("study.toml", "format = 1", "format = 7"), "has format 7"),
    "a format that is text": (edit("study.toml", "format = 1", 'format = "x"'), "has format 'x'"),
    "NaN seconds": (edit("study.toml", "spent_seconds = ", "spent_seconds = nan #"), "nan"),
    "a number without end": (
        edit("study.toml", "spent_seconds = ", f"spent_seconds = {HUGE} #"),
        "study.toml",
    ),
    "no question": (edit("study.toml", "[question]", "[questions]"), "question.dataset is missing"),
    "an unknown setting": (
        edit("study.toml", "[question]", "[question]\nbudget = 3"),
        "question has unknown entries: budget",
    ),
    "a setting of another type": (
        edit("study.toml", "[question]", "[question]\nlimits = 3"),
        "question.limits",
    ),
    "facts of another type": (
        edit("study.toml", "[facts]", "[facts]\nsurvivors = 3"),
        "facts.survivors",
    ),
    "other columns": (edit("outcomes.csv", "score", "accuracy"), "has no column score"),
    "no header": (
        lambda study: edit("outcomes.csv", "number,", first_line(study) + "\nnumber,")(study),
        "has no column number",
    ),
    "an empty table": (lambda study: (study / "outcomes.csv").write_text(""), "has no column"),
    "half a table": (cut("outcomes.csv"), "outcomes.csv"),
    "zeros": (lambda study: (study / "outcomes.csv").write_bytes(bytes(999)), "outcomes.csv"),
    "a table in UTF-16": (recode("outcomes.csv", "utf-16"), "outcomes.csv is not UTF-8"),
    "a number that is none": (change_line(0, "first"), "line 2: number is 'first'"),
    "a number too large": (change_line(0, HUGE), "line 2: number is"),
    "a number below zero": (change_line(0, "-1"), "line 2: number is '-1'"),
    "no status": (change_line(1, ""), "line 2: status is ''"),
    "a score that is no number": (change_line(2, "nan"), "line 2: score is 'nan'"),
    "an infinite score": (change_line(2, "1e999"), "line 2: score is '1e999'"),
    "half a row": (lambda s: edit("outcomes.csv", first_line(s), "7,complete")(s), "fewer values"),
    "a pipeline that is no table": (
        edit("outcomes.csv", '"{""student""', '"[""student""'),
        "line 2: pipeline",
    ),
    "a stage that is not known": (
        edit("outcomes.csv", '"{""student""', '"{""magic"": 3, ""student""'),
        "line 2: pipeline.magic",
    ),
    "classes that are none": (edit("guesses.csv", "labels,", "labels,??"), "run 'labels' has no"),
    "classes cut off": (cut("guesses.csv"), "guesses.csv"),
    "the last classes missing": (drop_last_line("guesses.csv"), "lacks the classes that earlier"),
    "the last run missing": (drop_last_line("outcomes.csv"), "is not in outcomes.csv"),
    "the same run twice": (edit("outcomes.csv", "\n1,", "\n2,"), "trial 2 is listed 2 times"),
}


@pytest.mark.parametrize(("spoil", "said"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_study_is_one_message_with_its_file(
    spoil: Callable[[Path], object], said: str, folder: Path
) -> None:
    publish(whole(), "theirs", folder / "theirs")
    spoil(folder / "theirs")

    ran = run_cli("studies", "add", "theirs")

    assert ran.code == 2
    assert "Traceback" not in ran.err
    says(ran.err, said)
    assert len(ran.err) < 3000
    assert not (folder / "studies").exists()


def archive(folder: Path) -> str:
    publish(whole(), "theirs", folder / "theirs")
    return shutil.make_archive("theirs", "zip", "theirs")


ELSEWHERE: dict[str, tuple[Callable[[Path], Any], str]] = {
    "nothing": (lambda folder: folder / "none", "does not exist"),
    "a file": (lambda folder: (folder / "a.txt").write_text("x") and "a.txt", "is a file"),
    "an archive": (archive, "unpack an archive first"),
    "the folder above": (lambda folder: "..", "is not a published study"),
    "an empty name": (lambda folder: "", "is not a published study"),
    "a local file's URL": (lambda folder: f"file://{folder}/none", "cannot be fetched"),
    "no host": (lambda folder: "http://", "would be named"),
}


@pytest.mark.parametrize(("source", "said"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_what_is_no_study_is_one_message(
    source: Callable[[Path], Any], said: str, folder: Path
) -> None:
    ran = run_cli("studies", "add", source(folder))

    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    says(ran.err, said)
    assert not (folder / "studies").exists()


def test_a_study_with_an_odd_name_is_refused_with_the_name(folder: Path) -> None:
    publish(whole(), "theirs", folder / "-x [bold]")

    says(run_cli("studies", "add", "./-x [bold]").err, "would be named '-x [bold]'")


def test_a_byte_order_mark_is_no_fault(folder: Path) -> None:
    publish(whole(), "theirs", folder / "theirs")
    for name in ("study.toml", "outcomes.csv", "guesses.csv"):
        recode(name, "utf-8-sig")(folder / "theirs")

    assert read(folder / "theirs") == whole()


def test_a_bad_folder_is_left_out_with_a_line_that_names_file_and_fault(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("good", "bad", "odd"):
        publish(whole(), name, folder / "studies" / name)
    change_line(2, "nan")(folder / "studies" / "bad")
    edit("outcomes.csv", '""loss"": {""name"": ""', '""loss"": {""name"": ""secret_')(
        folder / "studies" / "odd"
    )
    (folder / "studies" / "notes").mkdir()

    known = past_studies(Sources(own=False), Screen()).past.records

    assert "good" in known
    assert not {"bad", "odd", "notes"} & known.keys()
    said = " ".join(capfd.readouterr().err.split())
    assert said.count("warning") == 2
    says(said, "studies/bad is left out", "outcomes.csv, line 2: score is 'nan'", "'secret_")
