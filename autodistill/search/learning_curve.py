"""The end of a learning curve, estimated from its beginning, with its uncertainty.

Source   Domhan et al. 2015 (extrapolation of learning curves), IJCAI; the curve is the power law
         with a constant of Henighan et al. 2020, arXiv:2010.14701.
Differs  A grid of exponents with a Gaussian for the other two parameters, in closed form, in place
         of eleven families of curves and Markov chains.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import multivariate_normal, norm
from scipy.stats import t as student_t

Floats = Sequence[float] | NDArray[np.float64]
EXPONENTS = np.geomspace(0.25, 4.0, 13)
LIMIT_SPREAD, DROP_SPREAD = 0.3, 0.5
"""Standard deviations of the limit around the last value, and of what the first step lacks."""


@dataclass(frozen=True)
class Estimate:
    """A mixture of normal distributions."""

    weights: NDArray[np.float64]
    means: NDArray[np.float64]
    deviations: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """The expected value."""
        return float(self.weights @ self.means)

    @property
    def deviation(self) -> float:
        """The standard deviation."""
        second = self.weights @ (self.deviations**2 + self.means**2)
        return math.sqrt(max(float(second) - self.mean**2, 0.0))

    def chance(self, value: float) -> float:
        """The probability of this value or a larger one."""
        return float(self.weights @ norm.sf(value, self.means, self.deviations))


def chance_of(value: float, end: Estimate, errors: Sequence[float]) -> float:
    """The probability of this value or a larger one, where earlier estimates erred so much.

    `errors`: what was measured less what was estimated, for two other curves or more.
    """
    count, mean = len(errors), float(np.mean(errors))
    spread = max(float(np.std(errors, ddof=1)), end.deviation) * math.sqrt(1 + 1 / count)
    return float(student_t.sf((value - end.mean - mean) / spread, count - 1))


def extrapolated(steps: Floats, values: Floats, at: float, *, noise: float) -> Estimate:
    """The value at a later step of limit - drop step^-exponent, as it would be measured.

    `noise`: the standard deviation of a measured value around the curve.
    """
    x, y = np.asarray(steps, dtype=np.float64), np.asarray(values, dtype=np.float64)
    prior = np.diag([LIMIT_SPREAD**2, DROP_SPREAD**2])
    evidence, means, deviations = [], [], []
    for exponent in EXPONENTS:
        seen = np.stack([np.ones(len(x)), -(x**-exponent)], axis=1)
        asked = np.array([1.0, -(at**-exponent)])
        covariance = seen @ prior @ seen.T + noise**2 * np.eye(len(x))
        gain = np.linalg.solve(covariance, seen @ prior @ asked)
        means.append(y[-1] + gain @ (y - y[-1]))
        variance = asked @ prior @ asked - gain @ seen @ prior @ asked
        deviations.append(math.sqrt(max(float(variance), 0.0) + noise**2))
        evidence.append(multivariate_normal.logpdf(y - y[-1], None, covariance))
    logs = np.array(evidence)
    return Estimate(np.exp(logs - logsumexp(logs)), np.array(means), np.array(deviations))
