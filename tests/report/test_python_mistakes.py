"""A search in Python: what it refuses, and how it is interrupted."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import autodistill as ad
from autodistill.storage import Store
from tests.commands import run_cli


@pytest.mark.parametrize("studies", [[], "name"])
def test_a_report_of_no_list_is_refused(studies: list[str], tmp_path: Path) -> None:
    with pytest.raises(ad.SpecError, match="a list of studies"):
        ad.report(studies, tmp_path / "page.html")


def test_mistakes_have_the_messages_of_the_command_line(folder: Path) -> None:
    mistakes: tuple[tuple[Callable[[], object], tuple[str, ...]], ...] = (
        (lambda: ad.search("no_such.csv", budget="1m"), ("search", "--dataset", "no_such.csv")),
        (
            lambda: ad.search("digits", budget="20"),
            ("search", "--dataset", "digits", "--budget", "20"),
        ),
        (
            lambda: ad.search(ad.Study("digits", space="qick"), trials=1),
            ("search", "--dataset", "digits", "--space", "qick"),
        ),
        (
            lambda: ad.load_study("none", storage="a.db"),
            ("recommend", "--study", "none", "--storage", "a.db"),
        ),
    )
    for call, words in mistakes:
        with pytest.raises(ad.AutodistillError) as caught:
            call()

        assert f"autodistill: {caught.value}\n" in run_cli(*words).err


def test_a_folder_without_a_student_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ad.SpecError, match="no folder of a student"):
        ad.Student(tmp_path)


STOPPED = """
import sys
import autodistill as ad
ad.search(ad.Study(sys.argv[1], teacher=sys.argv[2]), trials=200, workers=2, \
storage="s.db", past=False)
"""


@pytest.mark.slow
def test_ctrl_c_raises_keyboard_interrupt_and_keeps_what_is_finished(
    tmp_path: Path, reviews: Path, teacher: Path
) -> None:
    (tmp_path / "script.py").write_text(STOPPED)
    script = subprocess.Popen(
        [sys.executable, "script.py", str(reviews), str(teacher)],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert script.stderr is not None
    for line in script.stderr:
        if line.startswith("trial  "):
            break
    time.sleep(0.5)

    script.send_signal(signal.SIGINT)
    rest = script.stderr.read()

    script.wait(timeout=60)
    name = Store(f"sqlite:///{tmp_path / 's.db'}").studies()[0].name
    assert f"KeyboardInterrupt: everything finished is kept: load_study('{name}')" in rest
    kept = ad.load_study(name, storage=tmp_path / "s.db")
    assert len(kept.record.finished) >= 1
