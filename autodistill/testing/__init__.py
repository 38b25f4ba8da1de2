"""Checks for components of your own: the same that every member of this package passes.

They need no test framework. `check_member` takes a member's registered name, or a class that need
not be registered, and raises one AssertionError that names every promise that is broken:

>>> from autodistill.components.losses.kl import KL
>>> from autodistill.testing import check_loss, check_member
>>> check_loss(KL)
>>> check_member("mappings", "skip")

In a test with pytest each promise is a case of its own:

    from autodistill.testing import checks_of, member_of
    from my_package.my_loss import MyLoss

    LOSS = member_of("losses", MyLoss)

    @pytest.mark.parametrize("check", checks_of(LOSS))
    def test_my_loss_keeps_what_every_loss_promises(check):
        check(LOSS)

Shapes are checked too, where a conftest.py says
`jaxtyping.install_import_hook("my_package", "beartype.beartype")`.
"""

from collections.abc import Mapping

from autodistill.errors import SpecError, choose_from
from autodistill.registry.slots import slots
from autodistill.testing._augmentations import AUGMENTATIONS, WITH_A_NETWORK
from autodistill.testing._guidance import SCHEDULES, TARGETS, WEIGHTINGS
from autodistill.testing._hooks import HOOKS
from autodistill.testing._losses import LOSSES
from autodistill.testing._mappings import MAPPINGS
from autodistill.testing._members import Check, Member, member_of
from autodistill.testing._mixups import MIXUPS
from autodistill.testing._optimizers import OPTIMIZERS
from autodistill.testing._samplings import SAMPLINGS, TRANSFERS

__all__ = [
    "CHECKS",
    "Check",
    "Member",
    "check_augmentation",
    "check_loss",
    "check_mapping",
    "check_member",
    "checks_of",
    "member_of",
]

CHECKS: Mapping[str, tuple[Check, ...]] = {
    "augmentations": AUGMENTATIONS,
    "losses": LOSSES,
    "mappings": MAPPINGS,
    "mixups": MIXUPS,
    "optimizers": OPTIMIZERS,
    "samplings": SAMPLINGS,
    "schedules": SCHEDULES,
    "targets": TARGETS,
    "transfers": TRANSFERS,
    "weightings": WEIGHTINGS,
    **{slot.family: HOOKS for slot in slots("stage").values() if slot.hooks},
}
"""Families with checks, and what a member of each promises."""


def checks_of(member: Member) -> tuple[Check, ...]:
    """Every promise of this member, as a function that raises AssertionError where it is broken."""
    if member.card.family not in CHECKS:
        raise SpecError(choose_from("family with checks", member.card.family, tuple(CHECKS)))
    if getattr(member.cls, "variables", ()):
        return WITH_A_NETWORK
    return CHECKS[member.card.family]


def check_member(family: str, subject: str | type) -> None:
    """Raise one AssertionError with every promise that this member breaks."""
    member, broken = member_of(family, subject), []
    checks = checks_of(member)
    for check in checks:
        try:
            check(member)
        except Exception as error:
            broken.append((check.__name__.replace("_", " "), error))
    if broken:
        lines = [f"- {name}: {_said(error)}" for name, error in broken]
        head = f"{member} breaks {len(broken)} of {len(checks)} promises:"
        errors = [error for _, error in broken]
        bug = next((e for e in errors if not isinstance(e, AssertionError)), errors[0])
        raise AssertionError("\n".join([head, *lines])) from bug


def check_loss(subject: str | type) -> None:
    """Check a loss, by its registered name or its class."""
    check_member("losses", subject)


def check_mapping(subject: str | type) -> None:
    """Check a mapping of layers, by its registered name or its class."""
    check_member("mappings", subject)


def check_augmentation(subject: str | type) -> None:
    """Check an augmentation, by its registered name or its class."""
    check_member("augmentations", subject)


def _said(error: Exception) -> str:
    kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
    return kind + str(error)
