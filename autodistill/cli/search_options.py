"""Options of a search beyond those that every search has."""

from typing import Annotated

import typer

from autodistill.cli import complete
from autodistill.cli.options import FILES, SEARCH

Privacy = Annotated[
    bool,
    typer.Option(
        "--privacy",
        help="With --front: one more objective, how well the training rows can be told from others "
        "by the student's losses. Recipes may then give up score for privacy.",
        rich_help_panel=SEARCH,
    ),
]
Device = Annotated[
    str,
    typer.Option(
        envvar="AUTODISTILL_DEVICE",
        metavar="auto|cpu|cuda[:N]|mps",
        help="Where networks run. auto: CUDA cards, else the CPU; cuda: all cards of the first "
        "one's model. --limit latency is measured on the CPU in any case.",
        rich_help_panel=SEARCH,
        autocompletion=complete.devices,
    ),
]
Engine = Annotated[
    str,
    typer.Option(
        metavar="local|ray",
        help="Where trials run: in processes of this machine, or as tasks of a Ray cluster, "
        "wherever it finds room. Teacher and answer are made here in any case.",
        rich_help_panel=SEARCH,
        autocompletion=complete.engines,
    ),
]
Address = Annotated[
    str,
    typer.Option(
        metavar="HOST:PORT",
        help="The Ray cluster, with --engine ray. Without it: as RAY_ADDRESS says, or the one that "
        "runs on this machine.",
        rich_help_panel=SEARCH,
    ),
]
Stopping = Annotated[
    str,
    typer.Option(
        metavar="curve",
        help="curve: stop a trial where its extrapolated score will hardly be among the best, not "
        "where it is behind half of the trials.",
        rich_help_panel=SEARCH,
        autocompletion=complete.stoppings,
    ),
]
Target = Annotated[
    str,
    typer.Option(
        metavar="torch|onnx|onnx-int8",
        help="Where students are to run: their latency and size, also for --limit, are those of "
        "the file that `autodistill export` writes, measured before training.",
        rich_help_panel=SEARCH,
        autocompletion=complete.targets,
    ),
]
AsJson = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print a line of JSON for each trial, note and step, and for the answer, in place of "
        "prose.",
        rich_help_panel=FILES,
    ),
]
