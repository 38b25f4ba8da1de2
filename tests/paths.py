"""Places of this checkout."""

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent


def of_member(family: str, name: str) -> Path:
    """The test of its own that a member of a component family has."""
    return TESTS / "components" / family / f"test_{name}.py"
