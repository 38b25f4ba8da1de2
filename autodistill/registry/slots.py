"""Slots: the places of a pipeline, each declared by the family whose members fill it.

A family's `__init__.py` holds `SLOT = Slot(...)`, or `SLOTS = (Slot(...), ...)` where its members
fill several. This is the only list of them: pipelines, spaces, rules, recipes, listings and
reports read it. It is read from the source, so that it never imports torch.
"""

import ast
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from autodistill.registry.families import FAMILIES, folder


@dataclass(frozen=True)
class Slot:
    """One place of a pipeline."""

    name: str
    order: int
    """Among the slots: in which order they are sampled, listed and written."""
    place: Literal["core", "loss", "feature", "stage"]
    """`core`: a part of every pipeline. `loss`: the loss of one term. `feature`: a part of the
    feature term. `stage`: a part that a pipeline may be without."""
    default: str
    """The member that is taken where a space leaves the slot out, at its default values."""
    needs: tuple[str, ...] = ()
    """Slots that must be filled for this one to be."""
    bars: tuple[str, ...] = ()
    """Slots that must be empty for this one to be filled."""
    optional: bool = False
    """May stay empty: a space says so with the choice `none`. Stages always may."""
    hooks: bool = False
    """Its members are `components.Hook`s: a training calls them, and nothing else needs to."""
    given: str = ""
    """A condition of the task (an attribute of `study.rules.Conditions`).

    Without it the slot is not there; with it a space that does not name the slot has all members
    that are `offered`.
    """
    family: str = ""
    """The folder of its members; filled in when the declaration is read."""

    @property
    def may_be_absent(self) -> bool:
        """Whether a space without this slot has no choice for it at all."""
        return self.place == "stage" or (self.place == "feature" and self.default == "none")


@cache
def slots(*places: str) -> dict[str, Slot]:
    """All slots by name in their order; with `places`, those of these kinds only."""
    declared = sorted((s for f in FAMILIES for s in _declared(f)), key=lambda s: s.order)
    return {s.name: s for s in declared if not places or s.place in places}


def _declared(family: str) -> list[Slot]:
    """The slots that a family's `__init__.py` declares."""
    tree = ast.parse((folder(family) / "__init__.py").read_text(encoding="utf-8"))
    calls = [
        call
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) in ("SLOT", "SLOTS")
        for call in (node.value.elts if isinstance(node.value, ast.Tuple) else [node.value])
        if isinstance(call, ast.Call)
    ]
    return [replace(_slot(call), family=family) for call in calls]


def _slot(call: ast.Call) -> Slot:
    named = {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
    slot = Slot(*map(ast.literal_eval, call.args), **named)
    return replace(slot, optional=slot.optional or slot.place == "stage")
