"""Refusals of `worker` before it does anything."""

from pathlib import Path

import pytest

from tests.commands import refused, says


@pytest.mark.parametrize("storage", [(), ("--storage", "s.db"), ("--storage", "sqlite:///s.db")])
def test_a_file_is_refused_with_what_to_use_instead(folder: Path, storage: tuple[str, ...]) -> None:
    message = refused("--study", "films", *storage, verb="worker")

    says(message, "SQLite", "PostgreSQL", "search --workers N", storage[-1] if storage else ".db")


def test_a_worker_without_the_name_of_a_study_is_refused(folder: Path) -> None:
    says(refused(verb="worker"), "--study")


def test_a_server_that_does_not_answer_is_one_message(folder: Path) -> None:
    nowhere = "postgresql://me:secret@127.0.0.1:1/kd?connect_timeout=1"

    message = refused("--study", "films", "--storage", nowhere, verb="worker")

    says(message, "127.0.0.1", "Check that its server runs")
    assert "secret" not in message
