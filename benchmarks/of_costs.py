"""Measurements of what a search takes: seconds, memory and statements, by trial and by member."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.errors import SpecError
from benchmarks.words import finish, say

app = typer.Typer()

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

    prepared = materials(Source(dataset, teacher, data_root, rows, max_length, space))
    pipeline = default_pipeline(prepared, feature=feature)
    about = {
        "dataset": dataset,
        "max_length": max_length,
        "recipe": str(pipeline),
        "bfloat16": prepared.data.device.bfloat16,
    }
    finish(
        "overhead",
        {
            **about,
            **measure(prepared.data, pipeline, rows=rows, epochs=epochs, repeats=repeats, say=say),
        },
    )


@app.command()
def gpu(
    dataset: Dataset = "bbc-news",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 800,
    max_length: MaxLength = 32,
    space: SpaceName = "quick",
    trials: Annotated[int, typer.Option(min=2, help="Trials while memory is watched.")] = 20,
    device: Annotated[str, typer.Option(help="As in `autodistill search`.")] = "auto",
) -> None:
    """A card beside the CPU: the same numbers, the speed, the memory; at most eight minutes."""
    from benchmarks.gpu import gpu as measure
    from benchmarks.materials import Source, default_pipeline, materials

    source = Source(dataset, teacher, data_root, rows, max_length, space, device)
    prepared = materials(source)
    pipeline = default_pipeline(prepared)
    finish("gpu", measure(prepared, pipeline, rows=rows, trials=trials, say=say))


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

    prepared = materials(
        Source(dataset, teacher, data_root, max(rows, PREPARED_ROWS), max_length, space)
    )
    about = {"dataset": dataset, "rows": rows, "workers": workers}
    finish(
        "memory", {**about, **measure(prepared, trials=trials, rows=rows, workers=workers, say=say)}
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

    prepared = materials(Source(dataset, teacher, data_root, rows, max_length, space))
    about = {"dataset": dataset, "rows": rows, "trials": trials}
    finish(
        "workers",
        {
            **about,
            **measure(
                prepared.data,
                default_pipeline(prepared),
                rows=rows,
                trials=trials,
                counts=(1, most),
                say=say,
            ),
        },
    )


@app.command()
def growth(
    sizes: Annotated[
        str, typer.Option(help="Numbers of trials at which figures are taken, with commas.")
    ] = "1000,3000,10000",
    filled: Annotated[
        int, typer.Option(min=0, help="Trials that are written at once before the search begins.")
    ] = 0,
    space: SpaceName = "text",
    limits: Annotated[bool, typer.Option(help="As in a search with --limit.")] = False,
) -> None:
    """Milliseconds, SQL statements and memory of a search of thousands of trials that cost nothing.

    The time is that of ask, report, store and tell.
    """
    from benchmarks.growth import growth as measure

    try:
        numbers = tuple(int(size) for size in sizes.split(","))
    except ValueError:
        raise SpecError(
            f"--sizes {sizes!r} is not a list of whole numbers such as 1000,10000."
        ) from None
    if min(numbers) <= filled:
        raise SpecError(
            f"--sizes {sizes!r}: {min(numbers)} are there already; --filled is {filled}."
        )
    found = measure(numbers, filled=filled, space=space, limits=limits, say=say)
    finish("growth", {"filled": filled, "space": space, **found})


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
    """Score, seconds and memory of every member by itself.

    Each is compared with the student trained on the labels alone.
    """
    from benchmarks.materials import Source, materials
    from benchmarks.members import Size
    from benchmarks.members import members as measure

    prepared = materials(Source(dataset, teacher, data_root, rows, max_length, "everything"))
    found = measure(
        prepared, Size(rows, epochs, seeds), workers, say, [s for s in stages.split(",") if s]
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
            "teacher_score": prepared.teacher_score,
            **counts,
        },
    )


@app.command()
def plan(
    dataset: Annotated[str, typer.Option(help="bbc-news, a hub name, a file.")] = "bbc-news",
    data_root: DataRoot = None,
) -> None:
    """The seconds that `autodistill plan` estimates over those that a search takes.

    The ratio is measured for three studies.
    """
    import tempfile

    from benchmarks.plan import plan as measure

    root = ("--data-root", str(data_root.absolute())) if data_root else ()
    with tempfile.TemporaryDirectory() as folder:
        finish(
            "plan",
            {"dataset": dataset, **measure(("--dataset", dataset, *root), Path(folder), say)},
        )
