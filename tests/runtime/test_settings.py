"""Settings by environment variables, and who reads them."""

import ast
import os

import pytest

from autodistill.errors import SpecError
from autodistill.runtime import settings
from tests.paths import ROOT

READERS = {
    "runtime/settings.py": "reads what a person sets",
    "runtime/launch.py": "starts the fork server",
    "runtime/preload_begins.py": "is told by whoever started the fork server",
    "deploy/folder.py": "starts a process that loads what was written",
    "runtime/quiet.py": "sets up libraries for a process of its own",
    "study/places.py": "reads what a person sets, where an option is not given",
    "testing/_augmentations.py": "starts a process",
}


def test_only_settings_and_those_who_start_a_process_touch_the_environment() -> None:
    package = ROOT / "autodistill"

    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "putenv")
    }

    assert found == READERS.keys()


@pytest.mark.parametrize(("text", "threads"), [(None, 1), ("3", 3)])
def test_a_trial_has_one_thread_unless_a_person_says_more(
    text: str | None, threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AUTODISTILL_THREADS", raising=False)
    if text:
        monkeypatch.setenv("AUTODISTILL_THREADS", text)

    assert settings.trial_threads() == threads


@pytest.mark.parametrize("text", ["", "0", "-1", "many"])
def test_a_number_of_threads_that_is_none_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_THREADS", text)

    with pytest.raises(SpecError, match=f"AUTODISTILL_THREADS={text}: write a whole number"):
        settings.trial_threads()


def test_networks_are_separated_as_paths_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTODISTILL_STUDENT", os.pathsep.join(["a/b", "", "hub/name"]))

    assert settings.student_networks() == ["a/b", "hub/name"]
