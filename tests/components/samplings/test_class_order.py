import numpy as np
import pytest

from autodistill.components.samplings import Known
from autodistill.components.samplings.class_order import ClassOrder, class_order
from autodistill.study import spaces
from autodistill.study.rules import Conditions

PROTOTYPES = np.array([[1.0, 0.1], [1.0, 0.0], [0.0, 1.0], [-1.0, -1.0]])
"""Centred at (0.25, 0.025): the first two are alike, the last one is opposite to all."""


def begun(order: str = "alike") -> ClassOrder:
    """Ten rows of each of four classes."""
    labels = np.repeat(np.arange(4), 10)
    sampling = ClassOrder(order=order, share=0.5)
    sampling.begin(Known(labels, PROTOTYPES[labels].astype(np.float32)))
    return sampling


def test_the_next_class_is_the_one_most_like_those_before_by_hand() -> None:
    # cosines of the centred prototypes: 0 and 1: 0.99; 0 and 2: -0.19; 1 and 2: -0.29; below 0 else
    assert class_order(PROTOTYPES, "alike").tolist() == [0, 1, 2, 3]


def test_or_the_one_least_like_them() -> None:
    assert class_order(PROTOTYPES, "apart").tolist()[:2] == [0, 3]


@pytest.mark.parametrize("order", ["alike", "apart", "random"])
def test_every_class_has_its_turn(order: str) -> None:
    random = np.random.default_rng(0)
    prototypes = random.normal(size=(9, 5))

    assert sorted(class_order(prototypes, order).tolist()) == list(range(9))


@pytest.mark.parametrize(("progress", "classes"), [(0.0, 2), (0.25, 2), (0.3, 3), (0.5, 4), (1, 4)])
def test_classes_are_opened_one_after_another(progress: float, classes: int) -> None:
    sampling = begun()

    rows = sampling.draw(progress, 400, np.random.default_rng(0))

    assert set(sampling.known.labels[rows]) == set(range(classes))


def test_it_is_for_four_classes_or_more() -> None:
    space = spaces.space("everything")

    assert "sampling.class_order" in space.fit(Conditions(classes=3)).removed
    assert "class_order" in space.fit(Conditions(classes=4)).slots["sampling"]
