"""The command line `autodistill`: its verbs by group, and how it ends.

Nothing slow is imported before a verb needs it: each verb imports the rooms that it calls.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli import (
    export_verbs,
    look_verbs,
    predict_verbs,
    recommend_verb,
    report_verb,
    score_verb,
    search_verbs,
    serve_verb,
    studies_verbs,
    train_verbs,
    worker_verb,
)
from autodistill.cli.examples import EXAMPLES
from autodistill.cli.help_page import Verb, Verbs
from autodistill.errors import AutodistillError, SpecError, StorageError
from autodistill.runtime import files, interrupts, settings, streams
from autodistill.runtime.text import fill, terminal_width
from autodistill.runtime.version import __version__
from autodistill.study.places import hidden

PROGRAM = "autodistill"
HELP = """\
AutoML for knowledge distillation: from a dataset and a big model to a recipe for a
small one.

`search` tries recipes in short trials and writes the best to recipe.toml; `train`
trains it in full."""
STUDIES_HELP = "Share studies as files: publish, add, build many from a plan."
GROUPS: dict[str, tuple[Callable[..., None], ...]] = {
    "Find a recipe": (
        search_verbs.search,
        worker_verb.worker,
        search_verbs.plan,
        score_verb.score,
        recommend_verb.recommend,
    ),
    "Train a recipe": (train_verbs.train, train_verbs.replay, train_verbs.audit),
    "Use a student": (
        predict_verbs.predict,
        predict_verbs.evaluate,
        export_verbs.export,
        export_verbs.bench,
        serve_verb.serve,
        export_verbs.publish,
    ),
    "See what there is": (
        report_verb.report,
        look_verbs.dashboard,
        look_verbs.ls,
        look_verbs.show,
        look_verbs.doctor,
    ),
}
"""Verbs in the order in which help lists them."""
FORMER = {"run": train_verbs.train}
"""Verbs by a name that they had before; help does not list it."""
app = typer.Typer(
    cls=Verbs,
    help=HELP,
    epilog=EXAMPLES[""],
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
studies = typer.Typer(
    cls=Verbs,
    help=STUDIES_HELP,
    epilog=EXAMPLES["studies"],
    invoke_without_command=True,
    rich_markup_mode=None,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"{PROGRAM} {__version__}")
        raise typer.Exit


def _summary(verb: Callable[..., None]) -> str:
    """First line of a verb's docstring: what a list of verbs says of it."""
    return (verb.__doc__ or "").partition("\n")[0]


@app.callback()
def _start(
    ctx: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            "-V",
            help="Print the version and exit.",
            is_eager=True,
            callback=_print_version,
        ),
    ] = False,
) -> None:
    _explain(ctx)


@studies.callback()
def _explain(ctx: typer.Context) -> None:
    """A group without a verb prints its help."""
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


for group, verbs in GROUPS.items():
    for verb in verbs:
        app.command(
            cls=Verb,
            rich_help_panel=group,
            epilog=EXAMPLES[verb.__name__],
            short_help=_summary(verb),
        )(verb)
for alias, verb in FORMER.items():
    app.command(alias, cls=Verb, hidden=True, epilog=EXAMPLES[verb.__name__])(verb)
for verb in (studies_verbs.build, studies_verbs.publish, studies_verbs.add):
    studies.command(
        cls=Verb, epilog=EXAMPLES[f"studies {verb.__name__}"], short_help=_summary(verb)
    )(verb)
app.add_typer(studies, name="studies", rich_help_panel="See what there is", short_help=STUDIES_HELP)


def main() -> None:
    """Run the command; a person's mistake ends with one message and exit code 2."""
    with interrupts.heeded():
        streams.guard()
        try:
            _check_surroundings()
            app(prog_name=PROGRAM)
        except AutodistillError as error:
            _end(str(error), 2)
        except SystemExit as end:
            if end.code or not (why := streams.refusal()):
                raise
            _end(f"the answer could not be written in full: {why}.", 2)
        except Exception as error:
            if not (why := files.why_full(error)):
                raise
            _end(f"{why}: {error}. Free some space, then run it again.", 2)


def _check_surroundings() -> None:
    """Refuse what a recipe or a database could not hold, or no path could be found from."""
    words = (*sys.argv[1:], *(f"{name}={value}" for name, value in settings.ours().items()))
    if bad := [ascii(word)[1:-1] for word in words if _is_undecodable(word)]:
        coding = sys.getfilesystemencoding()
        raise SpecError(
            [
                f"{word}: these bytes are not {coding}, the encoding of names here; rename the "
                "file, or set LC_ALL to the encoding that it was named in."
                for word in bad
            ]
        )
    try:
        Path.cwd()
    except FileNotFoundError:
        raise StorageError(
            "the working folder does not exist any more; change to another one with `cd`."
        ) from None


def _is_undecodable(word: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in word)


def _end(message: str, code: int) -> None:
    print(fill(f"{PROGRAM}: {hidden(message)}", terminal_width(), hang=0), file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
