"""Measurements of many processes: what remains of a search when they are killed, or are many."""

from typing import Annotated, Literal

import typer

from benchmarks.of_costs import DataRoot, Dataset, MaxLength, Rows, Teacher
from benchmarks.words import finish, say

app = typer.Typer()
Storage = Annotated[
    Literal["sqlite", "postgresql"], typer.Option(help="postgresql: a server of its own.")
]


@app.command()
def chaos(
    runs: Annotated[int, typer.Option(min=1, help="Studies, with three kills each.")] = 25,
    storage: Storage = "sqlite",
    trials: Annotated[int, typer.Option(min=4, help="Trials of each study.")] = 16,
    seed: Annotated[int, typer.Option(help="Of the draw of processes and moments.")] = 0,
) -> None:
    """Searches of which one process at random is killed: whether all totals are exact."""
    from benchmarks.chaos import chaos as measure

    on_server = storage == "postgresql"
    found = measure(runs, on_postgres=on_server, trials=trials, seed=seed, say=say)
    finish("chaos", {"storage": storage, "trials": trials, "seed": seed, **found})


@app.command()
def writers(
    storage: Storage = "sqlite",
    workers: Annotated[int, typer.Option(min=2, help="Beside a run with one.")] = 16,
    trials: Annotated[int, typer.Option(min=20, help="With most workers; fewer with few.")] = 2000,
    seconds: Annotated[float, typer.Option(min=0.0, help="Length of a trial that ends.")] = 1.0,
) -> None:
    """Trials a minute of one coordinator with many workers, where a training is a pause."""
    from benchmarks.materials import SYNTHETIC, Source, materials
    from benchmarks.writers import writers as measure

    found = measure(
        materials(Source(SYNTHETIC)),
        (1, workers),
        on_postgres=storage == "postgresql",
        trials=trials,
        seconds=seconds,
        say=say,
    )
    finish("writers", {"storage": storage, "trials": trials, "seconds": seconds, **found})


@app.command()
def ray(
    trials: Annotated[int, typer.Option(min=10, help="On each engine, one after another.")] = 200,
) -> None:
    """Milliseconds of a trial that does nothing: in a Ray cluster and in processes, in turns."""
    from benchmarks.ray_overhead import overhead

    finish("ray", {"trials": trials, **overhead(trials)})


@app.command()
def goes_on(
    dataset: Dataset = "bbc-news",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 800,
    max_length: MaxLength = 64,
    epochs: Annotated[int, typer.Option(min=2, help="Of the training.")] = 10,
    share: Annotated[float, typer.Option(min=0.1, max=0.9, help="Of its steps.")] = 0.8,
) -> None:
    """A full training that is killed: what the same command has left of it."""
    from benchmarks.goes_on import goes_on as measure
    from benchmarks.materials import Source, materials, scratch_folder

    source = Source(dataset, teacher, data_root, rows, max_length)
    with scratch_folder() as folder:
        found = measure(materials(source), epochs=epochs, share=share, folder=folder, say=say)
    finish("goes_on", {"dataset": dataset, "epochs": epochs, "share": share, **found})
