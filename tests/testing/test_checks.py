"""Checks for components of other packages: each can fail, and says all that is wrong."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import autodistill.testing
from autodistill.errors import SpecError
from autodistill.registry.slots import slots
from autodistill.testing import CHECKS, check_loss, check_member, checks_of, member_of
from tests.testing import (
    broken_augmentations,
    broken_guidance,
    broken_hooks,
    broken_losses,
    broken_rows,
)
from tests.testing.broken_losses import KnobChanged, Plain

BROKEN = {
    "augmentations": broken_augmentations.BROKEN,
    "losses": broken_losses.BROKEN,
    **broken_rows.BROKEN,
    **broken_guidance.BROKEN,
    **{slot.family: broken_hooks.BROKEN for slot in slots("stage").values() if slot.hooks},
}
CASES = [
    pytest.param(family, name, cls, id=f"{family}-{name}-{cls.__name__}")
    for family, broken in BROKEN.items()
    for name, classes in broken.items()
    for cls in classes
]


@pytest.mark.parametrize(("family", "name", "cls"), CASES)
def test_a_member_that_breaks_a_promise_is_refused(family: str, name: str, cls: type) -> None:
    member = member_of(family, cls)
    check = {c.__name__: c for c in checks_of(member)}[name]

    with pytest.raises(AssertionError):
        check(member)


@pytest.mark.parametrize("family", CHECKS)
def test_every_check_has_a_member_that_breaks_it(family: str) -> None:
    checks = {check.__name__ for check in CHECKS[family]}

    assert checks - set(BROKEN[family]) == set()


def test_the_example_in_the_docstring_runs() -> None:
    result = doctest.testmod(autodistill.testing)

    assert result.attempted == 4
    assert result.failed == 0


def test_every_broken_promise_is_named_at_once_with_its_value() -> None:
    with pytest.raises(AssertionError) as raised:
        check_loss(KnobChanged)

    lines = str(raised.value).splitlines()
    assert lines == [
        "losses 'KnobChanged' breaks 3 of 17 promises:",
        "- knobs are stored unchanged and survive json: knob 'power' is 1.0, but stored as 2.0",
        "- all five labels are written: the module's docstring has no label 'Source'; it has none",
        "- the class says what it is: kind is 'logit', but the source says None; "
        "write a literal on the class itself",
    ]


def test_an_error_in_the_member_itself_is_a_broken_promise_with_its_kind() -> None:
    with pytest.raises(AssertionError, match="KeyError: 'gone'") as raised:
        check_member("mappings", broken_rows.Raises)

    assert isinstance(raised.value.__cause__, KeyError)


def test_a_family_without_checks_is_refused_with_those_that_have_some() -> None:
    with pytest.raises(SpecError, match=r"unknown family with checks 'tutors'; there is: aug"):
        check_member("tutors", "assistant")


def test_an_unknown_name_is_refused_with_a_near_one() -> None:
    with pytest.raises(SpecError, match=r"unknown loss 'kll'.* Did you mean 'kl'\?"):
        check_loss("kll")


def test_a_class_inside_a_function_is_refused_with_what_to_do() -> None:
    class Inside(Plain):
        pass

    with pytest.raises(SpecError, match=r"Inside does not stand at the top of its module .*; move"):
        check_loss(Inside)


def test_a_class_without_a_source_file_is_refused_with_what_to_do() -> None:
    with pytest.raises(SpecError, match=r"class int has no source file .*; write it into a module"):
        check_loss(int)


def test_the_checks_need_no_test_framework(tmp_path: Path) -> None:
    code = "import autodistill.testing, sys; sys.exit('pytest' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=False).returncode == 0
