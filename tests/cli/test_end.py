"""The end of a command: right after its last line."""

import subprocess
import sys

SCRIPT = """
import atexit, gc, sys
from autodistill.__main__ import main
atexit.register(lambda: print(gc.get_threshold()[0] > 700, gc.get_freeze_count() > 1_000))
sys.argv = ["autodistill", "--version"]
main()
"""


def test_no_time_goes_into_objects_that_stay() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert done.stdout.split()[-2:] == ["True", "True"]
