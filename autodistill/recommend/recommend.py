"""`autodistill recommend --dataset`: what past studies say about a dataset, before any search."""

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError, TeacherError
from autodistill.prepare.early_checks import check_early
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.recommend.advice import Advice, advise
from autodistill.recommend.fingerprint import fingerprint
from autodistill.recommend.past import Past
from autodistill.recommend.sources import Sources, chosen_model, past_studies
from autodistill.recommend.tried import (
    FEWEST_TRIED,
    Tried,
    is_of,
    narrowed,
    tried,
    values_in,
)
from autodistill.registry.ranges import random_ask
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Pipeline
from autodistill.study.recipe import Recipe, full_epochs
from autodistill.study.space import Space
from autodistill.study.study import Study
from autodistill.training.latency import Costs

DRAWN = 400
"""Pipelines from the space that are compared, beside the portfolio."""


@dataclass(frozen=True)
class Advised:
    """Advice from past studies for one dataset."""

    workspace: PreparedWorkspace
    past: Past
    advice: Advice
    costs: Costs

    @property
    def recipe(self) -> Recipe:
        """The first suggestion, to be trained in full."""
        first = self.advice.suggestions[0]
        evidence: dict[str, Any] = {
            "source": f"{len(self.past.records)} past studies",
            "standing": round(first.standing, 3),
            "standing_interval": [round(first.low, 3), round(first.high, 3)],
        }
        evidence |= {"silence": self.advice.silence} if self.advice.silence else {}
        rows = len(self.workspace.task.answered)
        return Recipe(
            self.workspace.study, first.pipeline, full_epochs(rows), seed=0, evidence=evidence
        )


def recommend(study: Study, sources: Sources, data_root: Path | None, screen: Screen) -> Advised:
    """Prepare the dataset, query past studies.

    Raises SpecError where there is no past study or nothing fits.
    """
    known = past_studies(sources, screen)
    past = known.past
    if not past.records:
        raise SpecError(
            "there is no study to learn from: none ships here, or all are left out by --no-shared "
            "and --no-own."
        )
    screen.line(
        f"past      {len(past.records)} studies of {len(past.evidence.names)} datasets, "
        f"{len(past.evidence):,} pipelines"
    )
    try:
        opened = check_early(open_workspace(study, screen, data_root), screen)
        workspace = prepare(opened, screen)
    except TeacherError as error:
        raise TeacherError(
            f"nothing is recommended, for there is nothing to distil. {error}"
        ) from None
    costs, limits = Costs(workspace.data), study.limits
    candidates = possible(past, workspace)
    if not candidates:
        raise SpecError(
            f"{_untried(workspace.space)}. Name another --space, such as knowledge, or run "
            "`autodistill search`."
        )
    candidates = [
        p for p in candidates if all(costs(p.student)[k] <= most for k, most in limits.items())
    ]
    if not candidates:
        raise SpecError(
            "no pipeline of this space fits this task and these limits. Raise --limit, or name "
            "another --space."
        )
    advice = advise(
        past,
        chosen_model(known.judges, screen),
        fingerprint(workspace.task, workspace.signals(), workspace.lengths()),
        candidates,
        dataset=study.dataset,
    )
    if not advice.suggestions:
        raise SpecError(
            f"{advice.silence}, and no pipeline of theirs fits here. Run `autodistill search`."
        )
    return Advised(workspace, past, advice, costs)


def possible(past: Past, workspace: PreparedWorkspace) -> list[Pipeline]:
    """Pipelines of past studies that this task allows, then others from its space; each once.

    All have members only that enough past datasets have tried.
    """
    known, space = tried(past), workspace.space
    common = [
        p
        for p in past.portfolio(images=workspace.task.of_images)
        if space.holds(p) and is_of(p, known)
    ]
    return list({p.key: p for p in [*common, *(p for p, _ in drawn(space, known))]}.values())


def drawn(space: Space, known: Tried) -> list[tuple[Pipeline, dict[str, Any]]]:
    """Pipelines at random, the same ones each time, with the values that the space asks for.

    They have members only that past studies know of; none where the space has no such pipeline.
    """
    small, ask = narrowed(space, known), random_ask(random.Random(0))
    return [] if small is None else [values_in(space, small, ask) for _ in range(DRAWN)]


def suggest(workspace: PreparedWorkspace, sources: Sources, screen: Screen) -> list[dict[str, Any]]:
    """Values that a search is to try, from past studies; none where they have nothing to say."""
    known = past_studies(sources, screen)
    past = known.past
    if not past.records:
        return []
    drawn_here = drawn(workspace.space, tried(past))
    candidates = {p.key: (p, values) for p, values in drawn_here}
    if not candidates:
        screen.line(
            f"past      {len(past.records)} studies suggest nothing: {_untried(workspace.space)}"
        )
        return []
    pipelines, dataset = [p for p, _ in candidates.values()], workspace.study.dataset
    advice = advise(
        past,
        chosen_model(known.judges, screen),
        fingerprint(workspace.task, workspace.signals(), workspace.lengths()),
        pipelines,
        dataset=dataset,
    )
    if advice.silence:
        screen.line(f"past      {len(past.records)} studies suggest nothing: {advice.silence}")
        return []
    screen.line(
        f"past      {len(past.records)} studies suggest {len(advice.suggestions)} recipes, tried "
        "in turn with the search's own"
    )
    return [candidates[s.pipeline.key][1] for s in advice.suggestions]


def _untried(space: Space) -> str:
    """Why a space has nothing to suggest."""
    return (
        f"the space '{space.name}' has no pipeline whose members at least {FEWEST_TRIED} past "
        "datasets have tried"
    )
