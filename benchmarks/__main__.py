"""The command line of the measurements."""

import sys

import typer

from autodistill.errors import AutodistillError
from benchmarks import of_answers, of_costs, of_lengths, of_processes, of_speed, of_students

HELP = (
    "What autodistill costs, and how far its answers hold. "
    "The last line on standard output is JSON."
)
app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for part in (of_answers, of_costs, of_lengths, of_processes, of_speed, of_students):
    app.add_typer(part.app)


@app.callback()
def main() -> None:
    """Measurements that anyone can run."""


def run() -> None:
    """Measure; a person's mistake ends with one message and exit code 2."""
    try:
        app()
    except AutodistillError as error:
        typer.echo(f"benchmarks: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    run()
