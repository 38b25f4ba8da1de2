"""Which model to believe, and how far: datasets are left out one at a time, and for a fair figure two at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from autodistill.recommend.evidence import Evidence
from autodistill.recommend.model import FEW, Guess, Model
from autodistill.recommend.models import DEFAULT, MODELS, REFERENCE

Makers = Mapping[str, Callable[[int], Model]]


@dataclass(frozen=True)
class Marks:
    """How good a ranking of one dataset's pipelines was."""

    rec_at_1: float
    """The score of the pipeline put first: 0 the worst of the dataset's pipelines, 1 the best."""
    rec_at_5: float
    """The same for the best of the first five."""
    mean_of_5: float
    spearman: float
    regret_1: float
    """Score units below the best pipeline."""
    regret_5: float


def mark(guess: Guess, evidence: Evidence) -> Marks:
    """Judge a guess of one dataset's standings by the few recipes that it hands over, and by its order of all."""
    scores = evidence.scores
    span = float(np.ptp(scores)) or 1.0
    shares = (scores - scores.min()) / span
    first, five = guess.few[0], guess.few
    rho = (
        float(spearmanr(guess.standing, scores)[0])
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
    """Over datasets."""
    names = Marks.__dataclass_fields__
    return Marks(**{n: float(np.mean([getattr(m, n) for m in marks])) for n in names})


def believed(marks: Mapping[str, Sequence[Marks]]) -> str:
    """The model that orders pipelines best, if it is ahead of the default one by more than a standard error over datasets; else that one.

    Order is Spearman's, to which every pipeline adds: what the first or the best of five reached says less. A dozen datasets tell eight
    models apart badly, and the best of eight by luck costs more than it brings (Breiman et al. 1984, section 3.4.3: the rule of one
    standard error).
    """
    best = max((m for m in marks if m != REFERENCE), key=lambda m: mean_of(list(marks[m])).spearman)
    if DEFAULT not in marks:
        return best
    lead = np.array([a.spearman - b.spearman for a, b in zip(marks[best], marks[DEFAULT])])
    error = lead.std(ddof=1) / np.sqrt(len(lead)) if len(lead) > 1 else np.inf
    return best if lead.mean() > error else DEFAULT


def at_random(here: Evidence, draws: int = 200) -> Marks:
    """What one dataset's pipelines in random order have on average."""
    draw = np.random.default_rng(0)
    orders = (draw.random(len(here)) for _ in range(draws))
    return mean_of([mark(Guess(order, here.first(order, FEW)), here) for order in orders])


def left_out(make: Callable[[int], Model], evidence: Evidence, seed: int) -> dict[str, Guess]:
    """Standings of each dataset's pipelines, from a model that has not seen the dataset."""
    found = {}
    for name in evidence.names:
        model = make(seed)
        model.fit(evidence.without([name]))
        found[name] = model.guess(evidence.only(name))
    return found


@dataclass(frozen=True)
class Judged:
    """Leave one dataset out, for each model and for the one that is chosen without the dataset."""

    each: Mapping[str, Mapping[str, Marks]]
    """By model, then by dataset."""
    chosen: Mapping[str, str]
    """The model for each dataset, chosen on the others."""
    predictions: Mapping[str, Guess]
    """Of the chosen model, by dataset."""
    errors: Mapping[str, NDArray[np.float64]]
    """By dataset: `errors` of the chosen model on the others, each left out in its turn: what its intervals are made of."""

    @property
    def nested(self) -> dict[str, Marks]:
        """By dataset, of the model that was chosen without it."""
        return {name: self.each[model][name] for name, model in self.chosen.items()}


def judge(evidence: Evidence, *, seed: int = 0, makers: Makers = MODELS) -> Judged:
    """Nested: for each dataset the model is chosen by leaving out each of the others; with three datasets or more."""
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
    """Standings less guesses, of the few that are suggested: these are first in part because they were guessed too high."""
    return (asked.standing - guess.standing)[guess.few]


@dataclass(frozen=True)
class Chosen:
    """The model for a dataset that is not there, and how it was found: by leaving out each one that is."""

    model: str
    marks: Mapping[str, Mapping[str, Marks]]
    """By model, the losing ones too, then by dataset."""
    random: Mapping[str, Marks]
    """By dataset: pipelines in random order."""
    errors: NDArray[np.float64]
    """`errors` of the model on datasets that were left out."""

    def to_dict(self) -> dict[str, Any]:
        """As plain data, rounded to what matters."""
        marks = {m: _plain(each) for m, each in self.marks.items()}
        return {
            "model": self.model,
            "marks": marks,
            "random": _plain(self.random),
            "errors": [round(e, 4) for e in self.errors.tolist()],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From plain data."""
        marks = {m: _marks(each) for m, each in data["marks"].items()}
        return cls(data["model"], marks, _marks(data["random"]), np.array(data["errors"]))


def choose(evidence: Evidence, *, seed: int = 0, makers: Makers = MODELS) -> Chosen:
    """The model that is the best when each dataset is left out; with two datasets or more."""
    predictions = {m: left_out(make, evidence, seed) for m, make in makers.items()}
    each = {
        m: {t: mark(g, evidence.only(t)) for t, g in found.items()}
        for m, found in predictions.items()
    }
    best = believed({m: list(marks.values()) for m, marks in each.items()})
    off = np.concatenate([errors(evidence.only(t), g) for t, g in predictions[best].items()])
    return Chosen(best, each, {t: at_random(evidence.only(t)) for t in evidence.names}, off)


def _plain(marks: Mapping[str, Marks]) -> dict[str, dict[str, float]]:
    return {t: {k: round(v, 5) for k, v in asdict(x).items()} for t, x in marks.items()}


def _marks(data: Mapping[str, Mapping[str, float]]) -> dict[str, Marks]:
    return {t: Marks(**x) for t, x in data.items()}
