"""Ctrl-C ends a search cleanly, and the same command goes on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import optuna
import pytest

from autodistill.search.optuna_storage import open_storage
from autodistill.storage import Store
from tests.commands import run_cli


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_finished_and_puts_the_rest_back(
    tmp_path: Path, reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [
        sys.executable,
        "-m",
        "autodistill",
        "search",
        "--dataset",
        str(reviews),
        "--teacher",
        str(teacher),
        "--storage",
        "s.db",
    ]
    search = subprocess.Popen(
        [*command, "--trials", "200"], cwd=tmp_path, stderr=subprocess.PIPE, text=True
    )
    assert search.stderr is not None
    for line in search.stderr:
        if line.startswith("trial  "):
            break
    time.sleep(0.5)

    search.send_signal(signal.SIGINT)
    rest = search.stderr.read()

    assert search.wait(timeout=30) == 130
    assert "finished trials are kept" in rest
    assert "Traceback" not in rest
    store = Store(f"sqlite:///{tmp_path / 's.db'}")
    name = store.studies()[0].name
    trials = optuna.load_study(study_name=name, storage=open_storage(store.url)).get_trials(
        deepcopy=False
    )
    assert not [t for t in trials if t.state.name == "RUNNING"]
    finished = len(store.record(name).finished)
    assert finished >= 1
    monkeypatch.chdir(tmp_path)
    again = run_cli(*command[3:], "--trials", finished + 2)
    assert again.code == 0, again.err
    assert f"going on after {finished} runs" in again.err
    assert len(store.record(name).finished) == finished + 2
