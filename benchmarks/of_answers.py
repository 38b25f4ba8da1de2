"""Measurements of how far answers hold: of a study, of a recommendation, beside another program."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.errors import SpecError
from benchmarks.words import DataRoot, finish, say

app = typer.Typer()


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
    """The same through the whole search. About four minutes.

    Sampler, early stopping, baselines, repeats and database take part.
    """
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
    """How good are recipes that are recommended for a dataset that was left out?

    The model that recommends them was chosen without it.
    """
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
def pages(
    trials: Annotated[int, typer.Option(min=1, help="Trials of the study that is shown.")] = 5000,
    space: Annotated[str, typer.Option(help="The space of its recipes.")] = "text",
    pairs: Annotated[int, typer.Option(min=0, help="Pairs of searches, looked on at or not.")] = 5,
    runs: Annotated[int, typer.Option(min=1, help="Trials of each of these searches.")] = 60,
    rows: Annotated[int, typer.Option(min=32, help="Training rows of their trials.")] = 800,
    storage: Annotated[str, typer.Option(help="An empty database; a new file if left out.")] = "",
) -> None:
    """How long a dashboard's pages and a report take, and what open pages cost a search."""
    from benchmarks.materials import SYNTHETIC, Source, materials
    from benchmarks.pages import pages as measure
    from benchmarks.pages import slowed

    found = measure(trials, space, storage, say)  # first: it fills an empty database
    if pairs:
        found |= slowed(materials(Source(SYNTHETIC, rows=rows)), runs, rows, pairs, storage, say)
    finish("pages", found)


@app.command()
def shipped(
    datasets: Annotated[list[str], typer.Argument(help="As in --dataset.")],
    place: Annotated[
        Path, typer.Option(help="Folder of what is made; what it holds is not made again.")
    ],
    data_root: DataRoot = None,
    budget: Annotated[str, typer.Option(help="Of each search.")] = "5m",
    seeds: Annotated[int, typer.Option(min=2, help="Full trainings of each student.")] = 3,
) -> None:
    """Teacher, simple model, student and the same student alone: test scores, size and speed."""
    from benchmarks.shipped import Plan
    from benchmarks.shipped import shipped as measure

    finish("shipped", {"lines": measure(datasets, place, Plan(budget, seeds, data_root), say)})
