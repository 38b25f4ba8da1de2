"""Libraries' objects are not looked through for garbage: not in a worker, not at the end."""

import subprocess
import sys

import pytest

IN_THE_FORK_SERVER = """
import gc
import autodistill.runtime.uncollected
print(gc.isenabled())
import autodistill.training.preload
print(gc.isenabled(), gc.get_freeze_count() > 100_000)
"""
AT_THE_END = """
import atexit, gc, sys
from autodistill.__main__ import main
atexit.register(lambda: print(gc.get_threshold()[0] > 700, gc.get_freeze_count() > 1_000))
sys.argv = ["autodistill", "--version"]
main()
"""


@pytest.mark.parametrize(
    ("script", "last"),
    [(IN_THE_FORK_SERVER, ["False", "True", "True"]), (AT_THE_END, ["True", "True"])],
)
def test_no_time_goes_into_objects_that_stay(script: str, last: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout.split()[-len(last) :] == last
