"""Mappings, mixups and samplings that break one promise each."""

from collections.abc import Mapping
from typing import Annotated, Any

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.components.mappings import LayerMapping, Pairs
from autodistill.components.mappings.skip import Skip
from autodistill.components.mixups import Mix
from autodistill.components.mixups.embedding import EmbeddingMixup
from autodistill.components.samplings import Sampling
from autodistill.components.samplings.correct import Correct
from autodistill.components.transfers.all import All
from autodistill.registry.ranges import OneOf, Real
from tests.testing.broken_losses import DefaultOutside, KnobChanged, Plain

COMMON: Mapping[str, tuple[type[Any], ...]] = {
    "defaults_are_inside_their_ranges": (DefaultOutside,),
    "knobs_are_stored_unchanged_and_survive_json": (KnobChanged,),
}
"""These look at the constructor alone, whatever the family."""
WITH_LABELS: Mapping[str, tuple[type[Any], ...]] = {
    **COMMON,
    "all_five_labels_are_written": (Plain,),
}
"""These at the docstring besides."""


class Raises(Skip):
    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        raise KeyError("gone")


class PairsTwice(Skip):
    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        return super().pairs(n_student, n_teacher) * 2


class PairsBeyond(Skip):
    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        return n_teacher + 1


class LastToFirst(Skip):
    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        return 0


class WeightsOfOneEach(Skip):
    def weights(self, pairs: Pairs, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.ones(len(pairs))


class AnyDepth(LayerMapping):
    def pairs(self, n_student: int, n_teacher: int) -> Pairs:
        return ((n_student, n_teacher),)

    def teacher_layer(self, layer: int, n_student: int, n_teacher: int) -> int:
        return n_teacher


MAPPINGS: Mapping[str, tuple[type[Any], ...]] = {
    **COMMON,
    "the_labels_are_written": (Plain,),
    "pairs_are_of_layers_that_exist_and_none_comes_twice": (PairsTwice, PairsBeyond),
    "the_last_student_layer_looks_at_the_last_teacher_layer": (LastToFirst,),
    "the_weights_of_all_pairs_add_up_to_one": (WeightsOfOneEach,),
    "impossible_depths_are_refused_with_both_numbers": (AnyDepth,),
}


class SharesOfTwo(EmbeddingMixup):
    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        return Mix(torch.arange(rows), torch.full((rows,), 2.0))


class OwnRandomNumbers(EmbeddingMixup):
    def draw(self, rows: int, random: np.random.Generator) -> Mix:
        return super().draw(rows, np.random.default_rng())


class LoudTeacher(EmbeddingMixup):
    def __init__(
        self,
        *,
        ratio: Annotated[float, Real(0.05, 1.0)] = 0.5,
        teacher: Annotated[str, OneOf("interpolate", "silent")] = "interpolate",
    ) -> None:
        super().__init__(ratio=ratio, teacher="interpolate")


class ShareForEachRow(EmbeddingMixup):
    def __init__(
        self, *, ratio: float = 0.5, per: Annotated[str, OneOf("row", "batch")] = "row"
    ) -> None:
        super().__init__(ratio=ratio, per="row")


MIXUPS: Mapping[str, tuple[type[Any], ...]] = {
    **WITH_LABELS,
    "shares_are_shares_and_partners_are_rows_at_both_ends_of_every_knob": (SharesOfTwo,),
    "the_random_numbers_are_those_of_the_caller": (OwnRandomNumbers,),
    "the_teacher_is_interpolated_asked_or_silent_about_half_a_batch_at_most": (
        LoudTeacher,
        SharesOfTwo,
    ),
    "a_batch_may_have_one_share": (ShareForEachRow,),
}


class TooFew(Correct):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return super().draw(progress, count - 1, random)


class OwnOrder(Correct):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return super().draw(progress, count, np.random.default_rng())


class AllAlike(Sampling):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return self.deal(np.arange(len(self.dealt)), count, random)


class SecondRowFirst(Correct):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return np.ones(count, dtype=np.int64)


SAMPLINGS: Mapping[str, tuple[type[Any], ...]] = {
    **WITH_LABELS,
    "every_draw_is_as_large_as_requested": (TooFew,),
    "the_random_numbers_are_those_of_the_caller": (OwnOrder,),
    "some_rows_come_more_often_than_others": (AllAlike,),
    "a_single_row_can_be_drawn": (SecondRowFirst,),
}


class TooFewUnlabelled(All):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return super().draw(progress, count - 1, random)


class OwnOrderUnlabelled(All):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return super().draw(progress, count, np.random.default_rng(0))


class SecondUnlabelledFirst(All):
    def draw(self, progress: float, count: int, random: np.random.Generator) -> NDArray[np.int64]:
        return np.ones(count, dtype=np.int64)


TRANSFERS: Mapping[str, tuple[type[Any], ...]] = {
    **WITH_LABELS,
    "every_draw_is_as_large_as_requested": (TooFewUnlabelled,),
    "the_random_numbers_are_those_of_the_caller": (OwnOrderUnlabelled,),
    "a_single_row_can_be_drawn": (SecondUnlabelledFirst,),
}
BROKEN: Mapping[str, Mapping[str, tuple[type[Any], ...]]] = {
    "mappings": MAPPINGS,
    "mixups": MIXUPS,
    "samplings": SAMPLINGS,
    "transfers": TRANSFERS,
}
"""Names of checks by family, and the members that each must refuse."""
