"""A tiny study's materials, with the tiny teacher's signals.

There are 64 rows to train on and 32 to choose by.
"""

from pathlib import Path

import numpy as np
import pytest
import torch

from autodistill.datasets import Rows
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.training.trial_data import TrialData
from tests.fakes import sentences
from tests.training.materials import materials

torch.set_num_threads(1)


@pytest.fixture(scope="session")
def data(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> TrialData:
    """Everything that a trial needs."""
    pairs = sentences(96, seed=3)
    rows = Rows(
        tuple(t for t, _ in pairs),
        None,
        np.array([("neg", "pos").index(label) for _, label in pairs]),
    )
    return materials(teacher, ("neg", "pos"), rows, 32, tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def pipeline() -> Pipeline:
    """One term of each kind; the feature term has parts that learn."""
    terms = (
        Term(Part("ce"), 0.1),
        Term(Part("kl", {"temperature": 2.0}), 0.9),
        Term(Part("mi_alpha", {"alpha": 0.9, "hidden": 128}), 0.1, Part("skip")),
    )
    return Pipeline(Part("cut", {"keep": 0.5}), terms, Part("adamw", {"lr": 1e-3, "batch": 32}))
