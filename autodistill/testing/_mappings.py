"""The promises of every mapping."""

from collections.abc import Iterator
from itertools import product

import numpy as np

from autodistill.components.mappings import LayerMapping, Pairs
from autodistill.testing._members import COMMON, Check, Member, require, the_labels_are_written

DEPTHS = tuple((s, t) for s, t in product(range(1, 25), repeat=2) if s <= t)
"""Layers of student and teacher."""


def _every_depth(member: Member) -> Iterator[tuple[int, int, Pairs]]:
    mapping: LayerMapping = member.build()
    for n_student, n_teacher in DEPTHS:
        yield n_student, n_teacher, mapping.pairs(n_student, n_teacher)


def pairs_are_of_layers_that_exist_and_none_comes_twice(member: Member) -> None:
    """Layers are counted from 0, the embedding, to n."""
    for n_student, n_teacher, pairs in _every_depth(member):
        depths = f"{n_student} and {n_teacher} layers"
        require(pairs, f"no pairs for {depths}")
        require(len(pairs) == len(set(pairs)), f"a pair comes twice for {depths}: {pairs}")
        absent = [(s, t) for s, t in pairs if not (0 <= s <= n_student and 0 <= t <= n_teacher)]
        require(not absent, f"the pairs {absent} are of layers that {depths} do not have")


def the_last_student_layer_looks_at_the_last_teacher_layer(member: Member) -> None:
    """The last pair is that of the last layers."""
    for n_student, n_teacher, pairs in _every_depth(member):
        last = (n_student, n_teacher)
        require(pairs[-1] == last, f"the last pair is {pairs[-1]}, not {last}")


def the_weights_of_all_pairs_add_up_to_one(member: Member) -> None:
    """One weight a pair, none below zero, whatever the distances."""
    mapping, draw = member.build(), np.random.default_rng(0)
    for n_student, n_teacher in DEPTHS[::7]:
        pairs = mapping.pairs(n_student, n_teacher)
        weights = mapping.weights(pairs, draw.random(len(pairs)))
        require(weights.shape == (len(pairs),), f"{weights.shape} weights for {len(pairs)} pairs")
        require(weights.min() >= -1e-12, f"a weight is {weights.min():g}")
        total = float(weights.sum())
        require(abs(total - 1) < 1e-6, f"the weights add up to {total:g}")


def impossible_depths_are_refused_with_both_numbers(member: Member) -> None:
    """A student deeper than its teacher, or one without layers, is a ValueError."""
    for n_student, n_teacher in ((5, 4), (0, 4)):
        try:
            pairs = member.build().pairs(n_student, n_teacher)
        except ValueError as error:
            text = str(error)
            named = f"{n_student} layers" in text and f"teacher of {n_teacher};" in text
            require(
                named, f"the message names not both depths, {n_student} and {n_teacher}: {text}"
            )
        else:
            raise AssertionError(f"{n_student} layers are mapped to {n_teacher}: {pairs}")


MAPPINGS: tuple[Check, ...] = (
    *COMMON,
    the_labels_are_written,
    pairs_are_of_layers_that_exist_and_none_comes_twice,
    the_last_student_layer_looks_at_the_last_teacher_layer,
    the_weights_of_all_pairs_add_up_to_one,
    impossible_depths_are_refused_with_both_numbers,
)
