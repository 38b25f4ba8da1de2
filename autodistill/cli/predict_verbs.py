"""The verbs that use a trained student: predict, evaluate."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.arguments import check_place, names, pairs
from autodistill.cli.options import DATA, FILES, Columns
from autodistill.cli.student_options import Batch, Engine, JsonFile, StudentFolder


def predict(
    student: StudentFolder,
    rows: Annotated[
        str,
        typer.Argument(
            metavar="ROWS",
            help="A file (CSV, TSV, JSONL, parquet, plain lines), a folder of images, or - for "
            "standard input.",
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="FILE",
            help="File to write: .csv, .tsv, .jsonl or .parquet.",
            show_default="standard output, JSONL for JSONL, else CSV",
            rich_help_panel=FILES,
        ),
    ] = None,
    proba: Annotated[
        bool,
        typer.Option(
            "--proba", help="Write the probability of each class, too.", rich_help_panel=FILES
        ),
    ] = False,
    keep: Annotated[
        str,
        typer.Option(
            metavar="A,B,C",
            help="The row's own columns to write: some by name, all, or none (a row number).",
            rich_help_panel=FILES,
        ),
    ] = "all",
    format: Annotated[  # noqa: A002  # the option's name
        str,
        typer.Option(
            metavar="NAME",
            help="How rows are read: csv, jsonl, lines (a text each), parquet, or auto, by name "
            "and content.",
            rich_help_panel=DATA,
        ),
    ] = "auto",
    column: Columns = None,
    text: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="The column of the texts: --column text=COLUMN.",
            show_default=False,
            rich_help_panel=DATA,
        ),
    ] = "",
    pair: Annotated[
        str,
        typer.Option(
            metavar="COLUMN",
            help="The column of the second texts of pairs: --column pair=COLUMN.",
            show_default=False,
            rich_help_panel=DATA,
        ),
    ] = "",
    batch: Batch = 32,
    engine: Engine = "auto",
) -> None:
    """Predict the label of each row of a file or a stream.

    As many rows come out as go in, in their order, each with its own columns and
    `prediction`; a row without a text has an empty one.
    """
    if out is not None:
        check_place(out, "the predictions")
    columns = pairs(column)
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.student")
    from autodistill.deploy.prediction import Asked, predict_file
    from autodistill.deploy.student import load

    named = {role: name for role, name in (("text", text), ("pair", pair)) if name}
    asked = Asked(rows, format, columns | named, out, proba, names(keep), batch)
    predict_file(load(student, engine=engine), asked, screen)


def evaluate(
    student: StudentFolder,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help="A labelled file (CSV, TSV, JSONL, parquet), or a folder of images by class.",
        ),
    ],
    column: Columns = None,
    teacher: Annotated[
        str,
        typer.Option(
            metavar="MODEL",
            help="Score a teacher on the same rows: a classifier (a folder, or a hub name), "
            "another student's folder, or a file of soft labels.",
            show_default="none",
            rich_help_panel=DATA,
        ),
    ] = "",
    worst: Annotated[
        int,
        typer.Option(
            min=0, metavar="N", help="Rows of largest loss to print.", rich_help_panel=FILES
        ),
    ] = 10,
    as_json: JsonFile = None,
    batch: Batch = 32,
    engine: Engine = "auto",
) -> None:
    """Score a student on a labelled file, beside its teacher.

    The study's metric, accuracy and macro F1 with 95% intervals, each class, confusions,
    calibration, and the rows of largest loss.
    """
    if as_json is not None:
        check_place(as_json, "the evaluation", "--json")
    named = pairs(column)
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.student")
    from autodistill.deploy.evaluation import evaluate_file
    from autodistill.deploy.evaluation_lines import print_evaluation, write_evaluation
    from autodistill.deploy.student import load

    found = evaluate_file(
        *(load(student, engine=engine), file, screen),
        columns=named,
        teacher=teacher,
        worst=worst,
        batch=batch,
    )
    print_evaluation(found, screen)
    if as_json is not None:
        write_evaluation(found, as_json)
