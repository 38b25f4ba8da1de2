"""Promises of every member, over the folders of all families with checks.

See autodistill.testing.
"""

import pytest

from autodistill.registry import families
from autodistill.testing import CHECKS, Check, Member, checks_of, member_of
from tests.paths import of_member

MEMBERS = [member_of(family, name) for family in CHECKS for name in families.names(family)]
every_member = pytest.mark.parametrize(
    "member", MEMBERS, ids=lambda m: f"{m.card.family}-{m.card.name}"
)


@pytest.mark.parametrize(
    ("member", "check"),
    [
        pytest.param(m, check, id=f"{m.card.family}-{m.card.name}-{check.__name__}")
        for m in MEMBERS
        for check in checks_of(m)
    ],
)
def test_a_member_keeps_a_promise_of_its_family(member: Member, check: Check) -> None:
    check(member)


@every_member
def test_every_member_has_its_own_test(member: Member) -> None:
    family, name = member.card.family, member.card.name
    if not (families.folder(family) / f"{name}.py").exists():
        pytest.skip("from another package")

    assert of_member(family, name).exists()
