"""The verbs about studies as files: make many by one plan, publish one, take one from others."""

import os
from pathlib import Path
from typing import Annotated

import typer

from autodistill.options import STORAGE, DataRoot, Storage, Workers

HELP = "Studies as files: make many by one plan, publish one."
studies = typer.Typer(help=HELP, no_args_is_help=True, rich_markup_mode=None)
Folder = Path("studies")


@studies.command()
def build(
    plan: Annotated[
        Path, typer.Argument(help="A plan: datasets, and the pipelines that each of them gets. studies/knowledge.toml is one.")
    ],
    to: Annotated[Path, typer.Option(help="Folder that the studies' folders are written to.")] = Folder,
    workers: Workers = 0,
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Make the studies of a plan; run it again to go on where it stopped."""
    from autodistill.commands import build_studies

    build_studies(plan, to, workers or os.cpu_count() or 1, storage, data_root)


@studies.command()
def publish(
    study: Annotated[str, typer.Argument(help="A study's name; see `autodistill ls studies`.")],
    to: Annotated[Path | None, typer.Option(help="Folder to write; studies/NAME if not given.")] = None,
    storage: Storage = STORAGE,
) -> None:
    """Write a study as files: what was asked, every run, every answer."""
    from autodistill.commands import publish_study

    publish_study(study, storage, to or Folder / study)
