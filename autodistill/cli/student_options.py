"""Arguments and options of the verbs that use a trained student."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli.options import FILES

ENGINE = "Engine"
StudentFolder = Annotated[
    Path, typer.Argument(metavar="STUDENT", help="A folder that `train` wrote.")
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="torch, onnx (model.onnx in the folder), onnx-int8 (model-int8.onnx), or auto: "
        "model.onnx where it is there, else torch.",
        rich_help_panel=ENGINE,
    ),
]
Batch = Annotated[
    int,
    typer.Option(min=1, metavar="N", help="Rows in a forward pass.", rich_help_panel=ENGINE),
]
Force = Annotated[
    bool, typer.Option(help="Replace the folder if it exists.", rich_help_panel=FILES)
]
JsonFile = Annotated[
    Path | None,
    typer.Option(
        "--json", metavar="FILE", help="Write everything as JSON, too.", rich_help_panel=FILES
    ),
]
