"""Augmentations that break one promise each."""

import random
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from autodistill.components.augmentations import (
    Augmentation,
    ImageAugmentation,
    TextAugmentation,
    count_of,
)
from autodistill.components.augmentations.flip import Flip
from autodistill.components.augmentations.random_swap import RandomSwap
from autodistill.datasets import Rows
from autodistill.registry.ranges import OneOf, Real
from tests.testing.broken_rows import WITH_LABELS


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
    """Stores its knobs.

    Each class below names them again, for ranges are read from the class itself.
    """


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


BROKEN: Mapping[str, tuple[type[Any], ...]] = {
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

"""Names of checks, and the augmentations that each must refuse."""
