"""The loss of docs/recipes/own-loss.md, as a class of a program and as a package."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples import blocks, install_own_loss, write_own_loss
from tests.fakes import sentences, tiny_teacher, write_csv
from tests.paths import ROOT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the package of the page."""
    install_own_loss(tmp_path)
    return tmp_path


def python(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter that finds the package."""
    paths = os.pathsep.join((str(place), str(ROOT)))
    return subprocess.run(
        [sys.executable, *words],
        cwd=place,
        env={**os.environ, "PYTHONPATH": paths, "AUTODISTILL_TEACHER": "my_model"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_keeps_what_every_loss_promises(place: Path) -> None:
    ran = python(place, "-c", blocks("python")[2])

    assert ran.returncode == 0, ran.stderr


def test_its_package_makes_it_a_loss_of_the_command_line(place: Path) -> None:
    ran = python(place, "-m", "autodistill", "show", "losses", "brier")

    assert ran.stdout.startswith("losses brier: Squared distance"), ran.stderr
    assert re.search(r"^temperature +1\.\.8 log +2\.0$", ran.stdout, re.MULTILINE)


def test_its_space_leaves_every_other_slot_to_the_defaults(place: Path) -> None:
    ran = python(place, "-m", "autodistill", "show", "spaces", "brier.toml")

    assert ran.returncode == 0, ran.stderr
    assert "temperature 1..4" in ran.stdout


@pytest.mark.slow
def test_its_script_runs(tmp_path: Path) -> None:
    write_own_loss(tmp_path)
    write_csv(tmp_path / "reviews.csv", sentences(200))
    tiny_teacher(tmp_path / "my_model", labels=("LABEL_0", "LABEL_1"))
    script = blocks("python")[1].replace(', "kl": {}', "")
    script = script.replace('budget="20m"', "trials=3, workers=1")

    ran = python(tmp_path, "-c", script)

    assert ran.returncode == 0, ran.stderr
    assert "·brier(temperature=2)" in ran.stdout
