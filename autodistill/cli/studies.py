"""The verbs about past studies: what they say of a new dataset, and studies as files."""

import os
from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.options import (
    STORAGE,
    Columns,
    DataRoot,
    Limits,
    MaxLength,
    RowCount,
    SpaceName,
    Storage,
    Teacher,
    Workers,
    pairs,
)
from autodistill.study.study import Study

HELP = "Studies as files: make many by one plan, publish one, add one of others."
studies = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
FOLDER = Path("studies")


def recommend(
    dataset: Annotated[
        str, typer.Option(help="A dataset that nobody has searched, as in `search`.")
    ] = "",
    study: Annotated[
        str, typer.Option(help="Or a finished study; see `autodistill ls studies`.")
    ] = "",
    teacher: Teacher = "embedded",
    space: SpaceName = "knowledge",
    limit: Limits = None,
    students: Annotated[
        bool, typer.Option("--students", help="Show the best recipe of each student.")
    ] = False,
    shared: Annotated[
        bool, typer.Option(help="Learn from the studies that ship, and from ./studies.")
    ] = True,
    own: Annotated[bool, typer.Option(help="Learn from the studies in the database.")] = True,
    column: Columns = None,
    rows: RowCount = 0,
    max_length: MaxLength = 128,
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Also write the first recipe here.")
    ] = None,
) -> None:
    """Say what past studies know of a dataset, before any search; or print the recipe of a finished study again."""
    from autodistill.cli.arguments import parse_limits
    from autodistill.cli.commands_studies import advise_on, print_recommendation
    from autodistill.errors import SpecError

    if bool(dataset) == bool(study):
        raise SpecError(
            "recommend needs either --dataset, to learn from past studies, or --study, to print that study's answer."
        )
    if study:
        print_recommendation(study, storage, out)
    else:
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
        advise_on(question, students, shared, own, storage, data_root, out)


@studies.command()
def build(
    plan: Annotated[
        Path,
        typer.Argument(
            help="A plan: datasets, and the pipelines that each of them gets. studies/knowledge.toml is one."
        ),
    ],
    to: Annotated[
        Path, typer.Option(help="FOLDER that the studies' folders are written to.")
    ] = FOLDER,
    workers: Workers = 0,
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Make the studies of a plan; run it again to go on where it stopped."""
    from autodistill.cli.commands_studies import build_studies

    build_studies(plan, to, workers or os.cpu_count() or 1, storage, data_root)


@studies.command()
def publish(
    study: Annotated[str, typer.Argument(help="A study's name; see `autodistill ls studies`.")],
    to: Annotated[
        Path | None, typer.Option(help="FOLDER to write; studies/NAME if not given.")
    ] = None,
    storage: Storage = STORAGE,
) -> None:
    """Write a study as files: what was asked, every run, every answer."""
    from autodistill.cli.commands_studies import publish_study

    publish_study(study, storage, to or FOLDER / study)


@studies.command()
def add(
    source: Annotated[
        str, typer.Argument(help="A folder that `studies publish` wrote, or the URL of one.")
    ],
    to: Annotated[
        Path, typer.Option(help="FOLDER that the study's folder is written to.")
    ] = FOLDER,
) -> None:
    """Check a study that others have published, and learn from it."""
    from autodistill.cli.commands_studies import add_study

    add_study(source, to)
