"""The command line of the measurements."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from autodistill.errors import AutodistillError, SpecError
from benchmarks import of_students
from benchmarks.words import finish, say

HELP = "What autodistill costs, and how far its answers hold. The last line on standard output is JSON."
app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(of_students.app)


PREPARED_ROWS = 800
"""Training rows that a teacher is tuned on, however few a measurement then uses."""
Dataset = Annotated[
    str,
    typer.Option(help="bbc-news, a hub name, a file; or synthetic: sentences with a tiny teacher."),
]
Teacher = Annotated[str, typer.Option(help="As in `autodistill search`; not used with synthetic.")]
DataRoot = Annotated[Path | None, typer.Option(help="Folder with datasets in the hub's layout.")]
Rows = Annotated[int, typer.Option(min=32, help="Training rows.")]
MaxLength = Annotated[int, typer.Option(min=8, help="Texts are cut at this many tokens.")]
SpaceName = Annotated[str, typer.Option("--space", help="The space whose recipes are used.")]


@app.callback()
def main() -> None:
    """Measurements that anyone can run."""


@app.command()
def ties(
    studies: Annotated[int, typer.Option(min=1)] = 500, seed: int = 0, lift: float = 0.3
) -> None:
    """Does the answer tell noise from difference, over simulated studies with a known truth?"""
    from benchmarks.ties import ties as measure

    finish("ties", {"studies": studies, "seed": seed, "lift": lift, **measure(studies, seed, lift)})


@app.command(name="search-ties")
def search_ties(
    studies: Annotated[int, typer.Option(min=1)] = 50,
    seed: int = 0,
    lift: float = 0.45,
    trials: int = 30,
) -> None:
    """The same through the whole search: sampler, early stopping, controls, repeats, database. About four minutes."""
    from benchmarks.search_ties import search_ties as measure

    asked = {"studies": studies, "seed": seed, "lift": lift, "trials": trials}
    finish("search-ties", asked | dict(measure(studies, seed, lift, trials)))


@app.command()
def recommend(
    table: Annotated[
        Path | None,
        typer.Option(help="Folder with pipelines.csv and dataset_features.csv of He et al. 2021."),
    ] = None,
    own: Annotated[bool, typer.Option("--own", help="The studies that ship, instead.")] = False,
    seeds: Annotated[int, typer.Option(min=1, help="Of the models.")] = 20,
    workers: Annotated[int, typer.Option(min=1, help="Seeds at once.")] = 2,
) -> None:
    """How good are recipes that are recommended for a dataset that was left out, by a model that was chosen without it?"""
    from benchmarks.recommend import read_own, read_table
    from benchmarks.recommend import recommend as measure

    if (table is None) != own:
        raise SpecError("recommend needs either --table FOLDER or --own.")
    known = read_own() if table is None else read_table(table)
    finish(
        "recommend",
        {
            "table": "own" if own else "published",
            "seeds": seeds,
            **measure(known, seeds, workers, say),
        },
    )


@app.command()
def baseline(
    script: Annotated[
        Path | None,
        typer.Option(help="The program to compare with; its contract is in benchmarks/README.md."),
    ] = None,
    naive_result: Annotated[
        Path | None,
        typer.Option(help="What the program wrote before, instead of running it again."),
    ] = None,
    teacher: Annotated[
        str, typer.Option(help="Folder of a fine-tuned classifier, or embedded.")
    ] = "embedded",
    data: Annotated[
        str, typer.Option(help="Folder below --root with train and validation parquet files.")
    ] = "glue/sst2",
    root: Annotated[
        Path,
        typer.Option(envvar="AUTODISTILL_DATA", help="Folder with datasets in the hub's layout."),
    ] = Path("data"),
    rows: Annotated[
        int, typer.Option(min=20, help="Rows to train on; 2,000 more to choose by.")
    ] = 4000,
    layers: Annotated[
        str, typer.Option(help="The student's layers, from 0; the space must keep the same.")
    ] = "0,5",
    space: Annotated[Path, typer.Option(help="What autodistill may vary, for one student.")] = Path(
        __file__
    ).parent
    / "baseline.toml",
    trials: Annotated[int, typer.Option(min=1, help="Trials of the program.")] = 16,
    max_epochs: Annotated[
        int, typer.Option(min=2, help="Most epochs of the program's trials.")
    ] = 4,
    seeds: Annotated[
        int,
        typer.Option(
            min=1, help="Trainings of each best recipe that are scored on the locked test."
        ),
    ] = 5,
    threads: Annotated[
        int, typer.Option(min=1, help="Threads of the program, and autodistill's workers.")
    ] = 2,
    cache: Annotated[
        bool, typer.Option("--cache", help="Let the program, too, ask the teacher once.")
    ] = False,
    budget: Annotated[
        str,
        typer.Option(
            help="autodistill's first budget; doubled until the program's score is reached."
        ),
    ] = "60s",
    seed: Annotated[int, typer.Option(help="Seed of autodistill's study.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="An empty folder to work in; a temporary one if not given.")
    ] = None,
) -> None:
    """How much sooner than what people run today does a search reach the same score?"""
    from autodistill.cli.arguments import parse_seconds
    from benchmarks.baseline import compare
    from benchmarks.baseline.script import Ask, layers_of

    first = parse_seconds(budget) or 60.0
    ask = Ask(
        data, root, Path(), rows, layers_of(layers), trials, max_epochs, seeds, threads, cache
    )
    found = compare(
        ask,
        teacher,
        script=script,
        result=naive_result,
        budget_seconds=first,
        seed=seed,
        out=out,
        space=space,
    )
    finish("baseline", {"space": space.name, **found})


@app.command()
def overhead(
    dataset: Dataset = "bbc-news",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 800,
    max_length: MaxLength = 32,
    space: SpaceName = "quick",
    epochs: Annotated[int, typer.Option(min=1, help="Passes of each run over the rows.")] = 1,
    repeats: Annotated[int, typer.Option(min=1, help="Pairs of runs.")] = 7,
    feature: Annotated[
        bool, typer.Option(help="With the default recipe's feature term, or with logit terms only.")
    ] = True,
) -> None:
    """A trial's wall time over that of a plain PyTorch loop, and where a trial's seconds go."""
    from benchmarks.materials import Source, default_pipeline, materials
    from benchmarks.overhead import overhead as measure

    workspace = materials(Source(dataset, teacher, data_root, rows, max_length, space))
    pipeline = default_pipeline(workspace, feature=feature)
    about = {
        "dataset": dataset,
        "max_length": max_length,
        "recipe": str(pipeline),
        "bfloat16": workspace.data.bfloat16,
    }
    finish(
        "overhead",
        {
            **about,
            **measure(workspace.data, pipeline, rows=rows, epochs=epochs, repeats=repeats, say=say),
        },
    )


@app.command()
def memory(
    dataset: Dataset = "synthetic",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Annotated[int, typer.Option(min=1, help="Training rows of each trial.")] = 32,
    max_length: MaxLength = 32,
    space: SpaceName = "quick",
    trials: Annotated[int, typer.Option(min=1)] = 300,
    workers: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """Does a long search grow, and how long does a trial take to start?"""
    from benchmarks.materials import Source, materials
    from benchmarks.memory import memory as measure

    workspace = materials(
        Source(dataset, teacher, data_root, max(rows, PREPARED_ROWS), max_length, space)
    )
    about = {"dataset": dataset, "rows": rows, "workers": workers}
    finish(
        "memory",
        {**about, **measure(workspace, trials=trials, rows=rows, workers=workers, say=say)},
    )


@app.command()
def workers(
    dataset: Dataset = "bbc-news",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 800,
    max_length: MaxLength = 32,
    space: SpaceName = "quick",
    trials: Annotated[
        int, typer.Option(min=1, help="Equal trials for each number of workers.")
    ] = 12,
    most: Annotated[int, typer.Option(min=2, help="Compare one worker with this many.")] = 2,
) -> None:
    """Trials a minute with one worker and with two."""
    from benchmarks.materials import Source, default_pipeline, materials
    from benchmarks.workers import workers as measure

    workspace = materials(Source(dataset, teacher, data_root, rows, max_length, space))
    about = {"dataset": dataset, "rows": rows, "trials": trials}
    finish(
        "workers",
        {
            **about,
            **measure(
                workspace.data,
                default_pipeline(workspace),
                rows=rows,
                trials=trials,
                counts=(1, most),
                say=say,
            ),
        },
    )


@app.command()
def storage(
    sizes: Annotated[
        str, typer.Option(help="Finished trials that the study holds already, with commas.")
    ] = "0,1000,5000",
    trials: Annotated[int, typer.Option(min=1, help="Trials measured at each size.")] = 60,
    space: SpaceName = "text",
    limits: Annotated[bool, typer.Option(help="As in a search with --limit.")] = False,
) -> None:
    """Milliseconds of ask, report, store and tell for one trial, and SQL statements, on a SQLite file."""
    from benchmarks.storage import storage as measure

    try:
        numbers = tuple(int(size) for size in sizes.split(","))
    except ValueError:
        raise SpecError(
            f"--sizes {sizes!r} is not a list of whole numbers such as 0,1000."
        ) from None
    finish(
        "storage",
        {
            "trials": trials,
            "space": space,
            **measure(numbers, trials=trials, space=space, limits=limits, say=say),
        },
    )


@app.command()
def members(
    dataset: Dataset = "glue/sst2",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 4000,
    max_length: MaxLength = 64,
    epochs: Annotated[int, typer.Option(min=1, help="Passes of each run over the rows.")] = 2,
    seeds: Annotated[
        int, typer.Option(min=1, help="Runs of each member; the control has twice as many.")
    ] = 3,
    workers: Annotated[int, typer.Option(min=1, help="Runs at once.")] = 2,
    stages: Annotated[
        str, typer.Option(help="Only members of these stages, with commas; all if not given.")
    ] = "",
    out: Annotated[Path, typer.Option(help="The table to write.")] = Path("members.csv"),
) -> None:
    """Score, seconds and memory of every member by itself, against the student trained on the labels alone."""
    from benchmarks.materials import Source, materials
    from benchmarks.members import Size
    from benchmarks.members import members as measure

    workspace = materials(Source(dataset, teacher, data_root, rows, max_length, "everything"))
    found = measure(
        workspace, Size(rows, epochs, seeds), workers, say, [s for s in stages.split(",") if s]
    )
    found.to_csv(out, index=False)
    counts = {str(k).partition(":")[0]: int(n) for k, n in found["finding"].value_counts().items()}
    finish(
        "members",
        {
            "dataset": dataset,
            "rows": rows,
            "epochs": epochs,
            "seeds": seeds,
            "teacher_score": workspace.teacher_score,
            **counts,
        },
    )


@app.command()
def plan(
    dataset: Annotated[str, typer.Option(help="bbc-news, a hub name, a file.")] = "bbc-news",
    data_root: DataRoot = None,
) -> None:
    """The seconds that `autodistill plan` foretells over those that the search then takes, for three studies."""
    import tempfile

    from benchmarks.plan import plan as measure

    root = ("--data-root", str(data_root.absolute())) if data_root else ()
    with tempfile.TemporaryDirectory() as folder:
        finish(
            "plan",
            {"dataset": dataset, **measure(("--dataset", dataset, *root), Path(folder), say)},
        )


def run() -> None:
    """Measure; a person's mistake ends with one message and exit code 2."""
    try:
        app()
    except AutodistillError as error:
        typer.echo(f"benchmarks: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    run()
