"""A search that is killed at random moments ends with exactly the runs that were asked for."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from autodistill.storage import Store
from tests.search.totals import faults

TRIALS, KILLS = 24, 10


@pytest.mark.long
def test_kills_lose_and_repeat_nothing(tmp_path: Path, reviews: Path, teacher: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "autodistill",
        "search",
        "--dataset",
        str(reviews),
        "--teacher",
        str(teacher),
    ]
    command += ["--trials", str(TRIALS), "--workers", "2", "--storage", "s.db"]
    draw = random.Random(os.environ.get("AUTODISTILL_KILL_SEED", "7"))
    finished_at_kill = []
    for _ in range(KILLS):
        search = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        _wait_for_line(search, b"study ")
        time.sleep(draw.uniform(0.0, 4.0))
        search.send_signal(signal.SIGKILL)
        search.wait()
        finished_at_kill.append(_finished(tmp_path))

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    store = Store(f"sqlite:///{tmp_path / 's.db'}")
    name = store.studies()[0].name
    outcomes = store.record(name).finished
    assert finished_at_kill == sorted(finished_at_kill), "a finished run was lost"
    assert len(outcomes) == TRIALS
    assert faults(store.url, name, outcomes) == []


def _wait_for_line(process: "subprocess.Popen[bytes]", head: bytes) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(head):
            return
    raise AssertionError("the search ended before it began")


def _finished(folder: Path) -> int:
    store = Store(f"sqlite:///{folder / 's.db'}")
    return sum(len(store.record(s.name).finished) for s in store.studies())
