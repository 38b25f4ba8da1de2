"""A sitting of one study on a real Optuna study, asked and told by hand."""

from collections.abc import Mapping
from typing import Any

from autodistill.search.ask_tell import AskTell
from autodistill.search.asked import Asked
from autodistill.search.promotion import Fits, any_fits
from autodistill.study.facts import StudyFacts
from autodistill.study.results import StudyResult, Trial
from autodistill.study.space_file import read_space
from autodistill.study.study import Study
from tests.paths import ROOT

SPACE = read_space(ROOT / "search_spaces" / "quick.toml")
OLD = StudyFacts()
"""Facts of a study that an older version began: neither its length nor its first look is known."""
COST = {"params": 5e6, "size_bytes": 2e7, "latency_ms": 3.0}


def questions(
    url: str,
    *known: Trial,
    closing_share: float = 0.25,
    facts: StudyFacts = OLD,
    top: int = 0,
    **kind: Any,
) -> AskTell:
    """A new sitting of one study; its first look at a run is after a quarter, or as `facts` say."""
    return AskTell(
        "s",
        SPACE,
        url,
        seed=0,
        history=StudyResult(Study("a.csv", **kind), known, facts=facts),
        closing_share=closing_share,
        top=top,
    )


def ended(
    asked: Asked,
    score: float,
    status: str = "complete",
    rungs: int = 3,
    size: Mapping[str, int] = {},
) -> Trial:
    """A run that ended, with the same score at each of its rungs."""
    curve = tuple((step, score) for step in (1, 2, 4)[:rungs])
    return Trial(
        asked.number,
        asked.pipeline,
        asked.repeat,
        status,
        score,
        curve=curve,
        fidelity=size,
        cost=COST,
        baseline=asked.baseline,
    )


def make(now: AskTell, spent: float, score: float = 0.8, fits: Fits = any_fits) -> Trial:
    """One run from ask to tell."""
    asked = now.ask(spent, fits)
    assert now.note_cost(asked.number, COST, {}) == []
    outcome = ended(asked, score)
    now.tell(outcome)
    return outcome
