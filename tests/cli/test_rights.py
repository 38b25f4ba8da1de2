"""Who else can read a database or the cache."""

import os
from pathlib import Path

import pytest

from tests.commands import run_cli, says
from tests.records import outcome, write_study

pytestmark = pytest.mark.usefixtures("folder")


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_a_new_database_can_be_read_by_its_owner_alone(umask: int, folder: Path) -> None:
    before = os.umask(umask)
    try:
        write_study(folder / "x.db", outcome(0, 0.9))
    finally:
        os.umask(before)

    assert {p.name: oct(p.stat().st_mode & 0o777) for p in folder.iterdir()} == {
        p.name: "0o600" for p in folder.iterdir()
    }


def test_the_doctor_says_who_else_can_read_a_database(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9)).chmod(0o644)

    ran = run_cli("doctor", "--storage", "x.db")

    says(ran.out, "warn     database   x.db can be read by other users", "chmod -R go-rwx x.db")


def test_the_doctor_says_who_else_can_read_the_cache(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = folder / "home"
    home.mkdir()
    home.chmod(0o750)
    monkeypatch.setenv("AUTODISTILL_HOME", str(home))

    says(run_cli("doctor").out, f"warn     cache      {home} can be read by other users")
