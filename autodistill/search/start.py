"""A study's first sitting: what is decided once and kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autodistill.prepare.simple_baselines import simple_baselines
from autodistill.prepare.workspace import PreparedWorkspace, Workspace
from autodistill.recommend.fingerprint import fingerprint
from autodistill.runtime.progress import Screen, short
from autodistill.search.early_stopping import FIRST_LOOK
from autodistill.storage import Store
from autodistill.storage.checks import is_there
from autodistill.study.facts import StudyFacts
from autodistill.study.lengths import size_of
from autodistill.study.recipe import full_epochs
from autodistill.study.results import StudyResult
from autodistill.study.study import other_question
from autodistill.training.simple_baselines import MOST_ROWS
from autodistill.training.trial_size import TrialSize, learnable_rows


def is_known(store: Store, name: str) -> bool:
    """The study was begun before: how large its trials are is decided."""
    return name in [row.name for row in store.studies()] and store.facts(name).is_measured


def go_on(store: Store, workspace: PreparedWorkspace, name: str, screen: Screen) -> StudyFacts:
    """The facts of a study that was begun before.

    Raises SpecError when the question is another one. Simple baselines are fitted where the study
    is older than they are.
    """
    store.begin(workspace.study, {}, name=name)
    done, spent = len(store.record(name).finished), store.spent_seconds(name)
    screen.line(
        f"study     {name} in {storage_label(store.url)}: going on after {done} runs and "
        f"{short(spent)}"
    )
    facts = store.facts(name)
    if facts.simple_baselines is None and facts.rows and workspace.study.students != "each":
        found = simple_baselines(workspace, facts.rows, screen)
        store.update_facts(name, {"simple_baselines": found})
        return store.facts(name)
    return facts


def refit_baselines(
    store: Store, workspace: PreparedWorkspace, record: StudyResult, name: str, screen: Screen
) -> None:
    """Fit the simple baselines on as many rows as the runs that are compared now saw."""
    rows = min(size_of(record.compared, record.facts)[0] or 0, len(workspace.task.train))
    known = record.simple_baselines
    if record.level and known and max(each.rows for each in known) < min(rows, MOST_ROWS):
        found = simple_baselines(workspace, rows, screen)
        store.update_facts(name, {"simple_baselines": found})


def check_name(storage: str, workspace: Workspace, name: str) -> None:
    """Refuse a name that stands for another question or other rows, before anything is computed.

    Whether teacher and space are the same is known later.
    """
    if not name or not is_there(storage):
        return
    store = Store(storage)
    if not is_known(store, name):
        return
    before = store.record(name).study
    _, *known = before.fingerprint.split("-")
    mark = "-".join((workspace.task.fingerprint, *known)) if before.fingerprint else ""
    now = replace(workspace.study, metric=workspace.task.metric, fingerprint=mark)
    if before.metric and now.key != before.key:
        raise other_question(name, before.to_dict(), now.to_dict())


def begin(
    store: Store,
    workspace: PreparedWorkspace,
    size: TrialSize,
    name: str,
    screen: Screen,
    plan: Mapping[str, Any] = {},
) -> StudyFacts:
    """Register a new study with what was measured before it."""
    task, teacher = workspace.task, workspace.teacher
    store.begin(workspace.study, {}, name=name)
    simple = None
    if workspace.study.students != "each":
        simple = simple_baselines(workspace, size.rows, screen)
    facts = StudyFacts(
        rows=size.rows,
        epochs=size.epochs,
        full_epochs=full_epochs(learnable_rows(task) + len(task.selection)),
        trial_seconds=size.seconds,
        timeout_seconds=max(120.0, 8 * size.seconds),
        first_look=FIRST_LOOK,
        teacher_score=workspace.teacher_score,
        train_rows=len(task.train),
        pool_rows=learnable_rows(task) - len(task.train) or None,
        selection_rows=len(task.selection),
        classes=task.classes,
        fingerprint=fingerprint(workspace.task, workspace.signals(), workspace.lengths()),
        plan=plan or None,
        simple_baselines=simple,
    )
    store.update_facts(name, facts.to_dict())
    store.note_selection(name, workspace.selection)
    store.note_dataset(task.fingerprint, {"name": task.name, "labels": list(task.label_names)})
    store.note_teacher(
        teacher.key,
        {"name": teacher.name, "score": workspace.teacher_score, "dataset": task.fingerprint},
    )
    screen.line(f"study     {name} in {storage_label(store.url)}: new")
    return facts


def storage_label(url: str) -> str:
    """The database for people: a file's name, or a URL without its password."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    return (
        parsed.database or "memory"
        if parsed.drivername.startswith("sqlite")
        else parsed.render_as_string(hide_password=True)
    )
