"""Membership of students: the attack by hand, and a trial that measures it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.errors import SpecError
from autodistill.search.objective import Front
from autodistill.study import spaces
from autodistill.study.rules import Conditions
from autodistill.study.study import Study
from autodistill.training.membership import LEAK, membership_auc, row_losses
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from tests.records import outcome, pipeline
from tests.training.test_everything import task


def test_the_attack_by_hand() -> None:
    # pairs of a trained and another row: 0.1 < 0.5 and 2.0, 1.0 < 2.0 but not 0.5
    assert membership_auc(np.array([1.0, 0.1]), np.array([2.0, 0.5])) == 0.75


def test_rows_count_by_their_share_of_personal_words_by_hand() -> None:
    personal = np.array([0.0, 1.0], np.float32), np.array([0.75, 0.25], np.float32)

    # the second trained row alone counts: it is below both others
    assert membership_auc(np.array([1.0, 0.1]), np.array([2.0, 0.5]), personal) == 1.0


def test_losses_do_not_tell_rows_of_one_kind_apart() -> None:
    random = np.random.default_rng(0)

    found = membership_auc(random.normal(size=4000), random.normal(size=4000))

    assert found == pytest.approx(0.5, abs=0.02)


def test_the_loss_of_a_row_is_its_cross_entropy() -> None:
    logits, labels = torch.randn(5, 3, generator=torch.manual_seed(0)), torch.arange(5) % 3

    found = row_losses(logits.numpy(), labels.numpy())

    wanted = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    np.testing.assert_allclose(found, wanted.numpy(), rtol=1e-5)


@pytest.mark.parametrize("privacy", [False, True])
def test_a_trial_measures_it_where_a_study_asks(privacy: bool, tmp_path: Path) -> None:
    data = replace(task(tmp_path, 2), privacy=privacy)

    found = run_trial(data, TrialSpec(0, pipeline(), 0, 64, 1), never)

    assert (LEAK in found.metrics) == privacy
    assert 0.0 <= found.metrics.get(LEAK, 0.5) <= 1.0


def test_it_is_one_more_objective_of_a_front() -> None:
    told = replace(outcome(0, 0.8), metrics={LEAK: 0.6})
    front = Front((), privacy=True)

    _, values = front.ending(told, None)  # type: ignore[arg-type]

    assert values == [0.8, 0.0, 4e6, 0.6]
    assert front.directions == ["maximize", "minimize", "minimize", "minimize"]
    assert len(Front(()).ending(told, None)[1] or ()) == 3  # type: ignore[arg-type]


def test_a_search_that_measures_it_may_give_up_score_for_it() -> None:
    space = spaces.space("everything")

    assert "swing" in space.fit(Conditions(privacy=True)).slots["target"]
    assert "swing_noise" in space.fit(Conditions(privacy=True)).slots["target"]
    assert "swing" not in space.fit(Conditions()).slots["target"]


def test_only_a_front_measures_it() -> None:
    assert "privacy" not in Study("a.csv").to_dict()
    assert Study("a.csv", front=True, privacy=True).to_dict()["privacy"] is True
    with pytest.raises(SpecError, match=r"--privacy adds what a student leaks .* give --front"):
        Study("a.csv", privacy=True)
