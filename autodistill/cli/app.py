"""The command line: each verb parses, calls, prints. Nothing heavy is imported before it is needed."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.options import (
    STORAGE,
    BudgetText,
    Closing,
    Columns,
    DataRoot,
    Dataset,
    Front,
    Limits,
    MaxLength,
    Metric,
    Past,
    RowCount,
    Seed,
    SpaceName,
    Storage,
    Students,
    Survey,
    Teacher,
    TeacherLabels,
    Trials,
    Workers,
    names,
    pairs,
)
from autodistill.cli.studies import recommend, studies
from autodistill.errors import AutodistillError, Interrupted
from autodistill.study.study import CLOSING_SHARE, Study

HELP = "Find a distillation recipe for your task, run it.\n\nautodistill search --dataset glue/sst2   then   autodistill run recipe.toml"
app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(studies, name="studies")


@app.command()
def search(
    dataset: Dataset,
    teacher: Teacher = "embedded",
    space: SpaceName = "quick",
    budget: BudgetText = "",
    trials: Trials = None,
    closing: Closing = CLOSING_SHARE,
    workers: Workers = 0,
    limit: Limits = None,
    front: Front = False,
    survey: Survey = False,
    students: Students = "",
    metric: Metric = "",
    column: Columns = None,
    teacher_labels: TeacherLabels = "",
    rows: RowCount = 0,
    max_length: MaxLength = 128,
    seed: Seed = 0,
    study: Annotated[
        str, typer.Option(help="Name of the study; made from the question if not given.")
    ] = "",
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
    out: Annotated[Path, typer.Option(help="Where to write the recipe.")] = Path("recipe.toml"),
    past: Past = True,
) -> None:
    """Find a recipe; run it again to go on where it stopped."""
    from autodistill.cli.arguments import parse_limits
    from autodistill.cli.commands import run_search

    asked = (
        dataset,
        teacher,
        space,
        metric,
        pairs(column or []),
        rows,
        max_length,
        names(teacher_labels),
        seed,
    )
    question = Study(
        *asked, limits=parse_limits(limit or []), front=front, survey=survey, students=students
    )
    run_search(
        question,
        budget,
        trials,
        closing,
        workers or os.cpu_count() or 1,
        storage,
        data_root,
        study,
        out,
        past,
    )


@app.command()
def plan(
    dataset: Dataset,
    teacher: Teacher = "embedded",
    space: SpaceName = "quick",
    budget: BudgetText = "",
    trials: Trials = None,
    closing: Closing = CLOSING_SHARE,
    workers: Workers = 0,
    metric: Metric = "",
    column: Columns = None,
    teacher_labels: TeacherLabels = "",
    rows: RowCount = 0,
    max_length: MaxLength = 128,
    seed: Seed = 0,
    data_root: DataRoot = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One line of JSON on standard output.")
    ] = False,
) -> None:
    """Say what a search would cost and what difference it could show; nothing is kept."""
    from autodistill.cli.commands import run_plan

    question = Study(
        dataset,
        teacher,
        space,
        metric,
        pairs(column or []),
        rows,
        max_length,
        names(teacher_labels),
        seed,
    )
    run_plan(question, budget, trials, closing, workers or os.cpu_count() or 1, data_root, as_json)


@app.command()
def run(
    recipe: Annotated[Path, typer.Argument(help="A recipe.toml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write; student-<dataset> if not given.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Replace the folder if it exists.")] = False,
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Train a recipe in full and write a folder to deploy."""
    from autodistill.cli.commands import run_recipe

    run_recipe(recipe, out, force, storage, data_root)


@app.command()
def score(
    dataset: Dataset,
    teacher: Teacher = "embedded",
    space: SpaceName = "text",
    proxies: Annotated[
        str, typer.Option(help="Names with commas; see `autodistill ls proxies`. All if not given.")
    ] = "",
    students: Annotated[
        int, typer.Option(min=2, help="Students of different shapes to score, at most.")
    ] = 24,
    top: Annotated[int, typer.Option(min=1, help="Students to show.")] = 20,
    by: Annotated[
        str,
        typer.Option(
            help="Breed students by this proxy's score instead of drawing them at random."
        ),
    ] = "",
    limit: Limits = None,
    column: Columns = None,
    rows: RowCount = 0,
    max_length: MaxLength = 128,
    data_root: DataRoot = None,
) -> None:
    """Rank a space's students by training-free proxies, beside their number of parameters; nothing is trained."""
    from autodistill.cli.arguments import parse_limits
    from autodistill.cli.commands import run_score

    question = Study(
        dataset,
        teacher,
        space,
        "",
        pairs(column or []),
        rows,
        max_length,
        limits=parse_limits(limit or []),
    )
    run_score(question, names(proxies), students, top, by, data_root)


@app.command()
def audit(
    recipe: Annotated[Path, typer.Argument(help="A recipe.toml.")],
    data_root: DataRoot = None,
) -> None:
    """Train a recipe on its training rows and say what the student gives away, whom it follows, what its layers hold."""
    from autodistill.cli.commands import run_audit

    run_audit(recipe, data_root)


app.command()(recommend)


@app.command()
def report(
    studies: Annotated[
        list[str], typer.Argument(help="Names of studies in the database, or published folders.")
    ],
    out: Annotated[Path, typer.Option(help="The HTML file to write.")] = Path("report.html"),
    beside: Annotated[
        Path | None,
        typer.Option(help="Shares of stages that others published: a CSV of task, stage, share."),
    ] = None,
    dashboard: Annotated[
        str, typer.Option(help="Which figures: a name in dashboards/, or a .toml file.")
    ] = "report",
    storage: Storage = STORAGE,
) -> None:
    """Write one HTML file: what was tried, what won, how sure, what each stage changed."""
    from autodistill.cli.commands import write_report

    write_report(studies, storage, beside, dashboard, out)


@app.command()
def dashboard(
    storage: Storage = STORAGE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1.")] = 8080,
) -> None:
    """Open Optuna's dashboard on the study database, read-only."""
    from autodistill.report.dashboard import serve

    serve(storage, port)


@app.command()
def ls(
    what: Annotated[
        str,
        typer.Argument(
            help="losses, students, teachers, tasks, metrics, mappings, ..., spaces or studies."
        ),
    ],
    storage: Storage = STORAGE,
    classes: Annotated[
        int,
        typer.Option(
            help="Losses for so many classes only, and why not the others.", show_default=False
        ),
    ] = 0,
) -> None:
    """List what there is."""
    from autodistill.cli.listing import list_members

    list_members(what, storage, classes)


@app.command()
def show(
    what: Annotated[str, typer.Argument(help="A kind, such as losses, spaces or studies.")],
    name: Annotated[str, typer.Argument(help="A name that `autodistill ls` printed.")],
    storage: Storage = STORAGE,
) -> None:
    """Show one thing in full: a member's source and knobs, a space, a study."""
    from autodistill.cli.listing import show_member

    show_member(what, name, storage)


@app.command()
def doctor(storage: Storage = STORAGE, data_root: DataRoot = None) -> None:
    """Check versions, database, cache, disk and device."""
    from autodistill.cli.doctor import examine

    raise typer.Exit(examine(storage, data_root))


def _interrupt(*_: object) -> None:
    raise Interrupted


def main() -> None:
    """Run the command; a person's mistake ends with one message and exit code 2."""
    signal.signal(signal.SIGINT, _interrupt)
    try:
        app()
    except AutodistillError as error:
        print(f"autodistill: {error}", file=sys.stderr)
        sys.exit(2)
    except Interrupted:
        print(
            "autodistill: interrupted; everything finished is kept, run the same command to go on",
            file=sys.stderr,
        )
        sys.exit(130)


if __name__ == "__main__":
    main()
