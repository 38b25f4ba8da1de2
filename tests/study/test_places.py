"""Defaults are those of the command line: what is given, then the environment, then a constant."""

from pathlib import Path

import pytest

from autodistill.study.places import data_root_of, past_of, storage_of, teacher_of


def test_what_is_given_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORAGE", "DATA", "TEACHER", "PAST"):
        monkeypatch.setenv(f"AUTODISTILL_{name}", "0")

    assert storage_of(Path("own.db")) == "own.db"
    assert data_root_of("data") == Path("data")
    assert teacher_of(Path("mine")) == "mine"
    assert past_of(True) is True


def test_then_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("STORAGE", "e.db"),
        ("DATA", "e"),
        ("TEACHER", "e"),
        ("PAST", "No"),
    ):
        monkeypatch.setenv(f"AUTODISTILL_{name}", value)

    assert (storage_of(None), data_root_of(None)) == ("e.db", Path("e"))
    assert (teacher_of(""), past_of(None)) == ("e", False)


def test_else_there_are_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("STORAGE", "DATA", "TEACHER", "PAST"):
        monkeypatch.delenv(f"AUTODISTILL_{name}", raising=False)

    assert (storage_of(None), data_root_of(None)) == ("autodistill.db", None)
    assert (teacher_of(""), past_of(None)) == ("embedded", True)
