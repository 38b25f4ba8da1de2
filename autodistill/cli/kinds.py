"""Kinds of things that `ls` and `show` know, and the families that hold them."""

from autodistill.errors import SpecError, choose_from
from autodistill.registry import families

FAMILY_OF = {"datasets": "tasks"}
"""By a kind's name on the command line: its family, where the registry calls that otherwise."""
KINDS = (
    *sorted({*families.FAMILIES, *FAMILY_OF} - set(FAMILY_OF.values())),
    "spaces",
    "studies",
)
"""Every kind, as a person types it."""
_KIND_OF = {family: kind for kind, family in FAMILY_OF.items()}


def read_kind(what: str) -> str:
    """The kind of this name, or of this family; raises SpecError."""
    kind = _KIND_OF.get(what, what)
    if kind not in KINDS:
        raise SpecError(choose_from("kind", what, KINDS))
    return kind


def family_of(kind: str) -> str:
    """The registry's name of a kind."""
    return FAMILY_OF.get(kind, kind)
