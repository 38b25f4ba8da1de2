"""A fresh store, and a small study with outcomes.

With AUTODISTILL_TEST_POSTGRES set to the URL of an empty database, the tests of `store` run there,
too.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from autodistill.storage import Store, as_url
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import Trial
from autodistill.study.study import Study

POSTGRES = os.environ.get("AUTODISTILL_TEST_POSTGRES")


@pytest.fixture(params=["sqlite", "postgresql"] if POSTGRES else ["sqlite"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "studies.db")
    engine = sa.create_engine(as_url(str(POSTGRES)))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()
    return str(POSTGRES)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    made = Store(url)
    yield made
    made.close()


@pytest.fixture
def study() -> Study:
    return Study(
        "glue/sst2",
        teacher="big",
        columns={"text": "sentence"},
        labels=("bad", "good"),
        fingerprint="f00d",
    )


@pytest.fixture
def make_outcome() -> Callable[..., Trial]:
    def make(number: int = 0, **changes: Any) -> Trial:
        terms = (
            Term(Part("cross_entropy"), 0.1 + 0.2),
            Term(
                Part("hint", {"beta": 1e-3, "normalise": True, "width": 8}),
                1 / 3,
                Part("even", {"layers": 2}),
            ),
        )
        pipeline = Pipeline(
            Part("cnn", {"width": 64, "dropout": 0.1}),
            terms,
            Part("adamw", {"lr": 3.0000000000000004e-4}),
        )
        values = {
            "status": "complete",
            "score": 0.1 + 0.7,
            "fidelity": {"rows": 400, "epochs": 2},
            "metrics": {"accuracy": 2 / 3},
            "curve": ((1, 0.5), (2, 0.1 + 0.7)),
            "cost": {"train_seconds": 1.5, "params": 1000.0},
            "environment": {"torch": "2.9", "device": "cpu"},
        }
        return Trial(number, pipeline, seed=2**40, **{**values, **changes})

    return make
