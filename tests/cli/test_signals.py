"""Commands that are told to end in the middle, and what they leave."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from autodistill.runtime import interrupts
from tests.interrupted import PHASES
from tests.paths import ROOT

ASKING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
"""The signals of service managers, keyboards and terminals; tests/runtime has the others."""
FATAL = (signal.SIGKILL,)
"""Nothing can be done then; what was made is kept, and cleared up by the next command."""


def ends(folder: Path, numbers: tuple[signal.Signals, ...]) -> list[dict[str, Any]]:
    """How each phase ends by each signal; the table is printed."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.interrupted", str(folder), *(n.name for n in numbers)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [json.loads(line) for line in ran.stdout.splitlines()]
    for end in found:
        print(
            *(end[k] for k in ("phase", "signal", "code", "seconds", "orphans", "kept")), sep="  "
        )
    assert len(found) == len(PHASES) * len(numbers), ran.stderr
    return found


@pytest.mark.parametrize(
    "numbers",
    [
        pytest.param(ASKING[:1], marks=pytest.mark.slow),
        pytest.param(ASKING, marks=pytest.mark.long),
    ],
)
def test_a_signal_in_any_phase_is_one_line_its_code_and_nothing_half_written(
    numbers: tuple[signal.Signals, ...], tmp_path: Path
) -> None:
    found = ends(tmp_path, numbers)

    for end in found:
        number = signal.Signals[end["signal"]]
        assert end["code"] == 128 + number, end
        assert end["lines"] == [f"autodistill: interrupted by {number.name}; {interrupts.KEPT}"]
        assert (end["tracebacks"], end["drafts"], end["orphans"]) == (0, [], 0), end


@pytest.mark.long
def test_a_death_in_any_phase_leaves_no_process(tmp_path: Path) -> None:
    found = ends(tmp_path, FATAL)

    assert {end["code"] for end in found} == {-number for number in FATAL}
    assert {end["orphans"] for end in found} == {0}


STOPS_IN_IMPORT = """
import os, signal, sys

class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == "torch.nn":
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGSTOP)

sys.meta_path.insert(0, Stop())
"""


def test_a_signal_while_slow_libraries_are_imported_is_one_line(
    tmp_path: Path, reviews: Path
) -> None:
    (tmp_path / "sitecustomize.py").write_text(STOPS_IN_IMPORT, encoding="utf-8")
    command = [sys.executable, "-m", "autodistill", "plan", "--dataset", str(reviews)]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)

    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGCONT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 143
    assert said == f"autodistill: interrupted by SIGTERM; {interrupts.KEPT}\n"


@pytest.mark.slow
def test_a_signal_to_the_whole_group_fails_no_trial(
    tmp_path: Path, reviews: Path, teacher: Path
) -> None:
    from autodistill.storage import Store

    words = ("--dataset", str(reviews), "--teacher", str(teacher), "--storage", "s.db")
    search = subprocess.Popen(
        [sys.executable, "-m", "autodistill", "search", *words, "--trials", "200"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert search.stderr is not None
    for line in search.stderr:
        if line.startswith("trial  "):
            break
    family = psutil.Process(search.pid).children(recursive=True)

    os.killpg(search.pid, signal.SIGTERM)
    search.communicate(timeout=60)

    assert search.returncode == 143
    store = Store(str(tmp_path / "s.db"))
    record = store.record(store.studies()[0].name)
    assert {o.status for o in record.finished} <= {"complete", "stopped"}
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
