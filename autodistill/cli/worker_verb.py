"""The verb of a machine that joins a search."""

from typing import Annotated

import typer

from autodistill.cli.arguments import workers_of
from autodistill.cli.options import FILES, DataRoot, Storage, Workers
from autodistill.cli.search_options import Device
from autodistill.runtime.device import AUTO, check_device
from autodistill.study.places import DEFAULT_STORAGE

JoinedStudy = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Name of the study that is searched, or will be.",
        rich_help_panel=FILES,
    ),
]


def worker(
    study: JoinedStudy,
    storage: Storage = DEFAULT_STORAGE,
    workers: Workers = 0,
    device: Device = AUTO,
    data_root: DataRoot = None,
) -> None:
    """Join a search: run its trials on this machine, too.

    Needs a PostgreSQL database that all machines reach, and the search's rows, teacher,
    versions and kind of processor. Waits for the search to begin and ends with it; ended
    sooner, its trials run elsewhere.
    """
    at_once = workers_of(workers)
    check_device(device)
    from autodistill.storage.checks import check_server

    check_server(storage)
    from autodistill.cli.start import start

    screen = start("autodistill.search.worker")
    from autodistill.search.worker import work

    work(
        study,
        storage=storage,
        workers=at_once,
        data_root=data_root,
        screen=screen,
        device=device,
    )
