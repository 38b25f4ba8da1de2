"""The measurement of `ties` on whole searches.

Sampler, early stopping, baselines, repeats, database and answer.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zlib import crc32

import numpy as np
from rich.console import Console

from autodistill.analysis.recommendation import recommend
from autodistill.analysis.verdict import Verdict
from autodistill.report.answer import answer_of
from autodistill.report.terminal import print_answer
from autodistill.runtime.progress import Screen
from autodistill.search.ask_tell import AskTell
from autodistill.search.early_stopping import FIRST_LOOK
from autodistill.search.session import SearchSession
from autodistill.search.spend import spend
from autodistill.storage import Store
from autodistill.study import spaces
from autodistill.study.pipeline import Pipeline
from autodistill.study.recipe import Recipe
from autodistill.study.results import StudyResult, Trial
from autodistill.study.rules import Conditions
from autodistill.study.study import Budget, Study
from benchmarks.planted import Effect, PlantedPool, Truth, student_cost

TRIALS = 30
BETTER = "cosine"
"""The feature loss of the better branch; the default recipe has another."""


@dataclass(frozen=True)
class Searched:
    """A study from the question to the printed answer, its lines joined."""

    record: StudyResult
    recipe: Recipe
    verdict: Verdict
    text: str


class Memory(Screen):
    """A screen that stores the answer and prints nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.notes = Console(file=io.StringIO(), quiet=True)
        self.heard = io.StringIO()
        self.answers = Console(file=self.heard, highlight=False)


def search(
    truth: Truth, folder: Path, trials: int = TRIALS, closing_share: float = 0.25
) -> Searched:
    """A search as by loop.search, but with planted runs."""
    name, screen, store = f"planted-{truth.seed}", Memory(), Store(str(folder / f"{truth.seed}.db"))
    study = Study("planted", metric="accuracy", seed=truth.seed)
    facts = {
        "rows": 2000,
        "epochs": 1,
        "trial_seconds": 4.0,
        "first_look": FIRST_LOOK,
        "timeout_seconds": 120.0,
        "teacher_score": 0.9,
        "train_rows": 8000,
    }
    store.begin(study, facts | {"selection_rows": truth.rows, "classes": 2}, name=name)
    store.note_selection(name, truth.selection)
    space = spaces.space(study.space).fit(Conditions(classes=2))
    with store.claim(name) as lease:
        questions = AskTell(
            name,
            space,
            store.url,
            seed=study.seed,
            history=store.record(name),
            closing_share=closing_share,
        )
        sitting = SearchSession(
            store,
            questions,
            lease,
            Budget(trials=trials),
            name,
            store.facts(name),
            screen,
            0,
            student_cost,
            {},
        )
        spend(sitting, PlantedPool(truth), lambda: False)
    record = store.record(name)
    recipe, verdict = recommend(record, name)
    print_answer(answer_of(record, recipe, verdict), screen.answers)
    store.close()
    return Searched(record, recipe, verdict, " ".join(screen.heard.getvalue().split()))


def has(pipeline: Pipeline, loss: str) -> bool:
    """Whether a pipeline has a term of this loss."""
    return any(t.loss.name == loss for t in pipeline.terms)


def taught(pipeline: Pipeline) -> float:
    """Weight of the teacher in a pipeline: that of its terms without cross-entropy."""
    return sum(t.weight for t in pipeline.terms if t.loss.name != "ce")


def equal(pipeline: Pipeline, _: str) -> float:
    """No difference but one in a million in logits, so that one pipeline is the best."""
    return 1e-6 * crc32(pipeline.key.encode()) / 2**32


def better_by(lift: float) -> Effect:
    """One feature loss's branch is better than the student alone, others are equal."""
    return lambda pipeline, baseline: equal(pipeline, baseline) + lift * has(pipeline, BETTER)


def worse_by(lift: float) -> Effect:
    """A wrong teacher: the larger its weight in a pipeline, the worse."""
    return lambda pipeline, baseline: equal(pipeline, baseline) - lift * taught(pipeline)


def searches(effect: Effect, studies: int, seed: int, trials: int = TRIALS) -> list[Searched]:
    """This many studies, each with rows and a sampler of its own."""
    with TemporaryDirectory(prefix="search-ties-") as folder:
        return [search(Truth(effect, seed + i), Path(folder), trials) for i in range(studies)]


def search_ties(
    studies: int = 50, seed: int = 0, lift: float = 0.45, trials: int = TRIALS
) -> Mapping[str, float]:
    """Shares of the studies, by planted truth: `equal`, `better`, `worse`."""
    kinds = {"equal": equal, "better": better_by(lift), "worse": worse_by(2 * lift)}
    found: dict[str, float] = {}
    for number, (name, effect) in enumerate(kinds.items()):
        made = searches(effect, studies, 100_000 * seed + 10_000 * number, trials)
        found |= {
            f"{name}_{k}": v
            for k, v in (shares(made, effect) | (branch(made) if name == "better" else {})).items()
        }
    return found


def shares(made: list[Searched], effect: Effect) -> dict[str, float]:
    """Shares of the answers' findings, and means of their numbers."""
    findings = [m.verdict.gain.finding if m.verdict.gain else "unknown" for m in made]
    repeated = [[a for a, _ in m.verdict.leaders if a.is_repeated] for m in made]
    best = [max(groups, key=lambda a: effect(a.pipeline, "")) for groups in repeated]
    return {
        "best_repeated_in_ties": float(np.mean([b in m.verdict.ties for b, m in zip(best, made)])),
        "repeated": float(np.mean([len(groups) for groups in repeated])),
        "fresh_seeds": float(np.mean([len(a.scores) for groups in repeated for a in groups])),
        "control_seeds": float(
            np.mean([len(m.verdict.gain.baseline.scores) for m in made if m.verdict.gain])
        ),
        "ties": float(np.mean([len(m.verdict.ties) for m in made])),
        **{
            kind: findings.count(kind) / len(made)
            for kind in ("helps", "probably", "perhaps", "no", "hurts")
        },
        "alone_recommended": float(
            np.mean([m.verdict.recommended.baseline == "alone" for m in made])
        ),
    }


def branch(made: list[Searched]) -> dict[str, float]:
    """Shares of the searches that tried, repeated and recommended the better branch."""
    runs = [
        o for m in made for o in m.record.outcomes if not o.baseline and not o.seed and o.number
    ]
    asked = [has(o.pipeline, BETTER) for o in runs]
    stopped = [o.status == "stopped" for o in runs]

    def any_of(outcomes: list[Trial]) -> bool:
        return any(has(o.pipeline, BETTER) for o in outcomes)

    return {
        "asked": float(np.mean(asked)),
        "stopped": float(np.mean([s for s, good in zip(stopped, asked) if good])),
        "others_stopped": float(np.mean([s for s, good in zip(stopped, asked) if not good])),
        "found": float(
            np.mean(
                [any_of([o for o in m.record.outcomes if o.status == "complete"]) for m in made]
            )
        ),
        "branch_repeated": float(
            np.mean(
                [any_of([o for o in m.record.outcomes if o.seed and not o.baseline]) for m in made]
            )
        ),
        "leads": float(np.mean([has(m.verdict.leaders[0][0].pipeline, BETTER) for m in made])),
        "recommended": float(np.mean([has(m.recipe.pipeline, BETTER) for m in made])),
    }
