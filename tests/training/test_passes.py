"""A student whose steps cost little takes several passes in the place of one."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from autodistill.components.students.bag import Bag
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.assemble import make
from autodistill.training.trial_data import TrialData


@pytest.mark.parametrize(("passes", "epochs"), [(1, 3), (8, 24)])
def test_its_epochs_are_multiplied(
    data: TrialData, monkeypatch: pytest.MonkeyPatch, passes: int, epochs: int
) -> None:
    monkeypatch.setattr(Bag, "passes", passes)
    knobs: Mapping[str, Any] = {"width": 32, "rank": 32}
    pipeline = Pipeline(Part("bag", knobs), (Term(Part("ce"), 1.0),), Part("adamw", {"lr": 1e-3}))

    made = make(data, pipeline, rows=np.arange(8), selection=np.arange(8), epochs=3, seed=0)

    assert made.plan.epochs == epochs
