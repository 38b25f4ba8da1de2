"""Shared by the contract tests of several families."""

from typing import Any

from autodistill.registry import families
from autodistill.testing import member_of

OF_IMAGES = [
    n
    for n in families.names("augmentations")
    if families.card("augmentations", n).traits.get("reads") == "images"
]
ALONE = [
    n
    for n in families.names("augmentations")
    if n not in OF_IMAGES and not families.card("augmentations", n).traits.get("variables")
]
"""Augmentations of texts that need no other network."""


def corners(kind: str, name: str) -> list[dict[str, Any]]:
    """Every knob at each of its ends, the others at their defaults."""
    return [values for values in member_of(kind, name).settings() if values]
