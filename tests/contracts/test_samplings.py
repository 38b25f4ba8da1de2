"""What every member of the family samplings promises, over the whole folder."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autodistill.components.samplings import Known, Sampling
from autodistill.registry import families
from tests.contracts.members import corners
from tests.paths import of_member

ROWS, CLASSES, COUNT = 60, 3, 24
every_sampling = pytest.mark.parametrize("name", families.names("samplings"))


def known(rows: int = ROWS) -> Known:
    """A teacher that is right about four fifths of the rows, more or less clearly, and a reference that knows less."""
    draw = np.random.default_rng(0)
    labels = np.arange(rows) % CLASSES
    own = np.eye(CLASSES, dtype=np.float32)[labels]
    teacher = draw.normal(size=(rows, CLASSES)).astype(np.float32) + 2 * own
    return Known(labels, teacher, teacher / 4)


def begun(name: str, values: dict[str, Any] | None = None, rows: int = ROWS) -> Sampling:
    """A sampling that has seen the rows, and one pass of student's answers if it listens: wrong on every second row."""
    sampling: Sampling = families.build("samplings", name, values or {})
    sampling.begin(known(rows))
    if sampling.listens:
        sampling.hear(np.arange(rows), np.linspace(0, 2, rows), np.arange(rows) % 2 == 0)
    return sampling


def course(sampling: Sampling, draws: int, seed: int = 0) -> list[NDArray[np.int64]]:
    """The rows of so many draws over a whole training."""
    random = np.random.default_rng(seed)
    return [sampling.draw(i / draws, COUNT, random) for i in range(draws)]


@every_sampling
def test_the_labels_are_written_and_there_is_a_test(name: str) -> None:
    card = families.card("samplings", name)

    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(card.labels)
    assert card.summary
    assert [k.name for k in card.knobs.values() if k.domain.problem(k.default)] == []
    assert of_member("samplings", name).exists()


@every_sampling
def test_every_draw_is_as_large_as_asked(name: str) -> None:
    for values in [{}, *corners("samplings", name)]:
        sampling = begun(name, values)
        assert {k: getattr(sampling, k) for k in values} == values

        drawn = course(sampling, 20)

        assert {len(d) for d in drawn} == {COUNT}
        assert all(((d >= 0) & (d < ROWS)).all() for d in drawn)


@every_sampling
def test_the_generator_decides(name: str) -> None:
    one, same, other = (np.concatenate(course(begun(name), 5, seed)) for seed in (0, 0, 1))

    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


@every_sampling
def test_it_is_not_the_plain_order(name: str) -> None:
    visits = np.bincount(np.concatenate(course(begun(name), 20)), minlength=ROWS)

    assert np.ptp(visits) > 1  # without a sampling all rows come equally often


@every_sampling
def test_a_single_row_can_be_drawn(name: str) -> None:
    assert begun(name, rows=1).draw(0.5, 4, np.random.default_rng(0)).tolist() == [0, 0, 0, 0]
