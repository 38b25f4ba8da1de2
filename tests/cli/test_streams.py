"""Standard streams that are closed, full or of another encoding; surroundings that are odd."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from autodistill.study.recipe import Recipe
from tests.commands import run_cli
from tests.paths import ROOT
from tests.records import outcome, write_study


def shell(folder: Path, line: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """A line of the shell in which $A is the command; what stands in `env` is set."""
    command = f"{sys.executable} -m autodistill"
    known: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **env}
    return subprocess.run(
        ["bash", "-c", line.replace("$A", command)],
        cwd=folder,
        env=known,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )


def test_a_reader_that_leaves_costs_no_recipe(tmp_path: Path) -> None:
    write_study(tmp_path / "x.db", outcome(0, 0.8), outcome(1, 0.9))

    ran = shell(
        tmp_path,
        "$A recommend --study tiny --storage x.db --out r.toml 2>&1 | true; echo ${PIPESTATUS[0]}",
    )

    assert ran.stdout == "0\n"
    assert Recipe.load(tmp_path / "r.toml").epochs
    assert ran.stderr == ""


@pytest.mark.parametrize(
    "line",
    [
        "$A ls losses | head -1; test ${PIPESTATUS[0]} = 0",
        "$A ls losses >&-",
        "$A ls losses <&- >&- 2>&-",
        "$A show losses kl 2>&-",
        "$A --help | true",
        "$A ls losses 2>&1 | true",
    ],
)
def test_a_closed_stream_is_no_error(line: str, tmp_path: Path) -> None:
    ran = shell(tmp_path, line)

    assert ran.returncode == 0
    assert ran.stderr == ""


def test_a_refusal_keeps_its_code_when_nobody_hears_it(tmp_path: Path) -> None:
    assert shell(tmp_path, "$A ls nonsense 2>&-").returncode == 2


def test_a_database_opened_with_closed_streams_holds_no_output(tmp_path: Path) -> None:
    write_study(tmp_path / "x.db", outcome(0, 0.8))

    ran = shell(tmp_path, "$A ls studies --storage x.db <&- >&- 2>&-; $A ls studies --storage x.db")

    assert "tiny" in ran.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_an_answer_that_finds_no_room_is_one_message(tmp_path: Path) -> None:
    ran = shell(tmp_path, "$A ls losses > /dev/full")

    assert ran.returncode == 2
    assert ran.stderr == (
        "autodistill: the answer could not be written in full: the disk is full.\n"
    )


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1", "TERM": "dumb", "NO_COLOR": "1"},
        {"COLUMNS": "1"},
        {"COLUMNS": "wide", "TERM": ""},
    ],
)
def test_a_poor_terminal_gets_what_it_can_show(env: dict[str, str], tmp_path: Path) -> None:
    write_study(tmp_path / "x.db", outcome(0, 0.8), name="étude-✓")

    ran = shell(tmp_path, "$A ls studies --storage x.db && $A show losses kl", **env)

    assert ran.returncode == 0, ran.stderr
    assert "tude-" in ran.stdout.replace("\n", "")
    assert ran.stderr == ""


def test_bytes_that_are_no_text_are_one_message(tmp_path: Path) -> None:
    ran = shell(tmp_path, "$A plan --dataset $'caf\\xe9.csv'")

    assert ran.returncode == 2
    assert ran.stderr.startswith("autodistill: caf\\udce9.csv: these bytes are not utf-8")


def test_a_working_folder_that_is_gone_is_one_message(tmp_path: Path) -> None:
    ran = shell(tmp_path, "mkdir gone && cd gone && rmdir ../gone && $A ls losses")

    assert ran.returncode == 2
    assert ran.stderr.startswith("autodistill: the working folder does not exist any more")


URL = "postgresql://me:se:cr@et@localhost:1/x?sslpassword=secret2"


@pytest.mark.parametrize(
    "words",
    [
        ("doctor",),
        ("ls", "studies"),
        ("recommend", "--study", "x"),
        ("search", "--dataset", "bbc-news"),
        ("report", "x"),
    ],
    ids=lambda words: words[0],
)
def test_a_password_is_never_shown(words: tuple[str, ...]) -> None:
    ran = run_cli(*words, "--storage", URL)

    assert ran.code == 2
    assert "se:cr" not in ran.out + ran.err
    assert "secret2" not in ran.out + ran.err


def test_a_traceback_holds_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    from autodistill.__main__ import show_bug

    error = RuntimeError(f"cannot reach {URL}")

    show_bug(RuntimeError, error, None)

    assert capsys.readouterr().err == (
        "RuntimeError: cannot reach postgresql://me:***@localhost:1/x?sslpassword=***\n"
    )
