"""What contract tests of several families share."""

from typing import Any

from autodistill.registry import families
from autodistill.registry.ranges import OneOf

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
    knobs = families.card(kind, name).knobs.values()
    return [
        {k.name: end}
        for k in knobs
        for end in (
            k.domain.choices if isinstance(k.domain, OneOf) else (k.domain.low, k.domain.high)
        )
    ]
