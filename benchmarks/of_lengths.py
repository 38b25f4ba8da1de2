"""Measurements of the length of runs: when they are judged first, and beside full trainings."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from autodistill.errors import SpecError
from benchmarks.of_costs import DataRoot, Dataset, MaxLength, Rows, SpaceName, Teacher
from benchmarks.words import finish, say

app = typer.Typer()
Number = TypeVar("Number", int, float)


@app.command()
def lengths(
    dataset: Dataset = "bbc-news",
    teacher: Teacher = "embedded",
    data_root: DataRoot = None,
    rows: Rows = 800,
    max_length: MaxLength = 32,
    space: SpaceName = "quick",
    recipes: Annotated[
        int, typer.Option(min=1, help="The default recipe and random ones of the space.")
    ] = 12,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each recipe and size.")] = 1,
    steps: Annotated[
        str, typer.Option(help="Optimiser steps of the short runs, with commas.")
    ] = "31,125",
    powers: Annotated[
        str, typer.Option(help="Exponents of the rule for the rate, with commas.")
    ] = "0.25,0.5",
    epochs: Annotated[
        int, typer.Option(min=0, help="Of the full trainings; 0: as many as a recipe has.")
    ] = 0,
    out: Annotated[Path, typer.Option(help="The table; what it holds is not run again.")] = Path(
        "lengths.csv"
    ),
) -> None:
    """Do short runs rank recipes as full trainings do, and at which rate of the full ones?

    Goes on where it was interrupted: every training is a line of the table.
    """
    from benchmarks.lengths import measure, sizes, summary
    from benchmarks.materials import Source, materials

    short, rules = _numbers(int, steps, "--steps"), _numbers(float, powers, "--powers")
    prepared = materials(Source(dataset, teacher, data_root, rows, max_length, space))
    wanted = sizes(prepared.data, short, epochs, rules)
    found = measure(prepared, wanted, count=recipes, seeds=seeds, out=out, say=say)
    finish("lengths", {"dataset": dataset, "rows": rows, "space": space, **summary(found)})


@app.command(name="first-look")
def first_look(
    studies: Annotated[Path, typer.Option(help="Folder of published studies.")] = Path("studies"),
    orders: Annotated[int, typer.Option(min=1, help="Random orders of the runs.")] = 100,
    seed: int = 0,
) -> None:
    """Share of the best tenth of runs that early stopping keeps, by when it looks first."""
    from benchmarks.first_look import first_look as measure

    finish("first-look", measure(sorted(studies.iterdir()), orders, seed))


def _numbers(kind: Callable[[str], Number], text: str, option: str) -> tuple[Number, ...]:
    try:
        return tuple(kind(part) for part in text.split(",") if part)
    except ValueError:
        raise SpecError(
            f"{option} {text!r} is not a list of numbers with commas, such as 31,125."
        ) from None
