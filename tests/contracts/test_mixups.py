"""What every member of the family mixups promises, over the whole folder."""

from typing import Any

import numpy as np
import pytest
import torch

from autodistill.components.mixups import Mix, Mixup
from autodistill.registry import families
from autodistill.registry.ranges import OneOf
from tests.contracts.members import corners
from tests.paths import of_member

every_mixup = pytest.mark.parametrize("name", families.names("mixups"))


def draw(name: str, rows: int, seed: int = 0, **values: Any) -> Mix:
    """One mix."""
    made: Mixup = families.build("mixups", name, values)
    return made.draw(rows, np.random.default_rng(seed))


@every_mixup
def test_shares_are_shares_and_partners_are_rows_at_both_ends_of_every_knob(name: str) -> None:
    for values in corners("mixups", name):
        for rows in (1, 2, 3, 32):
            mix = draw(name, rows, **values)

            assert mix.share.shape == mix.partner.shape == (rows,)
            assert mix.share.dtype == torch.float32
            assert bool(((mix.share >= 0) & (mix.share <= 1)).all())
            assert bool(((mix.partner >= 0) & (mix.partner < rows)).all())


@every_mixup
def test_the_random_numbers_are_those_of_the_caller(name: str) -> None:
    one, same, other = draw(name, 32), draw(name, 32), draw(name, 32, seed=1)

    assert torch.equal(one.share, same.share)
    assert torch.equal(one.partner, same.partner)
    assert not torch.equal(one.share, other.share)


@every_mixup
def test_knobs_are_stored_unchanged_with_defaults_in_their_ranges(name: str) -> None:
    knobs = families.card("mixups", name).knobs
    defaults = families.build("mixups", name, {})

    assert [
        k.name
        for k in knobs.values()
        if k.domain.problem(k.default) or getattr(defaults, k.name) != k.default
    ] == []
    assert all(
        {k: getattr(families.build("mixups", name, v), k) for k in v} == v
        for v in corners("mixups", name)
    )


@every_mixup
def test_the_teacher_is_interpolated_asked_or_silent_about_half_a_batch_at_most(name: str) -> None:
    domain = families.card("mixups", name).knobs["teacher"].domain
    assert isinstance(domain, OneOf)

    assert (
        {"interpolate", "silent"} <= set(domain.choices) <= {"interpolate", "consistent", "silent"}
    )
    assert int((draw(name, 32, teacher="silent", ratio=1.0).share < 1).sum()) == 16


@every_mixup
def test_a_batch_may_have_one_share(name: str) -> None:
    shares = draw(name, 32, per="batch", ratio=0.5).share

    assert len(set(shares.tolist())) == 2  # that one, and all of itself


@every_mixup
def test_the_labels_are_written_and_there_is_a_test(name: str) -> None:
    assert set(families.card("mixups", name).labels) == {
        "Source",
        "Idea",
        "Inputs",
        "Units",
        "Differs",
    }
    assert of_member("mixups", name).exists()
