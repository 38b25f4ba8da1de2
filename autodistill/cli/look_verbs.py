"""The verbs that show what there is: ls, show, dashboard, doctor."""

from typing import Annotated

import typer

from autodistill.cli import complete
from autodistill.cli.options import DataRoot, Storage
from autodistill.study.places import DEFAULT_STORAGE


def ls(
    what: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="datasets, losses, students, teachers, metrics, ..., spaces or studies; "
            "a wrong word lists all kinds.",
            autocompletion=complete.kinds,
        ),
    ],
    classes: Annotated[
        int,
        typer.Option(
            metavar="N",
            help="List the losses that work with this many classes, and why the others do not.",
            show_default=False,
        ),
    ] = 0,
    storage: Storage = DEFAULT_STORAGE,
) -> None:
    """List datasets, losses, students, search spaces, studies and more."""
    from autodistill.cli import listing

    listing.list_members(what, storage, classes)


def show(
    what: Annotated[
        str,
        typer.Argument(
            metavar="KIND",
            help="A kind that `autodistill ls` knows, such as losses or studies.",
            autocompletion=complete.kinds,
        ),
    ],
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A name that `autodistill ls KIND` prints.",
            autocompletion=complete.members,
        ),
    ],
    storage: Storage = DEFAULT_STORAGE,
) -> None:
    """Show one of them in full: source and knobs, search space, study."""
    from autodistill.cli import listing

    listing.show_member(what, name, storage)


def dashboard(
    storage: Storage = DEFAULT_STORAGE,
    port: Annotated[
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Port; 0: any free one.")
    ] = 8080,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for everyone "
            "who reaches it and has the token that is printed.",
        ),
    ] = "127.0.0.1",
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the pages in a browser.")
    ] = True,
    write: Annotated[
        bool, typer.Option("--write", help="Let notes be edited in Optuna's pages.")
    ] = False,
) -> None:
    """Show studies in a browser, live while a search runs: answers, runs, Optuna.

    Nothing is written to the database without --write.
    """
    from autodistill.cli.arguments import storage_option
    from autodistill.report.server.serve import serve

    option = storage_option(storage)
    serve(storage, host=host, port=port, browser=browser, write=write, option=option)


def doctor(storage: Storage = DEFAULT_STORAGE, data_root: DataRoot = None) -> None:
    """Check versions, teacher, database, cache, disk and processor."""
    from autodistill.cli.doctor import examine

    raise typer.Exit(examine(storage, data_root))
