"""The fork server, started before it is needed."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.paths import ROOT

SCRIPT = """
import os
from multiprocessing import forkserver, get_context
from autodistill.runtime.launch import warm_up

warm_up(["fractions"])
begun = forkserver._forkserver._forkserver_pid
worker = get_context("forkserver").Process(target=os.getppid)
worker.start()
worker.join()
print(worker.exitcode, forkserver._forkserver._forkserver_pid == begun)
# only now: until the new process has begun its program, its environment reads as this one's
with open(f"/proc/{begun}/environ", "rb") as file:
    print(b"OMP_NUM_THREADS=1" in file.read())
print(os.environ.get("OMP_NUM_THREADS"))
"""
COLLECTOR = """
import gc, sys
from autodistill.runtime.launch import launching, preloading

with launching(__name__):
    pool = preloading(sys.argv[1:]).Pool(1)
print(pool.apply(gc.isenabled), pool.apply(gc.get_freeze_count) > 10_000)
pool.close()  # its processes heed no signal, so that they cannot be terminated
pool.join()
"""
KILLED = """
import os, signal, sys
from multiprocessing import forkserver, util
from autodistill.runtime.launch import launching, preloading, warm_up

warm_up(sys.argv[1:])
if not sys.argv[1:]:
    with launching(__name__):
        worker = preloading([]).Process(target=bool)
        worker.start()
    worker.join()
print(forkserver._forkserver._forkserver_pid, util.get_temp_dir(), flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("slow", [(), ("loads_for_a_minute",)])
def test_a_fork_server_ends_with_a_killed_coordinator_and_leaves_no_file(
    slow: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "loads_for_a_minute.py").write_text("import time; time.sleep(60)")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(tmp_path)])}

    done = subprocess.run(
        [sys.executable, "-c", KILLED, *slow], capture_output=True, text=True, check=False, env=env
    )

    server, folder = done.stdout.split()
    assert psutil.wait_procs([*there(int(server))], timeout=5)[1] == []
    assert not Path(folder).exists()


def there(process: int) -> Iterator[psutil.Process]:
    """This process, unless it has ended."""
    with suppress(psutil.NoSuchProcess):
        yield psutil.Process(process)


def test_workers_are_forked_from_the_server_that_was_warmed_up() -> None:
    here = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=here
    )

    assert done.stdout.split() == ["0", "True", "True", "None"]


@pytest.mark.slow
@pytest.mark.parametrize("module", ["autodistill.training.preload", "no_such_module"])
def test_workers_look_for_garbage_but_not_among_what_they_inherit(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", COLLECTOR, module], capture_output=True, text=True, check=True
    )

    assert done.stdout.split() == ["True", "True"]
