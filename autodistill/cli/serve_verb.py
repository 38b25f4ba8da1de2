"""The verb that answers over HTTP: serve."""

from typing import Annotated

import typer

from autodistill.cli.student_options import ENGINE, Engine, StudentFolder
from autodistill.deploy.serving import Limits, Serving
from autodistill.errors import StorageError

PLACE = "Where"
LIMITS = "Limits"


def serve(
    student: StudentFolder,
    host: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for everyone "
            "who reaches it.",
            rich_help_panel=PLACE,
        ),
    ] = Serving.host,
    port: Annotated[
        int,
        typer.Option(
            min=0, max=65535, metavar="PORT", help="Port; 0: any free one.", rich_help_panel=PLACE
        ),
    ] = Serving.port,
    engine: Engine = Serving.engine,
    threads: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help="Threads of the network.",
            show_default="one for each core",
            rich_help_panel=ENGINE,
        ),
    ] = Serving.threads,
    max_batch: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            help="Inputs of several requests that go through the network at once.",
            rich_help_panel=LIMITS,
        ),
    ] = Limits.most_rows,
    max_body: Annotated[
        int,
        typer.Option(
            min=1, metavar="BYTES", help="Largest body of a request.", rich_help_panel=LIMITS
        ),
    ] = Limits.most_bytes,
) -> None:
    """Answer requests over HTTP with a student's predictions.

    POST /predict takes {"texts": [...]} and gives what `predict --proba` writes;
    GET / is a page to try it, GET /health says what it is. Ctrl-C ends it.
    """
    from autodistill.cli.start import start

    screen = start()
    try:
        from autodistill.deploy.serve import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("fastapi", "starlette", "uvicorn"):
            raise
        raise StorageError(
            f"serve needs the package {error.name}: pip install 'kd-autodistill[serve]'"
        ) from None
    limits = Limits(max_batch, max_body)
    serve(student, Serving(host, port, engine, threads, limits), screen)
