"""The store under threads, under sudden death, and in a fresh process."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from autodistill.storage import Store
from autodistill.study.study import Study
from tests.storage.outcomes import Make


def test_two_threads_adding_at_once_lose_nothing(
    store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})

    def add(numbers: range) -> None:
        for number in numbers:
            store.add(study.name, make_outcome(number))

    threads = [threading.Thread(target=add, args=(range(start, 20, 2),)) for start in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [o.number for o in store.record(study.name).outcomes] == list(range(20))


ADD = """
import os, signal, sys
from dataclasses import replace
from autodistill.storage import Store
store = Store(sys.argv[1])
first = store.record(sys.argv[2]).outcomes[0]
for number in range(int(sys.argv[3]), int(sys.argv[4]), 2):
    store.add(sys.argv[2], replace(first, number=number))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is of POSIX")
def test_what_two_processes_added_survives_their_sudden_death(
    url: str, store: Store, study: Study, make_outcome: Make
) -> None:
    store.begin(study, {})
    store.add(study.name, make_outcome(0))

    workers = [
        subprocess.Popen([sys.executable, "-c", ADD, url, study.name, start, "9"])
        for start in ("1", "2")
    ]

    assert [w.wait(60) for w in workers] == [-signal.SIGKILL] * 2
    assert [o.number for o in store.record(study.name).outcomes] == list(range(9))


def test_opening_a_store_loads_neither_optuna_nor_torch(tmp_path: Path) -> None:
    code = (
        "import sys, json; from autodistill.storage import Store; "
        "Store(sys.argv[1]); print(json.dumps(sorted(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "s.db")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert not {"optuna", "torch", "lightning", "transformers", "pandas"} & set(
        json.loads(done.stdout)
    )
