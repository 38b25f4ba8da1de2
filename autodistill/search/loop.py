"""The product in one screen: prepare, ask, run, store, tell; then the answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from autodistill.analysis.larger_budget import advice, enough
from autodistill.errors import Interrupted
from autodistill.prepare.early_checks import check_early
from autodistill.prepare.materials import prepare
from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import PreparedWorkspace, open_workspace
from autodistill.runtime import interrupts
from autodistill.runtime.launch import warm_up
from autodistill.runtime.progress import Screen
from autodistill.runtime.ray_cluster import connected
from autodistill.runtime.settings import trial_threads
from autodistill.search.ask_tell import AskTell
from autodistill.search.cost import STUDENTS_SHARE
from autodistill.search.forecast import Forecast
from autodistill.search.offers import mailbox_of
from autodistill.search.place import At, foresee
from autodistill.search.promotion import highest_level, promotes
from autodistill.search.screening import selection
from autodistill.search.screening.audit import audit
from autodistill.search.session import SearchSession
from autodistill.search.spend import spend
from autodistill.search.start import (
    as_before,
    is_known,
    refit_baselines,
    with_begun_teacher,
)
from autodistill.storage import Store
from autodistill.storage.network import check_local
from autodistill.storage.outage import waited_out
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import times_as_long
from autodistill.study.pipeline import Part, Pipeline
from autodistill.study.results import StudyResult
from autodistill.study.space import Space
from autodistill.study.study import Budget, Study
from autodistill.training.latency import Costs

SCORING_SHARE = 0.3
"""Share of the time for that choice that proxies take."""


@dataclass(frozen=True)
class Found:
    """The results of a search: its workspace and its record."""

    workspace: PreparedWorkspace
    record: StudyResult


def search(
    study: Study,
    budget: Budget,
    *,
    storage: str,
    workers: int,
    data_root: Path | None,
    name: str,
    screen: Screen,
    past: bool = False,
    device: str = "cpu",
    address: str | None = None,
) -> Found:
    """Spend the budget on a study, new or resumed.

    With `past`, recipes that past studies suggest are tried, too; `address` is that of a Ray
    cluster that runs the trials, whose cores say how many at once where `workers` is 0. Raises
    Interrupted after Ctrl-C.
    """
    check_local(storage)
    with connected(address) as cluster:
        if cluster and not workers:
            workers = cluster.held(trial_threads(), device)
        opened = as_before(storage, open_workspace(study, screen, data_root, device), name, screen)
        opened = with_begun_teacher(storage, check_early(opened, screen), name)
        warm_up(PRELOAD)
        foreseen = (
            None
            if opened.is_recorded() or study.students
            else foresee(opened, budget, workers, screen)
        )
        chooses = foreseen is not None and foreseen.plan.choice_seconds > 0
        workspace = prepare(replace(opened, chooses=chooses), screen)
        name, store = name or workspace.study.name, Store(storage)
        at = At(store, workers, screen, past, mailbox_of(store, name), cluster)
        if study.students == "each":
            record = _each(at, workspace, budget, name)
            at.tell_over()
            return Found(workspace, record)
        if study.students == "auto":
            space, budget = choose_students(at, workspace, budget, name)
            workspace = replace(workspace, space=space)
        record = sit(at, workspace, budget, name, foreseen)
        at.tell_over()
        if lacking := advice(record, budget.before):
            screen.line(f"budget    {lacking}")
        return Found(workspace, record)


def choose_students(
    at: At, workspace: PreparedWorkspace, budget: Budget, name: str
) -> tuple[Space, Budget]:
    """The space with the chosen students, and what is left of the budget.

    The choice is made once for a study, by a short training of each.
    """
    name = f"{name}-students"
    known = at.store.facts(name) if is_known(at.store, name) else StudyFacts()
    if known.survivors is None:
        each = replace(workspace, study=replace(workspace.study, students="each"))
        record = _each(at, each, budget.share(STUDENTS_SHARE), name)
        found = selection.survivors(record)
        at.store.update_facts(name, {"survivors": [p.to_dict() for p in found]})
        known = at.store.facts(name)
    students = tuple(Part.from_dict(p) for p in known.survivors or ())
    at.screen.line(f"students  {len(students)} go on: {', '.join(map(str, students))}")
    record = at.store.record(name)
    return replace(workspace.space, students=students), budget.less(
        len(record.finished), record.spent_seconds
    )


def _each(at: At, workspace: PreparedWorkspace, budget: Budget, name: str) -> StudyResult:
    """Score the students of the space and train them briefly, the likeliest first.

    Proxies are audited on the way.
    """
    facts = at.facts(workspace, budget, name)
    if facts.students is None:
        entries = selection.score_students(
            workspace, at.screen, SCORING_SHARE * (budget.seconds or math.inf)
        )
        at.store.update_facts(name, {"students": [e.to_dict() for e in entries]})
    while True:
        record = at.store.record(name)
        if record.facts.switched_off is None and (found := audit(record)):
            at.store.update_facts(name, {"switched_off": selection.switched_off(found)})
            record = at.store.record(name)
            for line in selection.lines(record):
                at.screen.line(line)
        listed = selection.listed(record, workspace.space)
        allowed = replace(
            budget, trials=min(len(listed), budget.trials or len(listed)), closing_share=0.0
        )
        after = sit(at, workspace, allowed, name, listed=listed)
        if (
            len(after.outcomes) == len(record.outcomes)
            or budget.spent(len(after.finished), after.spent_seconds) >= 1
        ):
            return after


def sit(
    at: At,
    workspace: PreparedWorkspace,
    budget: Budget,
    name: str,
    foreseen: Forecast | None = None,
    listed: Sequence[Pipeline] = (),
) -> StudyResult:
    """Ask, run, store, tell.

    `listed` are pipelines that are to run, in this order, in a study that samples none.
    """
    store, study, screen = at.store, workspace.study, at.screen
    facts = store.facts(name) if listed else at.facts(workspace, budget, name, foreseen)
    with (
        waited_out(screen.line),
        store.claim(name) as lease,
        interrupts.held() as interrupted,
    ):
        history = store.record(name, predictions=False)
        at_once = at.at_once(workspace, facts)
        top = 0 if listed or not promotes(study) else highest_level(facts, budget, at_once)
        if top > history.level and history.outcomes:
            screen.line(
                f"study     {name}: the budget has room for runs {times_as_long(top)} times as "
                "long: the best are made again at that length, and compared at it"
            )
        hints = () if listed else at.hints(workspace, budget, name, facts)
        questions = AskTell(
            name,
            workspace.space,
            store.url,
            seed=study.seed,
            history=history,
            closing_share=budget.closing_share,
            hints=hints,
            top=top,
        )
        questions.enlist(listed)
        costs = Costs(workspace.data, facts, partial(store.update_facts, name))
        views = Views(workspace, screen)
        sitting = SearchSession(
            store,
            questions,
            lease,
            budget,
            name,
            facts,
            screen,
            len(history.finished),
            costs,
            study.limits,
            views,
            workspace.data.device.speed,
        )
        if sitting.is_spent() and not listed:
            more = enough(history, budget.before)
            screen.line(
                f"study     {name}: the budget is spent; --budget {more} (a total), without "
                "--trials, goes on"
            )
        del history  # all its trials, which nobody needs while the search runs
        pool = at.engine(workspace, facts)
        with screen.live(sitting.view.lines):
            spend(sitting, pool, interrupted)
        if hints and questions.past_was_dropped():
            store.update_facts(name, {"past_dropped": True})
            screen.line(
                "past      what past studies suggest did worse than the study's own runs at the "
                "first look: no more of it was tried"
            )
        if interrupted():
            raise Interrupted(name)
        refit_baselines(store, workspace, store.record(name), name, screen)
    return store.record(name)
