"""Studies of many datasets by one plan; `autodistill studies build` resumes them.

A study that is published whole is left alone, on any machine: neither its database nor its
teacher is needed.
"""

from dataclasses import replace
from pathlib import Path

from autodistill.errors import DataError, SpecError, TeacherError
from autodistill.prepare.early_checks import check_early
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import Workspace, open_workspace
from autodistill.recommend.fingerprint import fingerprint
from autodistill.recommend.past import learn
from autodistill.recommend.sources import published_studies, write_choice
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen, short
from autodistill.search.campaign_plan import KINDS, Plan
from autodistill.search.loop import sit
from autodistill.search.optuna_storage import check_tables
from autodistill.search.place import At
from autodistill.search.start import begin, go_on, is_known, with_teacher_of
from autodistill.storage import Store
from autodistill.storage.checks import check_folder
from autodistill.storage.files import publish, read
from autodistill.study import spaces
from autodistill.study.results import StudyResult
from autodistill.study.study import Budget, Study
from autodistill.training.trial_size import TrialSize

FIRST = 4
"""Runs beyond the plan in every study: the space's default and its baselines."""
RUN_SECONDS = 15.0
"""Expected seconds of a run; it is cut off after a multiple of it."""


def build(
    plan: Plan,
    *,
    storage: str,
    workers: int,
    data_root: Path | None,
    to: Path,
    screen: Screen,
    device: str = "cpu",
) -> list[Path]:
    """Run the studies of a plan one after the other; returns their folders.

    Each is published as soon as it is whole. A dataset that cannot be used does not keep the others
    waiting: AutodistillError reports all such datasets when the rest is done.
    """
    check_folder(to, "--to")
    for kind in KINDS:
        plan.pipelines(spaces.space(plan.space, images=kind == "image"), kind)
    check_tables(storage)
    store = Store(storage)
    made, refused = [], list[str]()
    for place, dataset in enumerate(plan.datasets, start=1):
        name = name_of(plan, dataset)
        folder = to / name
        screen.line(f"study     {place} of {len(plan.datasets)}: {name}")
        try:
            _study(plan, dataset, name, store, workers, data_root, folder, screen, device)
        except (DataError, TeacherError, SpecError) as error:
            screen.line(f"study     {name}: {error}")
            refused.append(f"{dataset}: {error}")
            continue
        made.append(folder)
    if (judges := learn(published_studies(to, screen))).is_enough:
        screen.line(
            f"past      choosing a model by leaving out each of {len(judges.evidence.names)} "
            "datasets"
        )
        write_choice(judges, to)
    if refused:
        raise SpecError(
            [
                f"{len(made)} of {len(plan.datasets)} studies are in {to}; these failed:",
                *refused,
            ]
        )
    return made


def name_of(plan: Plan, dataset: str) -> str:
    """The name of a dataset's study."""
    stem = plan.study(dataset).name.rpartition("-")[0]
    return f"{Path(plan.space).stem}-{stem}"


def restore(record: StudyResult, name: str, store: Store) -> None:
    """Put a published study back into a database, so that it can be resumed.

    Its seconds count.
    """
    store.begin(record.study, record.facts.to_dict(), name=name)
    if record.selection:
        store.note_selection(name, record.selection)
    with store.claim(name) as lease:
        for outcome in record.outcomes:
            store.add(name, outcome)
        lease.beat(record.spent_seconds)


def _study(
    plan: Plan,
    dataset: str,
    name: str,
    store: Store,
    workers: int,
    data_root: Path | None,
    folder: Path,
    screen: Screen,
    device: str,
) -> None:
    opened = check_early(open_workspace(plan.study(dataset), screen, data_root, device), screen)
    kind = "image" if opened.task.of_images else "text"
    published = read(folder) if (folder / "study.toml").is_file() else None
    if (
        published
        and _is_of(opened, published.study)
        and plan.is_whole(opened.space, kind, published)
    ):
        screen.line(f"study     {name}: all {len(published.finished)} runs are in {folder}")
        return
    before = published.study if published else None
    if is_known(store, name):
        before = store.question(name)
    workspace = prepare(with_teacher_of(opened, before), screen)
    if published and not is_known(store, name):
        restore(published, name, store)
    if is_known(store, name):
        go_on(store, workspace, name, screen)
    else:
        size = TrialSize(min(plan.run_rows, workspace.data.train_rows), plan.epochs, RUN_SECONDS)
        begin(store, workspace, size, name, screen)
    if store.facts(name).fingerprint is None:
        store.update_facts(
            name,
            {"fingerprint": fingerprint(workspace.task, workspace.signals(), workspace.lengths())},
        )
    listed = plan.seeds * plan.listed(workspace.space, kind, store.record(name))
    budget = Budget(trials=FIRST + len(listed), closing_share=0.0)
    record = sit(At(store, workers, screen), workspace, budget, name, listed=listed)
    with cache.refusals(folder):
        publish(record, name, folder)
    screen.line(
        f"study     {name}: {len(record.finished)} runs in {short(record.spent_seconds)}, written "
        f"to {folder}"
    )


def _is_of(workspace: Workspace, study: Study) -> bool:
    """Whether a study has the same definition and rows, whatever its tuned teacher."""
    asked, now = (replace(s, metric="", fingerprint="") for s in (study, workspace.study))
    return asked == now and study.fingerprint.startswith(f"{workspace.task.fingerprint}-")
