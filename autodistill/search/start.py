"""A study's first sitting: what is decided once and kept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from autodistill.components.students import open_backbone
from autodistill.prepare.answered_pool import without_unnamed_pool
from autodistill.prepare.simple_baselines import simple_baselines, whole_baseline
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
from autodistill.study.study import DEFAULT_SPACE, Study
from autodistill.study.study_differences import other_question, teacher_key_of
from autodistill.training.shapes import count
from autodistill.training.simple_baselines import MOST_ROWS
from autodistill.training.trial_size import TrialSize


def is_known(store: Store, name: str) -> bool:
    """The study was begun before: how large its trials are is decided."""
    return name in [row.name for row in store.studies()] and store.facts(name).is_measured


def go_on(store: Store, workspace: PreparedWorkspace, name: str, screen: Screen) -> StudyFacts:
    """The facts of a study that was begun before.

    Raises SpecError when the question is another one. Simple baselines are fitted where the study
    is older than they are.
    """
    store.begin(workspace.study, {}, name=name)
    record = store.record(name, predictions=False)
    done, spent = len(record.finished), record.spent_seconds
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


def with_begun_teacher(storage: str, workspace: Workspace, name: str) -> Workspace:
    """The workspace with the teacher that its study was begun with; itself for a new study.


    Refuses a name that stands for another question or other rows, before anything is computed.
    Whether teacher and space are the same is known later.
    """
    if not is_there(storage):
        return workspace
    store = Store(storage)
    if not name:
        return with_teacher_of(workspace, _same_question(store, workspace))
    known = [each for each in (name, f"{name}-students") if is_known(store, each)]
    if not known:
        return workspace
    before = store.question(known[0])
    if known[0] == name:
        _, *marks = before.fingerprint.split("-")
        marks[2:] = filter(None, [workspace.network_keys])
        mark = "-".join((workspace.task.fingerprint, *marks)) if before.fingerprint else ""
        now = replace(workspace.study, metric=workspace.task.metric, fingerprint=mark)
        if before.metric and now.key != before.key:
            raise other_question(name, before.to_dict(), now.to_dict())
    return with_teacher_of(workspace, before)


def with_teacher_of(workspace: Workspace, before: Study | None) -> Workspace:
    """The workspace with the teacher that this study was begun with."""
    return (
        replace(workspace, begun_with=teacher_key_of(before.fingerprint)) if before else workspace
    )


def _same_question(store: Store, workspace: Workspace) -> Study | None:
    """The latest study about this question that has no name of a person's choice."""
    asked, rows = workspace.study, workspace.task.fingerprint
    stem = asked.name.rpartition("-")[0]
    mine = [row.name for row in store.studies() if row.name.startswith(f"{stem}-")]
    for name in reversed(mine):
        before = store.question(name)
        now = replace(asked, metric=before.metric, fingerprint=before.fingerprint)
        if now == before and before.name == name and before.fingerprint.startswith(f"{rows}-"):
            return before
    return None


def as_before(storage: str, workspace: Workspace, name: str, screen: Screen) -> Workspace:
    """The workspace without unlabelled rows that nobody named, where the study is without them.

    Versions that did not look at such rows began it.
    """
    study = workspace.study
    named = study.unlabelled or study.rest_unlabelled
    if workspace.task.pool is None or named or not is_there(storage):
        return workspace
    store, asked = Store(storage), replace(study, metric="", fingerprint="")
    for row in store.studies():
        if row.dataset != study.dataset or name not in ("", row.name):
            continue
        before = store.question(row.name)
        if replace(before, metric="", fingerprint="") != asked:
            continue
        task = without_unnamed_pool(workspace.task, study, before.fingerprint)
        if task.pool is None:
            screen.line(f"          {task.notes[-1]}")
            return replace(workspace, task=task)
    return workspace


def begin(
    store: Store,
    workspace: PreparedWorkspace,
    size: TrialSize,
    name: str,
    screen: Screen,
    plan: Mapping[str, Any] = {},
) -> StudyFacts:
    """Register a new study with what was measured before it."""
    task, teacher, study = workspace.task, workspace.teacher, workspace.study
    store.begin(study, {}, name=name)
    simple = whole = None
    if study.students != "each":
        simple = simple_baselines(workspace, size.rows, screen)
        whole = whole_baseline(workspace, simple, screen)
    facts = StudyFacts(
        rows=size.rows,
        epochs=size.epochs,
        full_epochs=full_epochs(len(task.answered)),
        trial_seconds=size.seconds,
        timeout_seconds=timeout(size.seconds),
        device=workspace.data.device.speed or None,
        on_card=size.on_card or None,
        first_look=FIRST_LOOK,
        teacher_score=workspace.teacher_score,
        train_rows=len(task.train),
        selection_rows=len(task.selection),
        pool_rows=task.pool_rows or None,
        teacher_params=int(count(open_backbone(workspace.data.backbone))["params"]),
        classes=task.classes,
        fingerprint=fingerprint(workspace.task, workspace.signals(), workspace.lengths()),
        plan=plan or None,
        simple_baselines=simple,
        whole_baseline=whole,
    )
    store.update_facts(name, facts.to_dict())
    store.note_selection(name, workspace.selection)
    store.note_dataset(task.fingerprint, {"name": task.name, "labels": list(task.label_names)})
    store.note_teacher(
        teacher.key,
        {"name": teacher.name, "score": workspace.teacher_score, "dataset": task.fingerprint},
    )
    screen.line(f"study     {name} in {storage_label(store.url)}: new")
    if study.space == DEFAULT_SPACE and (other := with_other_space(store, study)):
        before = store.question(other).space
        screen.line(f"          '{other}' asked the same with --space {before}; give that to go on")
    return facts


def timeout(seconds: float) -> float:
    """Seconds after which a trial that should take so many is given up."""
    return max(120.0, 8 * seconds)


def with_other_space(store: Store, study: Study) -> str:
    """The latest study about the same question in another space; empty without one."""
    asked = replace(study, fingerprint="")
    for row in reversed(store.studies()):
        before = store.question(row.name)
        same = replace(before, space=study.space, fingerprint="") == asked
        if same and before.space != study.space:
            return row.name
    return ""


def storage_label(url: str) -> str:
    """The database for people: a file's name, or a URL without its password."""
    from sqlalchemy.engine import make_url

    parsed = make_url(url)
    return (
        parsed.database or "memory"
        if parsed.drivername.startswith("sqlite")
        else parsed.render_as_string(hide_password=True)
    )
