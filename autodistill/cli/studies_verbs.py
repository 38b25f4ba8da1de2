"""The verbs about studies as files: build, publish, add."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli import complete
from autodistill.cli.arguments import check_storage, workers_of
from autodistill.cli.options import FILES, DataRoot, Storage, Workers
from autodistill.cli.search_options import Device
from autodistill.errors import SpecError
from autodistill.runtime.device import AUTO, check_device
from autodistill.study.places import DEFAULT_STORAGE

FOLDER = Path("studies")
Folder = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="Folder that receives the studies' folders.",
        rich_help_panel=FILES,
    ),
]


def build(
    plan: Annotated[
        Path,
        typer.Argument(
            metavar="PLAN",
            help="A .toml file with datasets, and the pipelines that each of them gets; "
            "studies/knowledge.toml is an example.",
        ),
    ],
    to: Folder = FOLDER,
    workers: Workers = 0,
    device: Device = AUTO,
    storage: Storage = DEFAULT_STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Run every study of a plan; run it again to continue."""
    from autodistill.search.campaign_plan import read_plan

    campaign, at_once = read_plan(plan), workers_of(workers)
    check_storage(storage)
    check_device(device)
    from autodistill.cli.start import start

    screen = start("autodistill.search.campaign")
    from autodistill.search.campaign import build as build_studies

    built = build_studies(
        campaign,
        storage=storage,
        workers=at_once,
        data_root=data_root,
        to=to,
        screen=screen,
        device=device,
    )
    screen.answer(f"Written to {to}: {len(built)} studies")


def publish(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A study's name; see `autodistill ls studies`.",
            autocompletion=complete.studies,
        ),
    ],
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder to write.",
            show_default="studies/STUDY",
            rich_help_panel=FILES,
        ),
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
) -> None:
    """Write a study as files: its question, every trial, every prediction."""
    from autodistill.runtime.cache import refusals
    from autodistill.runtime.progress import Screen
    from autodistill.storage import Store, files
    from autodistill.study.names import name_problem
    from autodistill.study.spaces import database

    record = Store(database(storage)).record(study)
    if to is None and (problem := name_problem(study)):
        raise SpecError(f"no folder is called {study[:60]!a}: {problem}; name one with --to.")
    folder = to or FOLDER / study
    with refusals(folder):
        files.publish(record, study, folder)
    Screen().answer(
        f"Written to {folder}: study.toml, outcomes.csv ({len(record.outcomes)} runs), guesses.csv"
    )


def add(
    source: Annotated[
        str,
        typer.Argument(metavar="SOURCE", help="A folder that `studies publish` wrote, or its URL."),
    ],
    to: Folder = FOLDER,
) -> None:
    """Check a study that others have published, and learn from it from now on."""
    from autodistill.recommend import contributed
    from autodistill.runtime.progress import Screen

    place, record = contributed.add(source, to)
    Screen().answer(
        f"Written to {place}: {len(record.outcomes)} runs on {record.study.dataset}; "
        "`autodistill recommend` learns from it now"
    )
