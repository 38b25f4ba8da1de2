"""`autodistill recommend --dataset`: what past studies say about a dataset, before any search."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.table import Table

from autodistill.errors import SpecError, TeacherError
from autodistill.prepare.setup import look
from autodistill.prepare.workspace import Prepared, median_length, prepare
from autodistill.recommend.advice import Advice, Suggestion, advise
from autodistill.recommend.choice import Chosen, choose
from autodistill.recommend.fingerprint import fingerprint
from autodistill.recommend.past import Past, learn
from autodistill.registry.ranges import Domain, random_ask
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen, short
from autodistill.storage import Store
from autodistill.storage import files as published
from autodistill.study import spaces
from autodistill.study.pipeline import Pipeline
from autodistill.study.recipe import Recipe, full_epochs
from autodistill.study.results import StudyResult
from autodistill.study.space import Space
from autodistill.study.study import Study
from autodistill.training.latency import Costs

DRAWN = 400
"""Pipelines from the space that are compared, beside the portfolio."""
CHOICE = "recommender.json"
"""Beside studies: the model that was chosen for them."""
NEAREST = 3
"""Past studies that are shown."""


@dataclass(frozen=True)
class Sources:
    """Which studies are learned from."""

    shared: bool = True
    own: bool = True
    storage: str = ""
    leave_out: str = ""
    """A study that is not to be learned from, since it is the one that asks."""


@dataclass(frozen=True)
class Known:
    """What is learned from, and what the model is chosen by."""

    past: Past
    judges: Past
    """The shared studies alone where they are enough: a choice is costly, and need not be made again with each search of one's own."""


def past_studies(sources: Sources) -> Known:
    """The studies that ship or lie in ./studies, and those of a person's own database; of one name, the own one."""
    shared, own = dict[str, StudyResult](), dict[str, StudyResult]()
    if sources.shared:
        for folder in spaces.folders("studies"):
            shared = published_studies(folder) | shared
    if (
        sources.own
        and sources.storage
        and ("://" in sources.storage or Path(sources.storage).is_file())
    ):
        store = Store(sources.storage)
        own = {
            row.name: store.record(row.name)
            for row in store.studies()
            if row.name != sources.leave_out
        }
    past, judges = learn(shared | own), learn(shared)
    return Known(past, judges if judges.is_enough else past)


def published_studies(folder: Path) -> dict[str, StudyResult]:
    """Those that lie in a folder, by name."""
    return {
        place.parent.name: published.read(place.parent)
        for place in sorted(folder.glob("*/study.toml"))
    }


@dataclass(frozen=True)
class Advised:
    """What past studies say of one dataset."""

    prepared: Prepared
    past: Past
    advice: Advice
    costs: Costs

    @property
    def recipe(self) -> Recipe:
        """The first suggestion, to be trained in full."""
        first, data = self.advice.suggestions[0], self.prepared.data
        evidence: dict[str, Any] = {
            "source": f"{len(self.past.records)} past studies",
            "standing": round(first.standing, 3),
            "standing_interval": [round(first.low, 3), round(first.high, 3)],
        }
        evidence |= {"silence": self.advice.silence} if self.advice.silence else {}
        rows = data.train_rows + data.selection_rows
        return Recipe(
            self.prepared.study, first.pipeline, full_epochs(rows), seed=0, evidence=evidence
        )


def recommend(study: Study, sources: Sources, data_root: Path | None, screen: Screen) -> Advised:
    """Prepare the dataset, ask past studies; raises SpecError where none is there or nothing fits."""
    known = past_studies(sources)
    past = known.past
    if not past.records:
        raise SpecError(
            "there is no study to learn from: none ships here, or all are left out by --no-shared and --no-own."
        )
    screen.line(
        f"past      {len(past.records)} studies of {len(past.evidence.names)} datasets, {len(past.evidence):,} pipelines"
    )
    try:
        prepared = prepare(look(study, screen, data_root), screen)
    except TeacherError as error:
        raise TeacherError(
            f"nothing is recommended, for there is nothing to distil. {error}"
        ) from None
    costs, limits = Costs(prepared.data, median_length(prepared.data.shards["full"])), study.limits
    candidates = [
        p
        for p in possible(past, prepared)
        if all(costs(p.student)[k] <= most for k, most in limits.items())
    ]
    if not candidates:
        raise SpecError(
            "no pipeline of this space fits this task and these limits. Raise --limit, or name another --space."
        )
    advice = advise(
        past,
        chosen_model(known.judges, screen),
        fingerprint(prepared.task, prepared.signals(), prepared.lengths()),
        candidates,
        dataset=study.dataset,
    )
    if not advice.suggestions:
        raise SpecError(
            f"{advice.silence}, and no pipeline of theirs fits here. Run `autodistill search`."
        )
    return Advised(prepared, past, advice, costs)


def chosen_model(judges: Past, screen: Screen) -> Chosen | None:
    """The model for these studies: as it ships with them, as it was found before, or found now and kept; None for too few datasets."""
    if not judges.is_enough:
        return None
    places = [folder / CHOICE for folder in spaces.folders("studies")] + [
        cache.home() / "recommenders" / judges.key / CHOICE
    ]
    for place in places:
        if (
            place.is_file()
            and (kept := json.loads(place.read_text(encoding="utf-8")))["key"] == judges.key
        ):
            return Chosen.from_dict(kept)
    screen.line(
        f"past      choosing a model by leaving out each of {len(judges.evidence.names)} datasets, once for these studies"
    )
    cache.once(places[-1].parent, lambda draft: write_choice(judges, draft))
    return Chosen.from_dict(json.loads(places[-1].read_text(encoding="utf-8")))


def write_choice(judges: Past, folder: Path) -> None:
    """Choose a model for these studies and keep it, with the marks of those that lost."""
    (folder / CHOICE).write_text(
        json.dumps({"key": judges.key, **choose(judges.evidence).to_dict()}), encoding="utf-8"
    )


def possible(past: Past, prepared: Prepared) -> list[Pipeline]:
    """Pipelines of past studies that this task allows, then others from its space; each once."""
    known = [p for p in past.portfolio(images=prepared.task.of_images) if prepared.space.holds(p)]
    return list({p.key: p for p in [*known, *(p for p, _ in drawn(prepared.space))]}.values())


def drawn(space: Space) -> list[tuple[Pipeline, dict[str, Any]]]:
    """Pipelines at random, the same ones each time, with the values that were asked for."""
    found, ask = [], random_ask(random.Random(0))
    for _ in range(DRAWN):
        values: dict[str, Any] = {}

        def note(name: str, domain: Domain, values: dict[str, Any] = values) -> Any:
            values[name] = ask(name, domain)
            return values[name]

        found.append((space.sample(note), values))
    return found


def suggest(prepared: Prepared, sources: Sources, screen: Screen) -> list[dict[str, Any]]:
    """Values that a search is to try, from past studies; none where they have nothing to say."""
    known = past_studies(sources)
    past = known.past
    if not past.records:
        return []
    candidates = {p.key: (p, values) for p, values in drawn(prepared.space)}
    pipelines, dataset = [p for p, _ in candidates.values()], prepared.study.dataset
    advice = advise(
        past,
        chosen_model(known.judges, screen),
        fingerprint(prepared.task, prepared.signals(), prepared.lengths()),
        pipelines,
        dataset=dataset,
    )
    if advice.silence:
        screen.line(f"past      {len(past.records)} studies suggest nothing: {advice.silence}")
        return []
    screen.line(
        f"past      {len(past.records)} studies suggest {len(advice.suggestions)} recipes, tried in turn with the search's own"
    )
    return [candidates[s.pipeline.key][1] for s in advice.suggestions]


def expected_seconds(pipeline: Pipeline, advised: Advised) -> float:
    """Of a full training: what a row took in the nearest studies that trained this kind of student; NaN where none did."""
    kind = pipeline.student.name
    for name, _ in advised.advice.nearest:
        record = advised.past.records[name]
        runs = [
            o
            for o in record.outcomes
            if "train_seconds" in o.cost
            and o.status == "complete"
            and o.pipeline.student.name == kind
        ]
        if runs:
            rows = [
                o.cost["train_seconds"] / (o.fidelity["rows"] * o.fidelity["epochs"]) for o in runs
            ]
            data = advised.prepared.data
            visits = (data.train_rows + data.selection_rows) * advised.recipe.epochs
            return median(rows) * visits
    return float("nan")


def lines(advised: Advised) -> list[str]:
    """How far to believe it, for people."""
    advice, found = advised.advice, list[str]()
    if earned := advice.earned:
        found.append(
            f"  earned    from the worst pipeline (0 %) to the best (100 %) of {earned.datasets} datasets left out, its first recipe "
            f"came to {earned.first:.0%} (a random one: {earned.random_first:.0%}), its best of five to {earned.five:.0%} "
            f"(random: {earned.random_five:.0%})"
        )
    if advice.silence:
        found.append(
            f"  how sure  not at all: {advice.silence}. These are the recipes that did best on average; `autodistill search` finds out"
        )
    else:
        first = advice.suggestions[0]
        found.append(
            f"  how sure  it is expected to beat {first.standing:.0%} of pipelines (80 % interval: {first.low:.0%} to {first.high:.0%})"
        )
    for name, distance in advice.nearest[:NEAREST]:
        found.append(
            f"  near      {name}, distance {distance:.2f}: {advised.past.best(name)} won there"
        )
    return found


def suggestions_table(advised: Advised, suggestions: Sequence[Suggestion]) -> Table:
    """One row a suggestion."""
    is_hedge = not advised.advice.silence and tuple(suggestions) == advised.advice.suggestions
    hedge = ", the likeliest first; the others are what to try beside it" if is_hedge else ""
    table = Table(
        title=f"{advised.prepared.task.name}: recipes from past studies{hedge}",
        title_justify="left",
    )
    heads = ("beats", "80 %", "million params", "ms", "full training", "recipe")
    for head in heads:
        table.add_column(head, justify="left" if head == "recipe" else "right", overflow="fold")
    for s in suggestions:
        cost, seconds = advised.costs(s.pipeline.student), expected_seconds(s.pipeline, advised)
        took = "" if math.isnan(seconds) else short(seconds)
        cells = (
            f"{s.standing:.0%}",
            f"{s.low:.0%} to {s.high:.0%}",
            f"{cost['params'] / 1e6:.2f}",
            f"{cost['latency_ms']:.2f}",
            took,
        )
        table.add_row(*cells, str(s.pipeline))
    return table


def by_student(advised: Advised) -> list[Suggestion]:
    """The best suggestion of each student."""
    found: dict[str, Suggestion] = {}
    for suggestion in advised.advice.ranked or advised.advice.suggestions:
        found.setdefault(str(suggestion.pipeline.student), suggestion)
    return list(found.values())
