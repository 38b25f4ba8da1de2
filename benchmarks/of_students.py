"""Measurements of teachers, of students and of the proxies that select them."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.errors import SpecError
from benchmarks.words import DataRoot, finish, say

app = typer.Typer()


@app.command()
def s0(
    truth: Annotated[
        Path, typer.Option(help="Folder with kd.txt and vanilla.txt of DisWOT's 64 networks.")
    ],
    images: Annotated[
        Path, typer.Option(help="Folder with train*.parquet of small images in the hub's layout.")
    ],
    batches: Annotated[
        int, typer.Option(min=1, help="Of images, for the table of all proxies.")
    ] = 5,
    rows: Annotated[int, typer.Option(min=8, help="Images in a batch.")] = 32,
    starts: Annotated[
        int, typer.Option(min=2, help="Random starts, for the table of all proxies.")
    ] = 3,
    readings: Annotated[
        int, typer.Option(min=2, help="Random starts for each reading of DisWOT.")
    ] = 10,
) -> None:
    """Agreement of proxies with the distilled accuracy of DisWOT's 64 networks."""
    from benchmarks.s0 import s0 as measure

    asked = {"batches": batches, "rows": rows, "starts": starts, "reading_starts": readings}
    finish(
        "s0",
        asked
        | measure(
            truth, images, batches=batches, rows=rows, starts=starts, readings=readings, say=say
        ),
    )


@app.command()
def funnel(
    study: Annotated[
        Path,
        typer.Argument(
            help="A published study of students: `search --students each`, then `publish`."
        ),
    ],
    trained: Annotated[int, typer.Option(min=1, help="Students that are trained in a replay.")] = 4,
    pool: Annotated[int, typer.Option(min=2, help="Students that are there.")] = 24,
    most_params: Annotated[float, typer.Option(help="Larger students are left out.")] = float(
        "inf"
    ),
    resamplings: Annotated[int, typer.Option(min=10, help="Replays.")] = 200,
) -> None:
    """Regret of training a few students selected by a proxy, and as many at random."""
    from benchmarks.funnel import funnel as measure

    asked = {"study": study.name, "trained": trained, "pool": pool, "resamplings": resamplings}
    finish(
        "funnel",
        asked
        | measure(
            study,
            trained=trained,
            pool=pool,
            most_params=most_params,
            resamplings=resamplings,
            say=say,
        ),
    )


@app.command()
def unlabelled(
    out: Annotated[Path, typer.Option(help="File of JSON lines; what it holds is not done again.")],
    data_root: DataRoot = None,
    dataset: Annotated[list[str] | None, typer.Option(help="One of the five; again for more.")] = (
        None
    ),
    seeds: Annotated[int, typer.Option(min=1, help="Draws of the labelled rows.")] = 3,
    teacher: Annotated[str, typer.Option(help="As in `autodistill search`.")] = "embedded",
    space: Annotated[str, typer.Option(help="The space whose first recipes are used.")] = "sizes",
    steps: Annotated[int, typer.Option(min=1, help="Least optimiser steps of a training.")] = 600,
    passes: Annotated[
        float, typer.Option(min=0.01, help="Of the teacher's default passes, this share.")
    ] = 1.0,
) -> None:
    """Value of rows without labels where few have one: students of each size, and alone."""
    from benchmarks.unlabelled import unlabelled as measure

    rows = measure(
        out,
        tuple(dataset or ()),
        seeds,
        teacher=teacher,
        data_root=data_root,
        space=space,
        steps=steps,
        passes=passes,
    )
    finish("unlabelled", {"trainings": rows})


@app.command()
def strong(
    out: Annotated[Path, typer.Argument(help="The file of answers, .parquet.")],
    dataset: Annotated[str, typer.Option(help="One of the five of `unlabelled`.")],
    teacher: Annotated[str, typer.Option(help="Folder or hub name of an encoder to tune.")],
    data_root: DataRoot = None,
    rows: Annotated[int, typer.Option(help="Labelled rows at most; 0: all.")] = 0,
    epochs: Annotated[int, typer.Option(min=1, help="Passes over them.")] = 3,
    seeds: Annotated[int, typer.Option(min=1, help="Draws whose texts it answers.")] = 3,
) -> None:
    """Tune a teacher on all labels, and write its answers for `unlabelled --teacher FILE`."""
    from benchmarks.few_labels import SETTINGS
    from benchmarks.strong import strong as measure

    setting = next((each for each in SETTINGS if each.dataset == dataset), None)
    if setting is None:
        raise SpecError(
            f"--dataset is {dataset!r}; one of {', '.join(each.dataset for each in SETTINGS)}."
        )
    told = measure(
        setting,
        out,
        teacher=teacher,
        data_root=data_root,
        rows=rows,
        epochs=epochs,
        seeds=seeds,
        say=say,
    )
    finish("strong", dict(told))


@app.command()
def latency(
    repeats: Annotated[
        int, typer.Option(min=1, help="Measurements of each student on each side.")
    ] = 7,
) -> None:
    """Latency of a student before training against that of its written folder."""
    from benchmarks.latency import latency as measure

    finish("latency", {"repeats": repeats, **measure(repeats, say)})


@app.command()
def teachers(
    datasets: Annotated[
        list[str], typer.Argument(help="As in --dataset; NAME:500 for 500 training rows of it.")
    ],
    out: Annotated[
        Path, typer.Option(help="File of JSON lines, one for each dataset; those in it are kept.")
    ] = Path("teachers.jsonl"),
    teacher: Annotated[str, typer.Option(help="A network that is tuned here.")] = "embedded",
    data_root: DataRoot = None,
    max_length: Annotated[int, typer.Option(min=8, help="Texts are cut at so many tokens.")] = 128,
    before: Annotated[
        bool, typer.Option(help="Also tuned with one rate for encoder and head.")
    ] = True,
) -> None:
    """Scores of teachers tuned here, before and now, beside a linear model of words."""
    from benchmarks.teachers import teachers as measure

    found = measure(
        datasets,
        out,
        teacher=teacher,
        data_root=data_root,
        max_length=max_length,
        before=before,
        say=say,
    )
    finish("teachers", found)


@app.command()
def predict(
    rows: Annotated[int, typer.Option(min=100, help="Short texts in the CSV.")] = 100_000,
    student: Annotated[
        Path | None, typer.Option(help="A student's folder; else a small untrained BERT.")
    ] = None,
    engine: Annotated[str, typer.Option(help="torch, onnx, onnx-int8 or auto.")] = "auto",
    repeats: Annotated[int, typer.Option(min=1, help="Pairs of runs.")] = 3,
) -> None:
    """Rows a second of `autodistill predict` against a bare loop, and its peak memory."""
    from benchmarks.predict import predict as measure

    finish("predict", measure(rows, student, engine, repeats, say))


@app.command()
def serve(
    student: Annotated[
        Path | None, typer.Option(help="A student's folder; else a small untrained BERT.")
    ] = None,
    engine: Annotated[str, typer.Option(help="torch, onnx, onnx-int8 or auto.")] = "auto",
    clients: Annotated[int, typer.Option(min=2, help="Clients at the same time.")] = 32,
    seconds: Annotated[float, typer.Option(min=0.1, help="Time for one client, and for all.")] = 60,
) -> None:
    """Requests a second of `autodistill serve` for one client and for many, with latencies."""
    from benchmarks.serve import serve as measure

    finish("serve", measure(student, engine, clients, seconds, say))
