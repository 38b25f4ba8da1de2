"""Choice of the recommending model, by leaving datasets out one at a time.

For an unbiased figure, two at a time.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from autodistill.recommend.evidence import Evidence
from autodistill.recommend.model import DEFAULT, FEW, REFERENCE, Guess, Model

Makers = Mapping[str, Callable[[int], Model]]


@dataclass(frozen=True)
class Marks:
    """Quality of a ranking of one dataset's pipelines."""

    rec_at_1: float
    """Score of the pipeline ranked first: 0 the dataset's worst pipeline, 1 the best."""
    rec_at_5: float
    """The same for the best of the first five."""
    mean_of_5: float
    spearman: float
    regret_1: float
    """Score units below the best pipeline."""
    regret_5: float


def mark(guess: Guess, evidence: Evidence) -> Marks:
    """Quality of a prediction: by the few suggested recipes, and by the order of all."""
    scores = evidence.scores
    span = float(np.ptp(scores)) or 1.0
    shares = (scores - scores.min()) / span
    first, five = guess.few[0], guess.few
    rho = (
        pd.Series(guess.standing).corr(pd.Series(scores), method="spearman")
        if np.ptp(guess.standing) > 0 and np.ptp(scores) > 0
        else 0.0
    )
    best = float(scores.max())
    return Marks(
        float(shares[first]),
        float(shares[five].max()),
        float(shares[five].mean()),
        rho,
        best - float(scores[first]),
        best - float(scores[five].max()),
    )


def mean_of(marks: list[Marks]) -> Marks:
    """Mean of the marks over datasets."""
    names = Marks.__dataclass_fields__
    return Marks(**{n: float(np.mean([getattr(m, n) for m in marks])) for n in names})


def believed(marks: Mapping[str, Sequence[Marks]]) -> str:
    """The model to use: the best by rank correlation, if clearly above the default.

    Clearly: by more than a standard error over datasets; otherwise the default one. The order is
    measured by Spearman's correlation, to which every pipeline contributes: the score of the first
    or of the best of five says less. A dozen datasets hardly distinguish eight models, and the best
    of eight by luck costs more than it brings (Breiman et al. 1984, section 3.4.3: the rule of one
    standard error).
    """
    best = max((m for m in marks if m != REFERENCE), key=lambda m: mean_of(list(marks[m])).spearman)
    if DEFAULT not in marks:
        return best
    lead = np.array([a.spearman - b.spearman for a, b in zip(marks[best], marks[DEFAULT])])
    error = lead.std(ddof=1) / np.sqrt(len(lead)) if len(lead) > 1 else np.inf
    return best if lead.mean() > error else DEFAULT


def at_random(here: Evidence, draws: int = 200) -> Marks:
    """Mean marks of one dataset's pipelines in random order."""
    draw = np.random.default_rng(0)
    orders = (draw.random(len(here)) for _ in range(draws))
    return mean_of([mark(Guess(order, here.first(order, FEW)), here) for order in orders])


def left_out(make: Callable[[int], Model], evidence: Evidence, seed: int) -> dict[str, Guess]:
    """Predictions for each dataset's pipelines, from a model trained without it."""
    found = {}
    for name in evidence.names:
        model = make(seed)
        model.fit(evidence.without([name]))
        found[name] = model.guess(evidence.only(name))
    return found


@dataclass(frozen=True)
class Judged:
    """Leave-one-dataset-out results of each model, and of the one chosen without it."""

    each: Mapping[str, Mapping[str, Marks]]
    """Marks by model, then by dataset."""
    chosen: Mapping[str, str]
    """The model for each dataset, chosen on the others."""
    predictions: Mapping[str, Guess]
    """Predictions of the chosen model, by dataset."""
    errors: Mapping[str, NDArray[np.float64]]
    """Errors of the chosen model on the other datasets, each left out in turn.

    By dataset; its intervals are built from them.
    """

    @property
    def nested(self) -> dict[str, Marks]:
        """Marks by dataset of the model that was chosen without it."""
        return {name: self.each[model][name] for name, model in self.chosen.items()}


def judge(evidence: Evidence, *, seed: int = 0, makers: Makers | None = None) -> Judged:
    """Nested evaluation of all models, or of these; needs three datasets or more.

    For each dataset the model is chosen by leaving out each of the others.
    """
    makers = makers or _models()
    names = evidence.names
    single = {m: left_out(make, evidence, seed) for m, make in makers.items()}
    pairs: dict[tuple[str, str, str], Guess] = {}
    for m, make in makers.items():
        for a, b in combinations(names, 2):
            model = make(seed)
            model.fit(evidence.without((a, b)))
            for name, other in ((a, b), (b, a)):
                pairs[m, name, other] = model.guess(evidence.only(name))
    each = {
        m: {t: mark(g, evidence.only(t)) for t, g in found.items()} for m, found in single.items()
    }
    chosen, off = {}, {}
    for t in names:
        others = [n for n in names if n != t]
        chosen[t] = believed(
            {m: [mark(pairs[m, n, t], evidence.only(n)) for n in others] for m in makers}
        )
        off[t] = np.concatenate([errors(evidence.only(n), pairs[chosen[t], n, t]) for n in others])
    return Judged(each, chosen, {t: single[chosen[t]][t] for t in names}, off)


def errors(asked: Evidence, guess: Guess) -> NDArray[np.float64]:
    """Normalised ranks less their predictions, for the few suggested pipelines.

    These are first in part because their prediction was too high.
    """
    return (asked.standing - guess.standing)[guess.few]


@dataclass(frozen=True)
class Chosen:
    """The model for a new dataset, chosen by leaving out each known one."""

    model: str
    marks: Mapping[str, Mapping[str, Marks]]
    """Marks by model, the losing ones too, then by dataset."""
    random: Mapping[str, Marks]
    """Marks of pipelines in random order, by dataset."""
    errors: NDArray[np.float64]
    """`errors` of the model on left-out datasets."""

    def to_dict(self) -> dict[str, Any]:
        """The choice as plain data, rounded to significant digits."""
        marks = {m: _plain(each) for m, each in self.marks.items()}
        return {
            "model": self.model,
            "marks": marks,
            "random": _plain(self.random),
            "errors": [round(e, 4) for e in self.errors.tolist()],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The choice from plain data."""
        marks = {m: _marks(each) for m, each in data["marks"].items()}
        return cls(data["model"], marks, _marks(data["random"]), np.array(data["errors"]))


def choose(evidence: Evidence, *, seed: int = 0, makers: Makers | None = None) -> Chosen:
    """The model, of all or of these, that is best when each of two datasets or more is left out."""
    makers = makers or _models()
    predictions = {m: left_out(make, evidence, seed) for m, make in makers.items()}
    each = {
        m: {t: mark(g, evidence.only(t)) for t, g in found.items()}
        for m, found in predictions.items()
    }
    best = believed({m: list(marks.values()) for m, marks in each.items()})
    off = np.concatenate([errors(evidence.only(t), g) for t, g in predictions[best].items()])
    return Chosen(best, each, {t: at_random(evidence.only(t)) for t in evidence.names}, off)


def _models() -> Makers:
    from autodistill.recommend.models import MODELS  # scikit-learn, for those who choose alone

    return MODELS


def _plain(marks: Mapping[str, Marks]) -> dict[str, dict[str, float]]:
    return {t: {k: round(v, 5) for k, v in asdict(x).items()} for t, x in marks.items()}


def _marks(data: Mapping[str, Mapping[str, float]]) -> dict[str, Marks]:
    return {t: Marks(**x) for t, x in data.items()}
