"""What every member of the family augmentations promises, over the whole folder."""

import os
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.components.augmentations import Augmentation
from autodistill.datasets import Rows
from autodistill.datasets._images import named
from autodistill.errors import SpecError
from autodistill.registry import families
from autodistill.registry.ranges import OneOf
from tests.contracts.members import ALONE, OF_IMAGES
from tests.fakes import bright_images, sentences
from tests.paths import of_member

every_augmentation = pytest.mark.parametrize("name", ALONE)
of_either = pytest.mark.parametrize("name", [*ALONE, *OF_IMAGES])
TEXTS = tuple(text for text, _ in sentences(40, seed=7))
ROWS = Rows(TEXTS, None, np.arange(40), np.arange(40) + 100)
IMAGES = bright_images(40)[0]
ROWS_OF_IMAGES = Rows(tuple(map(named, IMAGES)), None, np.arange(40), np.arange(40) + 100, IMAGES)


def make(name: str, **values: Any) -> Augmentation:
    """A member with these knobs."""
    made: Augmentation = families.build("augmentations", name, values)
    return made


def rows_for(name: str) -> Rows:
    """Texts or images, as it reads."""
    return ROWS_OF_IMAGES if name in OF_IMAGES else ROWS


@of_either
def test_a_view_is_the_same_every_time_and_another_for_another_number_seed_or_rate(
    name: str,
) -> None:
    rows, rates = rows_for(name), families.card("augmentations", name).knobs["rate"].domain
    assert isinstance(rates, OneOf)
    low, high = min(rates.choices), max(rates.choices)

    view = make(name, rate=low).rows(rows, 0, 0)

    assert view.first == make(name, rate=low).rows(rows, 0, 0).first
    others = [
        make(name, rate=low).rows(rows, 1, 0),
        make(name, rate=low).rows(rows, 0, 1),
        make(name, rate=high).rows(rows, 0, 0),
    ]
    assert len({view.digest, *(o.digest for o in others), rows.digest}) == 5


@every_augmentation
def test_a_view_is_the_same_in_another_process(name: str) -> None:
    code = f"""
import numpy as np
from autodistill.registry import families
from autodistill.datasets import Rows
from autodistill.datasets._images import named
print(families.build("augmentations", "{name}", {{}}).rows(Rows({TEXTS!r}, None, np.zeros(40, dtype=np.int64)), 0, 0).digest)
"""

    env = {**os.environ, "PYTHONHASHSEED": "5"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == make(name).rows(ROWS, 0, 0).digest


@of_either
def test_a_view_of_a_row_does_not_depend_on_the_other_rows(name: str) -> None:
    rows, order = rows_for(name), np.random.default_rng(0).permutation(40)[:25]

    assert (
        make(name).rows(rows.take(order), 0, 0).first
        == make(name).rows(rows, 0, 0).take(order).first
    )


@pytest.mark.parametrize("name", OF_IMAGES)
def test_images_keep_their_size_and_are_named_by_what_they_are_now(name: str) -> None:
    before = IMAGES.copy()

    view = make(name).rows(ROWS_OF_IMAGES, 0, 0)

    assert view.images is not None
    assert (view.images.shape, view.images.dtype) == (IMAGES.shape, np.uint8)
    assert view.labels.tolist() == list(range(40))
    assert view.origin is not None
    assert view.origin.tolist() == list(range(100, 140))
    assert view.first == tuple(map(named, view.images))
    assert np.array_equal(IMAGES, before)


@every_augmentation
def test_the_two_texts_of_a_pair_are_changed_each_on_its_own(name: str) -> None:
    pairs = Rows(TEXTS, TEXTS, ROWS.labels)

    view = make(name, rate=0.3).rows(pairs, 0, 0)

    assert view.second is not None
    assert view.first == make(name, rate=0.3).rows(ROWS, 0, 0).first
    assert sum(a != b for a, b in zip(view.first, view.second)) > 20
    assert sum(a != b for a, b in zip(view.second, TEXTS)) > 30


@every_augmentation
def test_labels_and_order_stay_and_no_word_is_new(name: str) -> None:
    for rate in (0.1, 0.3, 0.5):
        view = make(name, rate=rate).rows(ROWS, 0, 0)

        assert view.labels.tolist() == ROWS.labels.tolist()
        assert view.origin is not None
        assert view.origin.tolist() == list(range(100, 140))
        assert all(
            new.split() and not Counter(new.split()) - Counter(old.split())
            for new, old in zip(view.first, TEXTS)
        )


@every_augmentation
def test_a_text_of_one_word_or_none_stays(name: str) -> None:
    assert make(name, rate=0.5).rows(Rows(("word", ""), None, np.arange(2)), 0, 0).first == (
        "word",
        "",
    )


@of_either
def test_the_views_that_a_study_can_ask_for_can_be_counted(name: str) -> None:
    knobs = families.card("augmentations", name).knobs

    assert all(
        isinstance(k.domain, OneOf) and k.domain.problem(k.default) is None for k in knobs.values()
    )
    assert knobs["views"].domain == OneOf(1, 2, 3)
    for rate, views in product(knobs["rate"].domain.choices, (1, 2, 3)):  # type: ignore[union-attr]
        made = make(name, rate=rate, views=views)
        assert (made.rate, made.views) == (rate, views)


@of_either
def test_the_labels_are_written_and_there_is_a_test(name: str) -> None:
    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(
        families.card("augmentations", name).labels
    )
    assert of_member("augmentations", name).exists()


@pytest.mark.parametrize(
    "name", sorted(set(families.names("augmentations")) - set(ALONE) - set(OF_IMAGES))
)
def test_one_that_needs_a_network_is_documented_and_refuses_without_it(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    card = families.card("augmentations", name)
    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(card.labels)
    assert of_member("augmentations", name).exists()
    variables = card.traits["variables"]
    for variable in variables:
        monkeypatch.delenv(variable, raising=False)

    with pytest.raises(
        SpecError,
        match=rf"needs a .* model, but {variables[0]} is not set: set {variables[0]} to its folder",
    ):
        make(name).rows(ROWS, 0, 0)
    monkeypatch.setenv(variables[0], str(tmp_path))
    with pytest.raises(
        SpecError, match=r"is not the folder of a .* model: config\.json is missing"
    ):
        make(name).rows(ROWS, 0, 0)


def test_augmentations_do_not_need_torch() -> None:
    code = """
import sys
from autodistill.registry import families
for name in families.names("augmentations"):
    families.get("augmentations", name)
sys.exit("torch" in sys.modules)
"""

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
