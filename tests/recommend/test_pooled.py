"""Partial pooling against scikit-learn's Gaussian process.

Hedges are compared with what can be worked out by hand.
"""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, DotProduct, WhiteKernel

from autodistill.recommend.pooled import Pooled, hedged
from tests.recommend.planted import planted

KNOWN = planted()


def test_of_one_dataset_it_is_a_gaussian_process_shrunk_by_what_may_be_the_datasets_own() -> None:
    one, model = KNOWN.only("d0"), Pooled()
    model.fit(one)
    both = (model.common + model.differing) / model.known.shape[1]
    kernel = ConstantKernel(both) * DotProduct(1e-9, "fixed") + WhiteKernel(model.noise)
    process = GaussianProcessRegressor(kernel, optimizer=None).fit(
        model.known, one.standing - model.mean
    )

    shared = model.common / (model.common + model.differing)
    new = replace(one, datasets=np.full(len(one), "new"))
    asked = model.prepare.transform(one.features[model.columns].to_numpy())
    mean, covariance = process.predict(asked, return_cov=True)
    prior = both * asked @ asked.T
    expected = prior - shared**2 * (prior - covariance + model.noise * np.eye(len(one)))
    assert model.predict(new) == pytest.approx(model.mean + shared * mean, abs=1e-6)
    assert model.covariance(new) == pytest.approx(expected, abs=1e-6)
    assert model.predict(one) == pytest.approx(model.mean + mean, abs=1e-6)
    assert model.covariance(one) == pytest.approx(
        covariance - model.noise * np.eye(len(one)), abs=1e-6
    )


def test_datasets_that_differ_leave_more_unknown_than_datasets_that_do_not() -> None:
    """In the planted truth one choice helps on large datasets and hurts on small ones."""
    differ, agree = Pooled(), Pooled()
    differ.fit(KNOWN)
    agree.fit(
        replace(KNOWN, scores=KNOWN.features["a"].to_numpy() + 0.5 * KNOWN.features["b"].to_numpy())
    )

    assert differ.differing > 5 * agree.differing
    here = replace(KNOWN.only("d0"), datasets=np.full(len(KNOWN.only("d0")), "new"))
    with_c = here.features["c"].to_numpy() == 1
    unknown = differ.covariance(here)
    assert unknown[np.ix_(with_c, with_c)].mean() > 0 > unknown[np.ix_(with_c, ~with_c)].mean()


def test_a_hedge_does_not_take_the_same_thing_twice() -> None:
    """Two copies of the best, and one by itself that is a little worse.

    The copy adds nothing to the largest, the other does.
    """
    covariance = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]])

    assert hedged(np.array([0.5, 0.49, 0.3]), covariance, 2).tolist() == [0, 2]
    assert hedged(np.array([0.5, 0.49, 0.3]), 0 * covariance, 3).tolist()[0] == 0


def test_a_hedge_prefers_what_is_less_certain_where_the_means_are_equal() -> None:
    """Expected largest of two independent normal variables of mean 0.

    It is sqrt((s1^2 + s2^2) / 2 pi) (Clark 1961).
    """
    assert hedged(np.zeros(3), np.diag([1e-9, 0.5, 1.0]), 2).tolist()[1] == 2


def test_what_is_hopeless_is_not_tried() -> None:
    hopeless = KNOWN.features["a"].to_numpy() == 1
    known, model = replace(KNOWN, hopeless=hopeless), Pooled()
    model.fit(known.without(["d5"]))

    found = model.guess(known.only("d5"))

    bad = hopeless[known.datasets == "d5"]
    assert not bad[found.few].any()
    assert found.standing[bad].max() == -1.0


def test_of_a_dataset_that_was_studied_it_knows_what_helps_there() -> None:
    """One choice helps on large datasets and hurts on small ones.

    On a new one it is worth something between.
    """
    model, gains = Pooled(), {}
    model.fit(KNOWN)
    for name in ("d0", "d1", "new"):
        here = KNOWN.only("d0")
        found, with_c = (
            model.predict(replace(here, datasets=np.full(len(here), name))),
            here.features["c"].to_numpy() == 1,
        )
        gains[name] = found[with_c].mean() - found[~with_c].mean()

    assert gains["d0"] < -0.1
    assert gains["d1"] > 0.3
    assert gains["d0"] + 0.2 < gains["new"] < gains["d1"] - 0.2


def test_nothing_is_foretold_beyond_the_ranges_that_are_known() -> None:
    model, here = Pooled(), KNOWN.only("d5")
    model.fit(KNOWN)
    far = here.features.assign(a=9.0 * here.features["a"] - 4.0)

    assert model.predict(replace(here, features=far)) == pytest.approx(model.predict(here))
