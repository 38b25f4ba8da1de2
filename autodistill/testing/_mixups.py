"""The promises of every mixup."""

import numpy as np
import torch

from autodistill.components.mixups import Mix
from autodistill.registry.ranges import OneOf
from autodistill.testing._members import COMMON, Check, Member, all_five_labels_are_written, require


def _draw(member: Member, rows: int, seed: int = 0, **values: object) -> Mix:
    mix: Mix = member.build(**values).draw(rows, np.random.default_rng(seed))
    return mix


def shares_are_shares_and_partners_are_rows_at_both_ends_of_every_knob(member: Member) -> None:
    """A float32 share from 0 to 1 and a partner for each row."""
    for values in member.settings():
        for rows in (1, 2, 3, 32):
            mix, at = _draw(member, rows, **values), f"of {rows} rows at {values}"
            shape = tuple(mix.share.shape), tuple(mix.partner.shape)
            require(shape == ((rows,), (rows,)), f"shares and partners {at} have shapes {shape}")
            require(mix.share.dtype == torch.float32, f"the shares {at} are {mix.share.dtype}")
            inside = (mix.share >= 0) & (mix.share <= 1)
            require(inside.all(), f"a share {at} is {mix.share[~inside].tolist()}")
            known = (mix.partner >= 0) & (mix.partner < rows)
            require(known.all(), f"a partner {at} is {mix.partner[~known].tolist()}")


def the_random_numbers_are_those_of_the_caller(member: Member) -> None:
    """The same generator, the same mix; another, another."""
    one, same, other = _draw(member, 32), _draw(member, 32), _draw(member, 32, seed=1)
    alike = torch.equal(one.share, same.share) and torch.equal(one.partner, same.partner)
    require(alike, "two mixes of one seed differ: draw from the generator that is given")
    require(not torch.equal(one.share, other.share), "the shares of two seeds are the same")


def the_teacher_is_interpolated_asked_or_silent_about_half_a_batch_at_most(member: Member) -> None:
    """The knob `teacher` has these choices; a silent one keeps half of the batch."""
    knob = member.card.knobs.get("teacher")
    require(knob is not None and isinstance(knob.domain, OneOf), "there is no knob teacher: OneOf")
    assert knob is not None
    choices = set(getattr(knob.domain, "choices", ()))
    require({"interpolate", "silent"} <= choices, f"teacher has {choices}; add what is missing")
    unknown = choices - {"interpolate", "consistent", "silent"}
    require(not unknown, f"teacher has {unknown}, which no training knows")
    mixed = int((_draw(member, 32, teacher="silent", ratio=1.0).share < 1).sum())
    require(mixed == 16, f"under a silent teacher {mixed} of 32 rows are mixed, not half")


def a_batch_may_have_one_share(member: Member) -> None:
    """With `per="batch"` all mixed rows have the same share."""
    shares = set(_draw(member, 32, per="batch", ratio=0.5).share.tolist())
    require(len(shares) == 2, f"a batch has the shares {shares}, not one and 1")


MIXUPS: tuple[Check, ...] = (
    *COMMON,
    all_five_labels_are_written,
    shares_are_shares_and_partners_are_rows_at_both_ends_of_every_knob,
    the_random_numbers_are_those_of_the_caller,
    the_teacher_is_interpolated_asked_or_silent_about_half_a_batch_at_most,
    a_batch_may_have_one_share,
)
