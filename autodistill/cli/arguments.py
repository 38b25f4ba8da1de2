"""Readers of what a person typed; a check loads what it needs when it is called."""

from pathlib import Path

from autodistill.prepare.quantities import budget_of, parse_limits, parse_seconds
from autodistill.study.places import STORAGE

__all__ = [
    "budget_of",
    "check_place",
    "check_storage",
    "parse_limits",
    "parse_seconds",
    "quiet",
    "storage_option",
]


def storage_option(storage: str) -> str:
    """The words to add to a command so that it finds the same database."""
    return "" if storage == STORAGE else f" --storage {storage}"


def check_place(out: Path, what: str = "the recipe") -> None:
    """Refuse now what could not be written after hours of work."""
    from autodistill.storage import checks

    checks.check_place(out, what)


def check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    from autodistill.storage import checks

    checks.check_storage(storage)


def quiet() -> None:
    """Leave out bars, advice and deprecation notes of libraries: our own lines are enough."""
    from autodistill.runtime import quiet

    quiet.quiet()
