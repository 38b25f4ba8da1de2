"""A disk that fills up: one message, nothing half-written, and the same command goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.full_disk import PLACES
from tests.paths import ROOT


@pytest.mark.parametrize(
    "places",
    [
        pytest.param([*PLACES][1::3], marks=pytest.mark.slow),
        pytest.param([*PLACES], marks=pytest.mark.long),
    ],
)
def test_places_without_room_are_one_message_each_and_go_on_with_room(
    places: list[str], tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.full_disk", str(tmp_path), *places],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    ends = [json.loads(line) for line in ran.stdout.splitlines()]
    for end in ends:
        print(end["place"], end["code"], end["message"], sep="  ")
    assert [end["place"] for end in ends] == places, ran.stderr
    for end in ends:
        assert end["code"] == 2, end
        assert end["message"], end
        assert (end["tracebacks"], end["drafts"]) == (0, []), end
        assert (end["code_with_room"], end["written"]) == (0, True), end
