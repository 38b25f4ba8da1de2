"""What every augmentation of images promises, over the whole folder."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill import family
from autodistill.augmentations import ImageAugmentation
from autodistill.domain import OneOf
from autodistill.tasks import Rows
from autodistill.tasks._images import named
from tests.contracts.members import OF_IMAGES
from tests.fakes import bright_images

every_augmentation = pytest.mark.parametrize("name", OF_IMAGES)
IMAGES, LABELS = bright_images(40)
ROWS = Rows(tuple(map(named, IMAGES)), None, LABELS, np.arange(40) + 100, IMAGES)


def make(name: str, **values: Any) -> ImageAugmentation:
    """A member with these knobs."""
    made: ImageAugmentation = family.build("augmentations", name, values)
    return made


@every_augmentation
def test_a_view_is_the_same_every_time_and_another_for_another_number_seed_or_rate(name: str) -> None:
    rates = family.card("augmentations", name).knobs["rate"].domain
    assert isinstance(rates, OneOf)
    low, high = min(rates.choices), max(rates.choices)

    view = make(name, rate=low).rows(ROWS, 0, 0)

    assert view.digest == make(name, rate=low).rows(ROWS, 0, 0).digest
    others = [make(name, rate=low).rows(ROWS, 1, 0), make(name, rate=low).rows(ROWS, 0, 1), make(name, rate=high).rows(ROWS, 0, 0)]
    assert len({view.digest, *(o.digest for o in others), ROWS.digest}) == 5


@every_augmentation
def test_a_view_of_a_row_does_not_depend_on_the_other_rows(name: str) -> None:
    order = np.random.default_rng(0).permutation(40)[:25]

    assert make(name).rows(ROWS.take(order), 0, 0).first == make(name).rows(ROWS, 0, 0).take(order).first


@every_augmentation
def test_labels_order_and_size_stay_and_names_are_those_of_the_new_images(name: str) -> None:
    before = IMAGES.copy()

    view = make(name).rows(ROWS, 0, 0)

    assert view.images is not None
    assert (view.images.shape, view.images.dtype) == (IMAGES.shape, np.uint8)
    assert view.labels.tolist() == LABELS.tolist()
    assert view.origin is not None
    assert view.origin.tolist() == list(range(100, 140))
    assert view.first == tuple(map(named, view.images))
    assert np.array_equal(IMAGES, before)


@every_augmentation
def test_the_labels_are_written_and_there_is_a_test(name: str) -> None:
    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(family.card("augmentations", name).labels)
    assert (Path(__file__).parents[1] / "augmentations" / f"test_{name}.py").exists()
