"""A linear model of normalised ranks with partial pooling over datasets.

Rank = mean + x w + x v + noise, where x are a pipeline's numbers and their products, w is common
to all datasets and v each dataset's own: partial pooling (Gelman and Hill 2007, ch. 12). The three
variances are those with the highest marginal likelihood (Rasmussen and Williams 2006, section
5.4.1). For a new dataset, v is unknown, and similar pipelines share the unknown part: five near
copies of the best prediction fail together. The few to try are therefore those whose best is
expected to be highest, chosen greedily.
"""

from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from autodistill.recommend.evidence import Evidence
from autodistill.recommend.model import FEW, Model

Array = NDArray[np.float64]
START = np.log([0.05, 0.05, 0.03])
"""Initial variances: common effects, dataset effects, noise; ranks have 1/12."""
BOUNDS = [(np.log(1e-6), 0.0)] * 3
DRAWS = 2000


class Pooled(Model):
    """Partial pooling: a new dataset may differ, a known one has its own effects."""

    def fit(self, evidence: Evidence) -> None:
        """Fit the variances, then the posterior of the common effects."""
        self.columns = [c for c in evidence.features if c not in evidence.of_dataset]
        self.range = evidence.features[self.columns].min(), evidence.features[self.columns].max()
        self.datasets = evidence.datasets
        fill, scale = SimpleImputer(keep_empty_features=True), StandardScaler
        self.prepare = make_pipeline(
            fill, scale(), PolynomialFeatures(2, include_bias=False), scale()
        )
        self.known = cast(
            Array, self.prepare.fit_transform(evidence.features[self.columns].to_numpy())
        )
        self.mean, width = float(evidence.standing.mean()), self.known.shape[1]
        left, alike = evidence.standing - self.mean, self.known @ self.known.T / width
        own = alike * (evidence.datasets[:, None] == evidence.datasets[None])
        parts = np.stack([alike, own, np.eye(len(left))])

        def unlikely(logs: Array) -> tuple[float, Array]:
            """Negative log marginal likelihood without its constant, and its gradient."""
            variances = np.exp(logs)
            factor = cho_factor(np.tensordot(variances, parts, 1), lower=True)
            inverse = cho_solve(factor, parts[-1])
            weights = inverse @ left
            slopes = np.array([np.vdot(inverse, part) - weights @ part @ weights for part in parts])
            return float(
                left @ weights / 2 + np.log(np.diag(factor[0])).sum()
            ), variances * slopes / 2

        variances = np.exp(minimize(unlikely, START, jac=True, method="L-BFGS-B", bounds=BOUNDS).x)
        self.common, self.differing, self.noise = variances
        self.factor = cho_factor(np.tensordot(variances, parts, 1), lower=True)
        self.weights = cho_solve(self.factor, left)

    def predict(self, evidence: Evidence) -> Array:
        """Posterior mean; the own effects of a new dataset are 0 on average."""
        return cast(Array, self.mean + self._shared(evidence) @ self.weights)

    def covariance(self, evidence: Evidence) -> Array:
        """Covariance (n, n) of the ranks of pipelines on one dataset, without noise."""
        asked, shared = self._numbers(evidence), self._shared(evidence)
        return cast(
            Array,
            (self.common + self.differing) * self._alike(asked, asked)
            - shared @ cho_solve(self.factor, shared.T),
        )

    def few(self, evidence: Evidence, standing: Array) -> NDArray[np.int64]:
        """Rows to try: the highest expected rank, then those that add most to the best."""
        hopeful = (
            np.flatnonzero(standing >= 0)
            if evidence.hopeless is None
            else np.flatnonzero(~evidence.hopeless)
        )
        asked = evidence.take(hopeful)
        return hopeful[hedged(standing[hopeful], self.covariance(asked), min(FEW, len(asked)))]

    def _shared(self, evidence: Evidence) -> Array:
        """Covariance with known rows: by common effects, by own effects if studied."""
        same = evidence.datasets[:, None] == self.datasets[None]
        return cast(
            Array,
            self._alike(self._numbers(evidence), self.known)
            * (self.common + self.differing * same),
        )

    def _numbers(self, evidence: Evidence) -> Array:
        """Features clipped to the known ranges: a parabola does not extrapolate."""
        low, high = self.range
        return cast(
            Array,
            self.prepare.transform(
                evidence.features[self.columns].clip(low, high, axis=1).to_numpy()
            ),
        )

    def _alike(self, some: Array, others: Array) -> Array:
        return cast(Array, some @ others.T / self.known.shape[1])


def hedged(mean: Array, covariance: Array, most: int, seed: int = 0) -> NDArray[np.int64]:
    """Places of `most` normal variables, the highest mean first.

    Each next one raises the expected maximum of the chosen ones most.
    """
    values, vectors = np.linalg.eigh(covariance)
    drawn = np.random.default_rng(seed).standard_normal((DRAWS, len(mean))) * np.sqrt(
        np.maximum(values, 0.0)
    )
    cases = mean + drawn @ vectors.T
    chosen = [int(np.argmax(mean))]
    best = cases[:, chosen[0]]
    while len(chosen) < most:
        gain = np.maximum(cases, best[:, None]).mean(0)
        gain[chosen] = -np.inf
        chosen.append(int(np.argmax(gain)))
        best = np.maximum(best, cases[:, chosen[-1]])
    return np.array(chosen)
