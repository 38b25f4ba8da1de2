"""The findings of the doctor."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from autodistill.cli import doctor, machine
from autodistill.cli.machine import Finding
from tests.commands import run_cli
from tests.records import outcome, write_study

TITLES = (
    "versions",
    "conflict",
    "teacher",
    "dataset",
    "database",
    "cache",
    "data root",
    "processor",
    "memory",
)


def line_of(title: str, *words: object) -> str:
    """The doctor's last line on one check."""
    lines = run_cli("doctor", *words).out.splitlines()
    return next(x for x in reversed(lines) if x[9:].startswith(title))


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_every_check_has_a_line_and_no_problem_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor, "_versions", lambda: iter([Finding("ok", "as they should be")])
    )  # whatever is installed here

    ran = run_cli("doctor")

    assert ran.code == 0
    assert all(any(line[9:].startswith(title) for line in ran.out.splitlines()) for title in TITLES)
    assert ran.out.splitlines()[-1].startswith("No problem found, ")


def test_a_broken_check_does_not_hide_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> Iterator[Finding]:
        yield Finding("ok", "so far")
        raise ValueError("odd machine")

    monkeypatch.setattr(machine, "check_cache", broken)

    ran = run_cli("doctor")

    assert ran.code == 2
    assert "problem  cache      the check itself failed: ValueError: odd machine" in ran.out
    assert all(any(line[9:].startswith(title) for line in ran.out.splitlines()) for title in TITLES)


def test_the_other_distribution_named_autodistill_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "autodistill-0.1.29.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: autodistill\nVersion: 0.1.29\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path / "site")

    line = line_of("conflict")

    assert line.startswith("problem")
    assert "autodistill 0.1.29" in line
    assert "pip uninstall autodistill" in line


@pytest.mark.parametrize(
    ("needs", "said"),
    [
        ("rich>=999", "does not fit >=999: pip install"),
        ("no-such-thing-at-all", "thing-at-all is missing: pip install"),
    ],
)
def test_a_library_that_is_missing_or_too_old_is_a_problem(
    needs: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "autodistill.cli.doctor.metadata.requires",
        lambda _: [needs, "never-asked-for; extra == 'postgres'"],
    )

    out = run_cli("doctor").out

    assert said in out
    assert "never-asked-for" not in out


@pytest.mark.parametrize("title", ["teacher", "dataset"])
def test_what_an_extra_brings_is_a_warning_when_absent(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda _: None)

    line = line_of(title)

    assert line.startswith("warn")
    assert 'pip install "kd-autodistill[embedded]"' in line


def test_a_database_that_is_not_there_yet_is_fine_and_is_not_made(tmp_path: Path) -> None:
    assert "ok " in line_of("database", "--storage", tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_database_is_shown_with_version_and_studies(tmp_path: Path) -> None:
    database = write_study(tmp_path / "x.db", outcome(0, 0.5))

    assert "tables of version 0004, 1 studies" in line_of("database", "--storage", database)


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE birds (name TEXT)")
    content = (tmp_path / "other.db").read_bytes()

    assert line_of("database", "--storage", tmp_path / "other.db").startswith("warn")
    assert (tmp_path / "other.db").read_bytes() == content


def junk(path: Path) -> Path:
    path.write_bytes(b"this is a letter, not a database " * 40)
    return path


def newer(path: Path) -> Path:
    write_study(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE autodistill_alembic_version SET version_num = '9999'")
    return path


@pytest.mark.parametrize(
    ("make", "said"), [(junk, "is not an SQLite database"), (newer, "newer autodistill")]
)
def test_a_database_that_cannot_be_used_is_a_problem(
    make: Callable[[Path], Path], said: str, tmp_path: Path
) -> None:
    line = line_of("database", "--storage", make(tmp_path / "x.db"))

    assert line.startswith("problem")
    assert said in line


def test_little_disk_is_a_warning_that_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "FEW_BYTES", 10**18)

    line = line_of("cache")

    assert line.startswith("warn")
    assert "AUTODISTILL_HOME" in line


def test_a_cache_below_a_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    junk(tmp_path / "file")
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path / "file" / "home"))

    assert line_of("cache").startswith("problem")


def test_a_data_root_is_counted_and_a_missing_one_is_a_problem(tmp_path: Path) -> None:
    for name in ("glue/sst2", "imdb"):
        (tmp_path / "root" / name).mkdir(parents=True)
        (tmp_path / "root" / name / "train-00000-of-00001.parquet").touch()

    assert "2 datasets" in line_of("data root", "--data-root", tmp_path / "root")
    assert line_of("data root", "--data-root", tmp_path / "none").startswith("problem")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("GenuineIntel flags: fma avx512_bf16 amx_bf16", "bfloat16 used"),
        ("GenuineIntel flags: fma avx512_bf16", "float32 is used"),
        ("AuthenticAMD flags: fma avx512_bf16", "bfloat16 used"),
        ("AuthenticAMD flags: fma", "float32 is used"),
    ],
)
def test_bfloat16_is_read_off_the_processors_flags(
    flags: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpuinfo").write_text(flags, encoding="utf-8")
    monkeypatch.setattr(machine, "CPU_INFO", tmp_path / "cpuinfo")

    assert said in line_of("processor")


def test_a_terminal_shows_whole_words_behind_the_title(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)

    doctor._print_row("warn", "cache", "/home/cache: 1.00 GB used, 2.0 GB free on its disk")

    assert capsys.readouterr().out.splitlines() == [
        "warn     cache      /home/cache: 1.00 GB used, 2.0",
        "                    GB free on its disk",
    ]
