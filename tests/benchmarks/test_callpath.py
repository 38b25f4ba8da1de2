"""The tool that counts files on the way of a study: what it counts."""

import re
import subprocess
import sys

import pytest

from tests.paths import ROOT

SEARCH = (
    "search --dataset reviews.csv --teacher teacher --space small.toml --study films --trials 33 "
    "--closing-share 0 --workers 1"
)


@pytest.mark.slow  # a search of its own, under a profiler: 15 s
def test_a_study_reaches_its_first_trial_without_a_return_and_within_twenty_files() -> None:
    tool = [sys.executable, "-m", "benchmarks.callpath", "--carried", "--until"]

    done = subprocess.run(
        [*tool, "search/spend.py:spend", "--", *SEARCH.split()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    counts = [int(n) for n in re.findall(r"\d+", done.stdout.splitlines()[2])]
    files, returns = counts[0], counts[-1]
    assert 5 <= files <= 20
    assert returns == 0
