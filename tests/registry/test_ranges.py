"""Ranges: what is inside, what is refused, how a person narrows them."""

import math

import pytest

from autodistill.registry.ranges import Domain, OneOf, Real, Whole


@pytest.mark.parametrize(
    ("domain", "value"),
    [
        (Real(1.0, 16.0), 1.0),
        (Real(1.0, 16.0), 16),
        (Whole(1, 12), 12),
        (OneOf("a", "b"), "b"),
        (OneOf(0.5, 1.0), 0.5),
    ],
)
def test_both_ends_and_every_choice_are_inside(domain: Domain, value: object) -> None:
    assert domain.problem(value) is None


@pytest.mark.parametrize(
    ("domain", "value", "message"),
    [
        (Real(1.0, 16.0), 0.5, "0.5 is outside 1 to 16"),
        (Real(1.0, 16.0), math.nan, "nan is not a number"),
        (Real(1.0, 16.0), math.inf, "inf is not a number"),
        (Real(0.0, 1.0), True, "True is not a number"),
        (Real(1.0, 16.0), "4", "'4' is not a number"),
        (Whole(1, 12), 13, "13 is outside 1 to 12"),
        (Whole(1, 12), 2.0, "2.0 is not a whole number"),
        (Whole(0, 1), True, "True is not a whole number"),
        (OneOf("skip", "last"), "first", "'first' is not one of skip, last"),
    ],
)
def test_what_is_outside_is_named_with_the_range(
    domain: Domain, value: object, message: str
) -> None:
    assert domain.problem(value) == message


@pytest.mark.parametrize(
    ("domain", "wish", "narrowed"),
    [
        (Real(1.0, 16.0, log=True), [2, 8], Real(2.0, 8.0, log=True)),
        (Real(0.0, 0.1), 0.01, Real(0.01, 0.01)),
        (Whole(1, 12), [2, 4], Whole(2, 4)),
        (Whole(1, 12), 3, Whole(3, 3)),
        (OneOf(64, 128, 256), [256, 64], OneOf(256, 64)),
    ],
)
def test_narrowing_keeps_the_scale_and_takes_the_wish(
    domain: Domain, wish: object, narrowed: Domain
) -> None:
    assert domain.narrow(wish) == narrowed


@pytest.mark.parametrize(
    ("domain", "wish", "message"),
    [
        (Real(1.0, 16.0), [2, 32], "32 is outside 1 to 16"),
        (Real(1.0, 16.0), [8, 2], r"\[8, 2\] runs from high to low"),
        (Real(1.0, 16.0), [1, 2, 3], r"\[1, 2, 3\] is not \[low, high\]"),
        (Real(1.0, 16.0), ["2", "8"], r"\['2', '8'\] is not \[low, high\]"),
        (Whole(1, 12), [1.5, 2], "1.5 is not a whole number"),
        (OneOf("skip", "last"), ["skip", "first"], "'first' is not one of"),
        (OneOf("skip", "last"), "skip", "'skip' is not a list of choices"),
        (OneOf("skip", "last"), [], r"\[\] is not a list of choices"),
    ],
)
def test_a_wish_that_is_not_possible_says_why(domain: Domain, wish: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        domain.narrow(wish)
