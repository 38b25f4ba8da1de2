"""The verbs that take a student elsewhere: export, bench, publish."""

from typing import Annotated

import typer

from autodistill.cli.arguments import check_place, pairs
from autodistill.cli.options import DATA, Columns, DataRoot
from autodistill.cli.student_options import JsonFile, StudentFolder
from autodistill.errors import SpecError

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
    docker: Annotated[
        bool,
        typer.Option(
            "--docker",
            help="Write a Dockerfile that serves the student, in onnxruntime if it has model.onnx.",
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
    if not onnx and (int8 or not docker):
        raise SpecError(
            "export: name the format to write: --onnx"
            + (" (--int8 is a smaller file of it)." if int8 else ", --docker or both.")
        )
    from autodistill.cli.start import start

    screen = start(*(("autodistill.deploy.export",) if onnx else ()))

    if onnx:
        from autodistill.deploy import export as exports
        from autodistill.deploy.real_rows import Wanted

        about = exports.export(student, Wanted(rows, pairs(column), data_root), screen, int8=int8)
        for line in exports.lines(student, about):
            screen.answer(line)
    if docker:
        from autodistill.deploy.docker import write_dockerfile

        for line in write_dockerfile(student):
            screen.answer(line)


def bench(
    student: StudentFolder,
    teacher: Annotated[
        str,
        typer.Option(
            metavar="FOLDER",
            help="The teacher's folder, to measure it, too.",
            show_default="the study's, where it is on this machine",
            rich_help_panel=DATA,
        ),
    ] = "",
    rows: Annotated[
        str,
        typer.Option(
            "--rows",
            metavar="DATA",
            help="Rows whose median length is measured: a file, or a dataset's name.",
            show_default="the length in metrics.json",
            rich_help_panel=DATA,
        ),
    ] = "",
    column: Columns = None,
    as_json: JsonFile = None,
    data_root: DataRoot = None,
) -> None:
    """Time a student in torch and ONNX, beside its teacher.

    Percentiles of a pass, and rows per second: float32, bfloat16 and int8, one
    row and 32 at once, one thread and all. ONNX files that the folder lacks are
    made for the measurement and removed.
    """
    if as_json is not None:
        check_place(as_json, "the timings", "--json")
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.bench")
    from autodistill.deploy import bench as benches
    from autodistill.deploy.real_rows import Wanted
    from autodistill.runtime import files
    from autodistill.runtime.cache import refusals

    found = benches.bench(student, teacher, Wanted(rows, pairs(column), data_root), screen)
    for who in ("student", "teacher"):
        if found.of(who):
            screen.answer(benches.table(found, who))
    for line in benches.lines(found):
        screen.answer(line)
    if as_json is not None:
        with refusals(as_json):
            files.write_text(as_json, benches.json_text(found))
        screen.answer(f"Written to {as_json}")


def publish(
    student: StudentFolder,
    repo: Annotated[
        str,
        typer.Option(
            metavar="OWNER/NAME", help="Repository to push to; NAME alone is under your own name."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be pushed; needs no token.")
    ] = False,
    private: Annotated[
        bool,
        typer.Option(
            "--private/--public", help="Who can read a repository that is made: you, or everybody."
        ),
    ] = True,
) -> None:
    """Push a student with its model card to the Hugging Face hub.

    Private unless --public says otherwise. Only the files that a student needs
    and those that say what it is are pushed, without paths of this machine.
    """
    from autodistill.cli.start import start

    screen = start("autodistill.deploy.publish")
    from autodistill.deploy import publish as publishing

    found = publishing.publication(student, repo, private=private)
    for line in publishing.lines(found):
        screen.answer(line)
    if dry_run:
        screen.answer("Nothing was pushed.")
        return
    screen.answer(f"Pushed to {publishing.push(found)}")
    if private:
        screen.answer("Only you can read it; its page, Settings, makes it public.")
