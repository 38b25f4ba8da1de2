"""Mappings, augmentations, mixups and samplings that break one promise each."""

import random
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray

from autodistill.components.augmentations import (
    Augmentation,
    ImageAugmentation,
    TextAugmentation,
    count_of,
)
from autodistill.components.augmentations.flip import Flip
from autodistill.components.augmentations.random_swap import RandomSwap
from autodistill.components.mappings import LayerMapping, Pairs
from autodistill.components.mappings.skip import Skip
from autodistill.components.mixups import Mix
from autodistill.components.mixups.embedding import EmbeddingMixup
from autodistill.components.samplings import Sampling
from autodistill.components.samplings.correct import Correct
from autodistill.datasets import Rows
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


class _Texts(TextAugmentation):
    def __init__(self, rate: float, views: int) -> None:
        self.rate, self.views = rate, views

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        return draw.sample(words, len(words))


class AnyRate(_Texts):
    def __init__(
        self,
        *,
        rate: Annotated[float, Real(0.1, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        super().__init__(rate, views)


class _Swap(RandomSwap):
    """Stores its knobs; each class below names them again, for ranges are read from the class itself."""


class SameForEverySeed(_Swap):
    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.1, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        super().__init__(rate=rate, views=views)

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        return super().rows(rows, view, 0)


class HashesTexts(_Swap):
    def _seed(self, row: str, view: int, seed: int, place: int) -> str:
        return str(hash(row))


class LooksAtTheOthers(_Swap):
    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        return super().rows(rows, view, len(rows))


class TurnsLabels(_Swap):
    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.1, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        super().__init__(rate=rate, views=views)

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        return Rows(rows.first, None, rows.labels[::-1], rows.origin)


class LosesPlaces(TurnsLabels):
    def __init__(self, *, rate: Annotated[float, OneOf(0.1, 0.5)] = 0.1) -> None:
        super().__init__(rate=rate)

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        return Rows(rows.first, None, rows.labels)


class KeepsOldNames(Flip):
    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        assert rows.images is not None
        return Rows(rows.first, None, rows.labels, rows.origin, rows.images[:, ::-1])


class WritesOnImages(ImageAugmentation):
    reads: ClassVar[str] = "images"
    rate = 0.5

    def change(self, image: NDArray[np.uint8], draw: np.random.Generator) -> NDArray[np.uint8]:
        image[0] = 255 - image[0]
        return image


class AddsAWord(_Swap):
    def __init__(self, *, rate: Annotated[float, OneOf(0.1, 0.5)] = 0.1) -> None:
        super().__init__(rate=rate)

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        return [*words, "more"]


class DropsAShortText(_Swap):
    def __init__(self, *, rate: Annotated[float, OneOf(0.1, 0.5)] = 0.1) -> None:
        super().__init__(rate=rate)

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        return words[: -max(1, count_of(self.rate, len(words)))]


class LeavesTheSecondText(_Swap):
    def __init__(self, *, rate: Annotated[float, OneOf(0.1, 0.5)] = 0.1) -> None:
        super().__init__(rate=rate)

    def _text(self, text: str, view: int, seed: int, place: int) -> str:
        return text if place else super()._text(text, view, seed, place)


class SilentWithoutANetwork(Augmentation):
    variables = ("AUTODISTILL_NO_SUCH_NETWORK",)

    def rows(self, rows: Rows, view: int, seed: int) -> Rows:
        return rows


AUGMENTATIONS: Mapping[str, tuple[type[Any], ...]] = {
    **WITH_LABELS,
    "the_views_that_a_study_can_ask_for_can_be_counted": (AnyRate,),
    "a_view_depends_on_number_seed_and_rate_alone": (SameForEverySeed,),
    "a_view_is_the_same_in_another_process": (HashesTexts,),
    "a_view_of_a_row_does_not_depend_on_the_other_rows": (LooksAtTheOthers,),
    "labels_and_order_stay": (TurnsLabels, LosesPlaces),
    "images_keep_their_size_and_are_named_by_what_they_are_now": (KeepsOldNames, WritesOnImages),
    "no_word_of_a_text_is_new": (AddsAWord, DropsAShortText),
    "the_two_texts_of_a_pair_are_changed_each_on_its_own": (LeavesTheSecondText,),
    "without_its_network_it_says_what_to_set": (SilentWithoutANetwork,),
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
BROKEN: Mapping[str, Mapping[str, tuple[type[Any], ...]]] = {
    "augmentations": AUGMENTATIONS,
    "mappings": MAPPINGS,
    "mixups": MIXUPS,
    "samplings": SAMPLINGS,
}
"""Names of checks by family, and the members that each must refuse."""
