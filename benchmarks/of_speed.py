"""Measurements of this version beside an older one."""

from typing import Annotated

import typer

from benchmarks.of_costs import DataRoot, Dataset, MaxLength, Rows, Teacher
from benchmarks.words import finish, say

app = typer.Typer()
FORMER = "a48274c"
"""The version before there were transfer sets, other students and devices."""


@app.command()
def speed(
    dataset: Dataset = "bbc-news",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 800,
    max_length: MaxLength = 32,
    epochs: Annotated[int, typer.Option(min=1, help="Passes of each run over the rows.")] = 1,
    pairs: Annotated[int, typer.Option(min=1, help="Pairs of runs of each recipe.")] = 7,
    former: Annotated[str, typer.Option(help="The commit to compare with.")] = FORMER,
) -> None:
    """Seconds of a trial beside those of an older commit, and its share of the machine's limit."""
    from benchmarks.materials import Source
    from benchmarks.speed import speed as measure

    source = Source(dataset, teacher, data_root, rows, max_length)
    figures = measure(source, former, epochs=epochs, pairs=pairs, say=say)
    finish("speed", {"dataset": dataset, "rows": rows, "former_commit": former, **figures})


@app.command(name="first-answer")
def first_answer(
    dataset: Dataset = "bbc-news",
    data_root: DataRoot = None,
    rows: Annotated[int, typer.Option(min=100, help="Rows of the file.")] = 2000,
    budget: Annotated[str, typer.Option(help="As in `autodistill search`.")] = "90s",
) -> None:
    """Seconds from a file of rows and an empty cache to a printed answer, by phase."""
    from benchmarks.first_answer import first_answer as measure

    figures = measure(dataset, rows, budget, data_root, say)
    finish("first-answer", {"dataset": dataset, **figures})
