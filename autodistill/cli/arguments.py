"""What a person typed, read and checked before anything costly begins: the lower rooms' readers, as the verbs need them."""

from autodistill.prepare.quantities import budget_of, parse_limits, parse_seconds
from autodistill.runtime.quiet import quiet
from autodistill.storage.checks import check_place, check_storage
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
    """What to add to a command so that it finds the same database."""
    return "" if storage == STORAGE else f" --storage {storage}"
