"""Regressors of a pipeline's normalised rank on a dataset (`Evidence.standing`).

The one to use is chosen on the evidence itself (choice.py); none is known to be the best for
every body of evidence.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.ensemble import (
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
)
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from autodistill.recommend.evidence import Evidence
from autodistill.recommend.model import Model
from autodistill.recommend.pooled import Pooled

DRAWS = 5
"""Number of boosted models that are averaged."""
UNKNOWN = 0.5
"""Normalised rank of a pipeline without any run."""


class Average(Model):
    """Mean normalised rank of the same pipeline on known datasets."""

    def fit(self, evidence: Evidence) -> None:
        """Store the means."""
        self.known = pd.Series(evidence.standing).groupby(evidence.pipelines).mean()

    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        """The means; unknown pipelines are in the middle."""
        return np.asarray(
            pd.Series(evidence.pipelines).map(self.known).fillna(UNKNOWN), dtype=np.float64
        )


class Learned(Model):
    """A scikit-learn regressor on the features."""

    def __init__(self, regressor: object) -> None:
        self.pipe = make_pipeline(SimpleImputer(keep_empty_features=True), regressor)

    def fit(self, evidence: Evidence) -> None:
        """Learn normalised ranks."""
        self.pipe.fit(evidence.features.to_numpy(), evidence.standing)

    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        """Expected normalised ranks."""
        return np.asarray(self.pipe.predict(evidence.features.to_numpy()))


class Together(Model):
    """The mean of several models."""

    def __init__(self, *models: Model) -> None:
        self.models = models

    def fit(self, evidence: Evidence) -> None:
        """Fit each model."""
        for model in self.models:
            model.fit(evidence)

    def predict(self, evidence: Evidence) -> NDArray[np.float64]:
        """Mean of their predictions."""
        return np.asarray(
            np.mean([m.predict(evidence) for m in self.models], axis=0), dtype=np.float64
        )


def _scaled(*steps: object) -> Learned:
    return Learned(make_pipeline(StandardScaler(), *steps))


def trees(seed: int) -> Model:
    """Extremely randomised trees (Geurts et al. 2006)."""
    return Learned(ExtraTreesRegressor(200, min_samples_leaf=2, random_state=seed))


def boosting(seed: int) -> Model:
    """Stochastic gradient boosting (Friedman 2002), the mean of a few models.

    The first choice of a single one depends on its random draws.
    """
    how = {
        "n_estimators": 200,
        "learning_rate": 0.05,
        "max_depth": 3,
        "subsample": 0.5,
        "max_features": 0.5,
    }
    return Together(
        *(
            Learned(GradientBoostingRegressor(**how, random_state=DRAWS * seed + i))
            for i in range(DRAWS)
        )
    )


def histogram_boosting(seed: int) -> Model:
    """Gradient boosting on histograms."""
    how = HistGradientBoostingRegressor(
        max_iter=150, learning_rate=0.05, max_leaf_nodes=8, min_samples_leaf=10, random_state=seed
    )
    return Learned(how)


def linear(_: int) -> Model:
    """Ridge regression on features and their products."""
    return _scaled(PolynomialFeatures(2), Ridge(100.0))


def process(_: int) -> Model:
    """A Gaussian process on the first principal components."""
    kernel = ConstantKernel(1.0) * RBF(3.0) + WhiteKernel(0.5)
    return _scaled(PCA(0.95), GaussianProcessRegressor(kernel, normalize_y=True, random_state=0))


def nearest(_: int) -> Model:
    """Weighted mean of the nearest rows, by dataset and pipeline together."""
    return _scaled(KNeighborsRegressor(15, weights="distance"))


def stack(seed: int) -> Model:
    """Boosting, trees and the linear model, averaged."""
    return Together(boosting(seed), trees(seed), linear(seed))


MODELS: Mapping[str, Callable[[int], Model]] = {
    "average": lambda _: Average(),
    "nearest": nearest,
    "trees": trees,
    "histogram boosting": histogram_boosting,
    "boosting": boosting,
    "process": process,
    "linear": linear,
    "pooled": lambda _: Pooled(),
    "stack": stack,
}
"""Models by name, each built from a seed."""
