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
        int, typer.Option(min=0, max=65535, metavar="PORT", help="Port on 127.0.0.1; 0: any.")
    ] = 8080,
) -> None:
    """Open Optuna's dashboard on the study database, read-only."""
    from autodistill.report.dashboard import serve

    serve(storage, port)


def doctor(storage: Storage = DEFAULT_STORAGE, data_root: DataRoot = None) -> None:
    """Check versions, teacher, database, cache, disk and processor."""
    from autodistill.cli.doctor import examine

    raise typer.Exit(examine(storage, data_root))
