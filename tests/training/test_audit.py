"""Findings of an audit, where the truth is known and on a real training."""

import numpy as np
import pytest

from autodistill.study.pipeline import Pipeline
from autodistill.training.audit import Look, audit, hacked
from autodistill.training.membership import membership_auc
from autodistill.training.trial import TrialSpec
from autodistill.training.trial_data import TrialData


def test_losses_that_differ_by_nothing_give_nothing_away() -> None:
    draw = np.random.default_rng(0)

    assert membership_auc(draw.normal(size=4000), draw.normal(size=4000)) == pytest.approx(
        0.5, abs=0.03
    )


def test_three_of_four_pairs_by_hand() -> None:
    # (1, 2), (1, 0.5), (0.1, 2), (0.1, 0.5): the trained one is smaller in three
    assert membership_auc(np.array([1.0, 0.1]), np.array([2.0, 0.5])) == 0.75


def test_nearer_to_the_teacher_and_further_from_the_labels_is_told_once() -> None:
    looks = [Look(1, 0.5, 0.6, 0.9), Look(2, 0.3, 0.5, 0.7), Look(4, 0.1, 0.55, 0.8)]

    assert hacked(looks) == (4,)
    assert hacked(looks[:2]) == ()
    assert hacked([Look(1, 0.1, 0.1, 0.5), Look(2, 0.2, 0.2, 0.6)]) == ()  # further from both


def test_a_training_is_looked_at_and_its_layers_beside_the_teachers(
    data: TrialData, pipeline: Pipeline
) -> None:
    ticks: list[int] = []

    found = audit(data, TrialSpec(0, pipeline, 0, 64, 4), lambda done, _: ticks.append(done))

    assert [x.quarter for x in found.looks] == [1, 2, 4]
    assert all(np.isfinite([x.train_kl, x.held_out_kl, x.held_out_ce]).all() for x in found.looks)
    assert 0.0 <= found.membership <= 1.0
    assert [len(e) for e in found.entropy] == [2, 3]  # embedding and layers of either network
    assert [len(i) for i in found.information] == [2, 3]
    assert ticks
