"""Whatever the space `everything` offers trains on tiny tasks.

They have two, three and seventy-seven classes.
"""

import math
import random
from pathlib import Path

import numpy as np
import pytest

from autodistill.datasets import Rows
from autodistill.registry import families
from autodistill.study import spaces
from autodistill.study.pipeline import NONE
from autodistill.study.rules import Conditions
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.fakes import sentences, tiny_teacher
from tests.spaces import random_ask
from tests.training.materials import materials

ROWS = 256


def task(folder: Path, classes: int) -> TrialData:
    """Rows, tokens and signals of a tiny teacher of so many classes, which has learned nothing."""
    labels = tuple(f"class {i}" for i in range(classes))
    teacher = tiny_teacher(folder / "teacher", labels=labels, steps=0)
    texts = tuple(text for text, _ in sentences(ROWS + 32, seed=5))
    rows = Rows(texts, None, np.arange(ROWS + 32) % classes)
    return materials(teacher, labels, rows, 32, folder)


def trains(folder: Path, classes: int, runs: int) -> set[str]:
    """So many samples, two steps each; returns the losses that were among them."""
    data, ask = task(folder, classes), random_ask(random.Random(classes))
    space = spaces.space("everything").fit(
        Conditions(classes, layers=2, metric="macro_f1", ordered=True)
    )
    losses: set[str] = set()
    for number in range(runs):
        made = space.sample(ask)
        vocabulary = families.build("students", made.student.name, made.student.knobs).vocabulary
        views = (
            0 if made.stage("augmentation") == NONE else made.stage("augmentation").knobs["views"]
        )
        rows = math.ceil(2 * made.optimizer.knobs["batch"] / (1 + views))

        found = run_trial(
            data,
            TrialSpec(number, made, number, rows, 1, views=(data.shards[vocabulary],) * views),
            never,
        )

        assert found.status == "complete", str(made)
        assert math.isfinite(found.metrics["cross_entropy"]), str(made)
        losses |= {t.loss.name for t in made.terms}
    return losses


@pytest.mark.parametrize("classes", [2, 3, 77])
def test_samples_of_everything_train(classes: int, tmp_path: Path) -> None:
    assert len(trains(tmp_path, classes, 12)) > 8


@pytest.mark.long
@pytest.mark.parametrize("classes", [2, 3, 77])
def test_a_thousand_samples_of_everything_train(classes: int, tmp_path: Path) -> None:
    cards = {n: families.card("losses", n).traits for n in families.names("losses")}
    facts = {n: f for n, f in cards.items() if not f.get("for_teachers")}
    ends = {
        n: (f.get("fewest_classes", 2), f.get("most_classes") or classes) for n, f in facts.items()
    }

    assert trains(tmp_path, classes, 334) == {
        n for n, (fewest, most) in ends.items() if fewest <= classes <= most
    }
