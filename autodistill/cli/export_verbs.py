"""The verbs that take a student elsewhere: export, bench."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.arguments import pairs, quiet
from autodistill.cli.options import DATA, Columns, DataRoot
from autodistill.errors import SpecError

StudentFolder = Annotated[
    Path, typer.Argument(metavar="STUDENT", help="A student's folder, which `run` wrote.")
]
RowsFile = Annotated[
    str,
    typer.Option(
        "--rows",
        metavar="DATA",
        help="Real rows: a file or a folder, with or without labels, or a dataset's name.",
        show_default="those of the student's study",
        rich_help_panel=DATA,
    ),
]


def export(
    student: StudentFolder,
    onnx: Annotated[
        bool, typer.Option("--onnx", help="Write model.onnx (float32) and onnx.json.")
    ] = False,
    int8: Annotated[
        bool,
        typer.Option(
            "--int8", help="Write model-int8.onnx, too: a quarter of the size. Needs real rows."
        ),
    ] = False,
    rows: RowsFile = "",
    column: Columns = None,
    data_root: DataRoot = None,
) -> None:
    """Write a student as ONNX, which onnxruntime runs without torch.

    The files stay only if they predict as the student does: logits within
    0.0001; int8 within 0.5 points of the score and the same class for 95% of
    rows, or for 98% of rows without labels.
    """
    if not onnx:
        raise SpecError(
            "export: name the format to write: --onnx"
            + (" (--int8 is a smaller file of it)." if int8 else ".")
        )
    quiet()
    from autodistill.deploy import export as exports
    from autodistill.deploy.real_rows import Wanted
    from autodistill.runtime.progress import Screen

    screen = Screen()
    about = exports.export(student, Wanted(rows, pairs(column), data_root), screen, int8=int8)
    for line in exports.lines(student, about):
        screen.answer(line)
