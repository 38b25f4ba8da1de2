"""The verb that shows what studies have found: report."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from autodistill.cli import complete
from autodistill.cli.options import FILES, DataRoot, Storage
from autodistill.study.places import DEFAULT_STORAGE

Form = Literal["html", "md", "pdf", "png"]
"""Forms of a report."""


def report(
    studies: Annotated[
        list[str],
        typer.Argument(
            metavar="STUDY...",
            help="Names of studies in the database, or published folders.",
            autocompletion=complete.studies,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File to write; report.html where none is given.",
            rich_help_panel=FILES,
        ),
    ] = None,
    form: Annotated[
        Form | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="html, md, pdf or png; by default as the file's name ends. PDF and PNG need "
            "Chromium or Chrome.",
            rich_help_panel=FILES,
        ),
    ] = None,
    texts: Annotated[
        bool,
        typer.Option(
            "--texts", help="Show the texts of validation rows that the student gets wrong."
        ),
    ] = False,
    dashboard: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Selection of figures: a name in dashboards/, or a .toml file.",
            autocompletion=complete.dashboards,
        ),
    ] = "report",
    beside: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Published importances of stages to compare with: a CSV of task, stage, share.",
        ),
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Write one page: trials, results, mistakes, the effect of each stage."""
    from autodistill.cli.arguments import storage_option
    from autodistill.report import build, formats
    from autodistill.report.mistakes import RowTexts
    from autodistill.runtime.progress import Screen
    from autodistill.search import importance

    place = out or Path(f"report.{form or 'html'}")
    form_of_file, screen = formats.format_of(form or "", place), Screen()
    records = build.records_of(studies, storage)
    shown: dict[str, RowTexts] = {}
    if texts:
        from autodistill.report.row_texts import texts_of  # it reads data, and imports much

        shown = texts_of(records, data_root, screen)
    commands = build.commands_for(studies, storage_option(storage))
    if any(len(record.outcomes) >= importance.FEWEST for record in records.values()):
        importance.load()
    content = build.content_of(records, beside, dashboard, commands, shown)
    size = formats.write(content, place, form_of_file)
    count = f"{len(studies)} {'study' if len(studies) == 1 else 'studies'}"
    screen.answer(f"Written to {place}: {count}, {_size(size)}")


def _size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e6:.1f} MB" if count >= 1e5 else f"{count / 1e3:.0f} kB"
