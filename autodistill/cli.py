"""The command line: each verb parses, calls, prints. Nothing heavy is imported before it is needed."""

import os
import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from autodistill.errors import AutodistillError, Interrupted

HELP = "Find a distillation recipe for your task, run it.\n\nautodistill search --dataset glue/sst2   then   autodistill run recipe.toml"
app = typer.Typer(help=HELP, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, rich_markup_mode=None)
STORAGE = "autodistill.db"
Storage = Annotated[str, typer.Option(envvar="AUTODISTILL_STORAGE", help="Study database: a file or a URL.")]
DataRoot = Annotated[Path | None, typer.Option(envvar="AUTODISTILL_DATA", help="Folder with datasets in the hub's layout.")]


@app.command()
def search(
    dataset: Annotated[str, typer.Option(help="Hub name (glue/sst2), file (CSV, TSV, JSONL, parquet), folder of splits, or bbc-news.")],
    teacher: Annotated[
        str, typer.Option(envvar="AUTODISTILL_TEACHER", help="Hub name, folder, file of soft labels, or embedded.")
    ] = "embedded",
    space: Annotated[str, typer.Option(help="What may vary: a name from `autodistill ls spaces`, or a .toml file.")] = "quick",
    budget: Annotated[str, typer.Option(help="Total time of the study, such as 20m or 2h. 20m if neither is given.")] = "",
    trials: Annotated[int | None, typer.Option(min=1, help="Total number of runs of the study.")] = None,
    workers: Annotated[int, typer.Option(min=0, help="Trials at once; 0: one per core.")] = 0,
    limit: Annotated[list[str] | None, typer.Option(help="params=5M, size=20MB or latency=5ms, the most a student may have.")] = None,
    front: Annotated[bool, typer.Option("--front", help="Search the front of score, latency and size, not the best score.")] = False,
    metric: Annotated[str, typer.Option(help="Instead of the task's own; see `autodistill ls metrics`.")] = "",
    column: Annotated[list[str] | None, typer.Option(help="text=NAME, pair=NAME or label=NAME where a column cannot be guessed.")] = None,
    teacher_labels: Annotated[str, typer.Option(help="Names of the teacher's outputs in order, a,b,c.")] = "",
    rows: Annotated[int, typer.Option(min=0, help="Use at most this many training rows; 0: all.")] = 0,
    max_length: Annotated[int, typer.Option(min=8, max=512, help="Cut texts at this many tokens.")] = 128,
    seed: Annotated[int, typer.Option(help="Seed of the study.")] = 0,
    study: Annotated[str, typer.Option(help="Name of the study; made from the question if not given.")] = "",
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
    out: Annotated[Path, typer.Option(help="Where to write the recipe.")] = Path("recipe.toml"),
) -> None:
    """Find a recipe; run it again to go on where it stopped."""
    from autodistill.commands import parse_limits, run_search
    from autodistill.study import Study

    question = Study(
        dataset=dataset,
        teacher=teacher,
        space=space,
        metric=metric,
        columns=_pairs(column or []),
        rows=rows,
        max_length=max_length,
        labels=tuple(x.strip() for x in teacher_labels.split(",") if x.strip()),
        seed=seed,
        limits=parse_limits(limit or []),
        front=front,
    )
    run_search(question, budget, trials, workers or os.cpu_count() or 1, storage, data_root, study, out)


@app.command()
def run(
    recipe: Annotated[Path, typer.Argument(help="A recipe.toml.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write; student-<dataset> if not given.")] = None,
    force: Annotated[bool, typer.Option(help="Replace the folder if it exists.")] = False,
    storage: Storage = STORAGE,
    data_root: DataRoot = None,
) -> None:
    """Train a recipe in full and write a folder to deploy."""
    from autodistill.commands import run_recipe

    run_recipe(recipe, out, force, storage, data_root)


@app.command()
def recommend(
    study: Annotated[str, typer.Option(help="A study's name; see `autodistill ls studies`.")],
    storage: Storage = STORAGE,
    out: Annotated[Path | None, typer.Option(help="Also write the recipe here.")] = None,
) -> None:
    """Print the recipe of a finished study again."""
    from autodistill.commands import print_recommendation

    print_recommendation(study, storage, out)


@app.command()
def dashboard(
    storage: Storage = STORAGE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1.")] = 8080,
) -> None:
    """Open Optuna's dashboard on the study database, read-only."""
    from autodistill.report.dashboard import serve

    serve(storage, port)


@app.command()
def ls(
    what: Annotated[str, typer.Argument(help="losses, students, teachers, tasks, metrics, mappings, ..., spaces or studies.")],
    storage: Storage = STORAGE,
) -> None:
    """List what there is."""
    from autodistill.listing import list_members

    list_members(what, storage)


@app.command()
def show(
    what: Annotated[str, typer.Argument(help="A kind, such as losses, spaces or studies.")],
    name: Annotated[str, typer.Argument(help="A name that `autodistill ls` printed.")],
    storage: Storage = STORAGE,
) -> None:
    """Show one thing in full: a member's source and knobs, a space, a study."""
    from autodistill.listing import show_member

    show_member(what, name, storage)


@app.command()
def doctor(storage: Storage = STORAGE, data_root: DataRoot = None) -> None:
    """Check versions, database, cache, disk and device."""
    from autodistill.doctor import examine

    raise typer.Exit(examine(storage, data_root))


def _pairs(texts: list[str]) -> dict[str, str]:
    from autodistill.errors import SpecError

    pairs = dict(t.split("=", 1) for t in texts if "=" in t)
    if bad := [t for t in texts if "=" not in t] + [k for k in pairs if k not in ("text", "pair", "label")]:
        raise SpecError(f"--column {bad[0]}: write text=NAME, pair=NAME or label=NAME.")
    return pairs


def _interrupt(*_: object) -> None:
    raise Interrupted


def main() -> None:
    """Run the command; a person's mistake ends with one message and exit code 2."""
    signal.signal(signal.SIGINT, _interrupt)
    try:
        app()
    except AutodistillError as error:
        print(f"autodistill: {error}", file=sys.stderr)
        sys.exit(2)
    except Interrupted:
        print("autodistill: interrupted; everything finished is kept, run the same command to go on", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
