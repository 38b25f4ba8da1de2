"""The beginning of a command: what it loads, and that it says so."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autodistill.cli.start import start
from autodistill.search.campaign import restore
from autodistill.storage import Store
from tests.recommend.studies import past
from tests.surveys import survey

SLOW = ("lightning", "sympy", "torch._dynamo")
"""Libraries that only a training needs; they double the seconds to a command's first line."""


def test_commands_say_their_first_line_before_what_a_training_needs_is_loaded() -> None:
    modules = "autodistill.search.loop, autodistill.search.forecast, autodistill.deploy.full_run"
    code = f"import {modules}, sys; print(*[m for m in {SLOW} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


@pytest.mark.parametrize(
    "words",
    [
        ["search", "--dataset", "reviws.csv"],
        ["plan", "--dataset", "bbc-news", "--unlabelled", "reviws.csv"],
        ["score", "--dataset", "reviws.csv"],
        ["recommend", "--dataset", "reviws.csv"],
    ],
)
def test_a_path_that_is_not_there_is_said_before_torch_is_loaded(
    words: list[str], tmp_path: Path
) -> None:
    code = (
        "import atexit, sys\n"
        "from autodistill.__main__ import main\n"
        "atexit.register(lambda: print('torch' in sys.modules))\n"
        f"sys.argv = ['', *{words}]\n"
        "main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (2, "False\n")
    assert "no file or folder reviws.csv" in done.stderr
    assert ("--unlabelled: " in done.stderr) == ("--unlabelled" in words)


def test_a_report_loads_neither_scikit_learn_nor_pandas(tmp_path: Path) -> None:
    database, page = str(tmp_path / "x.db"), tmp_path / "report.html"
    restore(survey(mixup=0.03), "tiny", Store(database))
    code = (
        "import atexit, sys\n"
        "from autodistill.__main__ import main\n"
        "named = {'sklearn', 'pandas', 'optuna.importance'}\n"
        "atexit.register(lambda: print('loaded', *sorted(named & {*sys.modules})))\n"
        f"sys.argv = ['', 'report', 'tiny', '--storage', {database!r}, '--out', {str(page)!r}]\n"
        "main()"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert page.is_file()
    assert done.stdout.splitlines()[-1] == "loaded optuna.importance"


def test_a_report_tells_of_past_studies_in_a_process_of_its_own(tmp_path: Path) -> None:
    database, page = str(tmp_path / "x.db"), tmp_path / "report.html"
    restore(survey(mixup=0.03), "tiny", store := Store(database))
    store.update_facts("tiny", {"fingerprint": past(0).facts.fingerprint})
    words = ("report", "tiny", "--storage", database, "--out", str(page))
    code = (
        "import atexit, sys\n"
        "from autodistill.__main__ import main\n"
        "atexit.register(lambda: print(*sorted({'sklearn', 'scipy.stats'} & {*sys.modules})))\n"
        f"sys.argv = ['', *{words}]\n"
        "main()"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "AUTODISTILL_PAST": "1"},
    )

    assert done.stdout.splitlines()[-1] == ""
    assert "Past studies of datasets like this one" in page.read_text(encoding="utf-8")


def test_a_program_hears_at_once_that_a_command_has_begun(
    capsys: pytest.CaptureFixture[str],
) -> None:
    start("json", as_json=True)

    assert json.loads(capsys.readouterr().out) == {"event": "note", "text": "loading"}
