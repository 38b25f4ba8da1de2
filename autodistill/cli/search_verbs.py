"""The verbs about a new search: search, plan."""

import json
from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.arguments import (
    budget_of,
    check_place,
    check_seed,
    check_storage,
    check_study_name,
    check_there,
    engine_of,
    names,
    once,
    pairs,
    parse_limits,
    workers_of,
)
from autodistill.cli.options import (
    BudgetText,
    Columns,
    DataRoot,
    Dataset,
    Front,
    Limits,
    MaxLength,
    Metric,
    Past,
    Random,
    RecipeOut,
    RepeatFraction,
    RestUnlabelled,
    RowCount,
    Seed,
    SpaceName,
    Storage,
    StudentNetworks,
    Students,
    StudyName,
    Teacher,
    TeacherFolds,
    TeacherLabels,
    Trials,
    Unlabelled,
    Workers,
)
from autodistill.cli.search_options import (
    Address,
    AsJson,
    Device,
    Engine,
    Privacy,
    Stopping,
    Target,
)
from autodistill.runtime.device import AUTO, check_device
from autodistill.study.places import DEFAULT_STORAGE
from autodistill.study.study import CLOSING_SHARE, DEFAULT_SPACE, TARGETS, Budget, Study, target_of


def search(
    dataset: Dataset,
    teacher: Teacher = "embedded",
    teacher_labels: TeacherLabels = "",
    teacher_folds: TeacherFolds = 0,
    column: Columns = None,
    metric: Metric = "",
    rows: RowCount = 0,
    unlabelled: Unlabelled = "",
    rest_unlabelled: RestUnlabelled = False,
    max_length: MaxLength = 128,
    space: SpaceName = DEFAULT_SPACE,
    budget: BudgetText = "",
    trials: Trials = None,
    limit: Limits = None,
    student: StudentNetworks = None,
    students: Students = "",
    front: Front = False,
    privacy: Privacy = False,
    target: Target = TARGETS[0],
    random: Random = False,
    stopping: Stopping = "",
    repeat_fraction: RepeatFraction = CLOSING_SHARE,
    past: Past = True,
    workers: Workers = 0,
    device: Device = AUTO,
    engine: Engine = "local",
    address: Address = "",
    seed: Seed = 0,
    out: RecipeOut = Path("recipe.toml"),
    study: StudyName = "",
    storage: Storage = DEFAULT_STORAGE,
    data_root: DataRoot = None,
    as_json: AsJson = False,
) -> None:
    """Search for the best distillation recipe within a budget.

    Finished trials are kept in the study database. Run the same command again to
    continue; raise --budget or --trials for more, both are totals.
    """
    about = (
        dataset,
        teacher,
        space,
        metric,
        pairs(column),
        rows,
        max_length,
        names(teacher_labels),
    )
    limits = parse_limits(limit or [])
    question = Study(
        *(*about, seed),
        limits=limits,
        front=front,
        survey=random,
        students=students,
        teacher_folds=teacher_folds,
        unlabelled=unlabelled,
        rest_unlabelled=rest_unlabelled,
        stopping=stopping,
        privacy=privacy,
        target=target_of(target),
        student=once(student),
    )
    total = read_budget(budget, trials, repeat_fraction)
    cluster, at_once = engine_of(engine, address, workers)
    check_seed(seed)
    check_device(device)
    check_place(out)
    check_storage(storage)
    check_study_name(study, storage)
    check_there(dataset, unlabelled)
    from autodistill.cli.start import start

    screen = start("autodistill.search.loop", as_json=as_json)
    from autodistill.cli import answers
    from autodistill.search import loop
    from autodistill.search.optuna_storage import check_tables

    check_tables(storage)
    found = loop.search(
        question,
        total,
        storage=storage,
        workers=at_once,
        data_root=data_root,
        name=study,
        screen=screen,
        past=past,
        device=device,
        address=cluster,
    )
    answers.print_search(found.record, study or found.workspace.study.name, out, storage, screen)


def plan(
    dataset: Dataset,
    teacher: Teacher = "embedded",
    teacher_labels: TeacherLabels = "",
    teacher_folds: TeacherFolds = 0,
    column: Columns = None,
    metric: Metric = "",
    rows: RowCount = 0,
    unlabelled: Unlabelled = "",
    rest_unlabelled: RestUnlabelled = False,
    max_length: MaxLength = 128,
    space: SpaceName = DEFAULT_SPACE,
    budget: BudgetText = "",
    trials: Trials = None,
    student: StudentNetworks = None,
    repeat_fraction: RepeatFraction = CLOSING_SHARE,
    workers: Workers = 0,
    device: Device = AUTO,
    seed: Seed = 0,
    data_root: DataRoot = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON.")] = False,
) -> None:
    """Estimate the cost of a search, and the smallest gain it could show.

    A few steps are timed on a sample of the rows; nothing is kept.
    """
    data = (dataset, teacher, space, metric, pairs(column), rows, max_length)
    about = (*data, names(teacher_labels))
    question = Study(
        *(*about, seed),
        teacher_folds=teacher_folds,
        unlabelled=unlabelled,
        rest_unlabelled=rest_unlabelled,
        student=once(student),
    )
    total, at_once = read_budget(budget, trials, repeat_fraction), workers_of(workers)
    check_seed(seed)
    check_device(device)
    check_there(dataset, unlabelled)
    from autodistill.cli.start import start

    screen = start("autodistill.search.forecast")
    from autodistill.prepare.early_checks import check_early
    from autodistill.prepare.workspace import open_workspace
    from autodistill.search import forecast, plan_lines
    from autodistill.search.place import TIMING

    workspace = check_early(open_workspace(question, screen, data_root, device), screen)
    with screen.busy(TIMING):
        found = forecast.forecast(workspace, total, at_once).plan
    if as_json:
        typer.echo(json.dumps(found.to_dict()))
        return
    for line in plan_lines.lines(found):
        screen.answer(line)


def read_budget(budget: str, trials: int | None, repeat_fraction: float) -> Budget:
    """The totals of a study; 20 minutes where neither is given."""
    return budget_of(budget, trials, repeat_fraction)
