"""Options that several verbs take: name, help, group, completion."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.cli import complete
from autodistill.study.places import DEFAULT_STORAGE

DEFAULT_STORAGE = DEFAULT_STORAGE

DATA, SEARCH, FILES = "Data and teacher", "Search", "Files"
"""Groups of options on a page of help."""

Dataset = Annotated[
    str,
    typer.Option(
        metavar="DATA",
        help="A name on the Hugging Face hub (glue/sst2), a file (CSV, TSV, JSONL, parquet), "
        "a folder (splits, or images by class), bbc-news or digits.",
        rich_help_panel=DATA,
        autocompletion=complete.datasets,
    ),
]
Teacher = Annotated[
    str,
    typer.Option(
        envvar="AUTODISTILL_TEACHER",
        metavar="MODEL",
        help="The model to distil: a hub name or a folder (a classifier, or an encoder, which is "
        "tuned here once), a file of soft labels, or embedded (installed with the package).",
        rich_help_panel=DATA,
    ),
]
TeacherLabels = Annotated[
    str,
    typer.Option(
        metavar="A,B,C",
        help="Names of the teacher's outputs in order, where its own are wrong; "
        """'"Food, drinks",Garden' where a name holds a comma.""",
        rich_help_panel=DATA,
    ),
]
TeacherFolds = Annotated[
    int,
    typer.Option(
        min=0,
        metavar="K",
        help="For a teacher that is tuned here: its answers on training rows come from K more that "
        "were not trained on them, 2 to 20. Takes K - 1 times as long again.",
        show_default="none",
        rich_help_panel=DATA,
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="ROLE=NAME",
        help="A column of the dataset that cannot be recognised: text=NAME, pair=NAME or "
        "label=NAME. May be repeated.",
        rich_help_panel=DATA,
    ),
]
RowCount = Annotated[
    int,
    typer.Option(
        "--rows",
        min=0,
        metavar="N",
        help="Use at most this many labelled training rows.",
        show_default="all",
        rich_help_panel=DATA,
    ),
]
Unlabelled = Annotated[
    str,
    typer.Option(
        metavar="DATA",
        help="More rows, without labels, that the teacher answers: a file, a folder or a hub name; "
        "none: no such rows, not even the dataset's own.",
        rich_help_panel=DATA,
        autocompletion=complete.datasets,
    ),
]
RestUnlabelled = Annotated[
    bool,
    typer.Option(
        help="Use the training rows that --rows leaves out as unlabelled rows.",
        rich_help_panel=DATA,
    ),
]
MaxLength = Annotated[
    int,
    typer.Option(
        min=8,
        max=512,
        metavar="TOKENS",
        help="Truncate texts to this many tokens, 8 to 512.",
        rich_help_panel=DATA,
    ),
]
Metric = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Metric to maximise; see `autodistill ls metrics`.",
        show_default="the dataset's own",
        rich_help_panel=DATA,
        autocompletion=complete.metrics,
    ),
]
DataRoot = Annotated[
    Path | None,
    typer.Option(
        envvar="AUTODISTILL_DATA",
        metavar="FOLDER",
        help="Folder with local copies of hub datasets, in the hub's layout.",
        rich_help_panel=FILES,
    ),
]
RecipeOut = Annotated[
    Path, typer.Option(metavar="FILE", help="Recipe to write.", rich_help_panel=FILES)
]
StudyName = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Name of the study in the database.",
        show_default="made from the options",
        rich_help_panel=FILES,
    ),
]
Storage = Annotated[
    str,
    typer.Option(
        envvar="AUTODISTILL_STORAGE",
        metavar="FILE|URL",
        help="Study database: an SQLite file, or the URL of a server.",
        rich_help_panel=FILES,
    ),
]
SpaceName = Annotated[
    str,
    typer.Option(
        "--space",
        metavar="NAME",
        help="Search space: a name from `autodistill ls spaces`, or a .toml file.",
        rich_help_panel=SEARCH,
        autocompletion=complete.spaces,
    ),
]
BudgetText = Annotated[
    str,
    typer.Option(
        "--budget",
        metavar="20m",
        help="Total time of the study: 90s, 20m, 1h30m.",
        show_default="20m, or none with --trials",
        rich_help_panel=SEARCH,
    ),
]
Trials = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="Total number of trials of the study.", rich_help_panel=SEARCH
    ),
]
RepeatFraction = Annotated[
    float,
    typer.Option(
        "--repeat-fraction",
        min=0.0,
        max=0.9,
        metavar="0.25",
        help="Fraction of the budget kept for repeating the best recipes with new seeds, 0 to 0.9.",
        rich_help_panel=SEARCH,
    ),
]
Workers = Annotated[
    int,
    typer.Option(
        metavar="N",
        help="Trials at the same time.",
        show_default="one per core; on a card as many of them as its memory holds",
        rich_help_panel=SEARCH,
    ),
]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="size=30MB",
        help="Largest student allowed: size=30MB, params=5M or latency=5ms. May be repeated.",
        rich_help_panel=SEARCH,
    ),
]
Front = Annotated[
    bool,
    typer.Option(
        "--front",
        help="Search the Pareto front of score, latency and size instead of the best score.",
        rich_help_panel=SEARCH,
    ),
]
Random = Annotated[
    bool,
    typer.Option(
        "--random",
        help="Random search, every trial trained to its end: shows what each stage changes.",
        rich_help_panel=SEARCH,
    ),
]
Students = Annotated[
    str,
    typer.Option(
        metavar="auto|each",
        help="auto: select students first, then search recipes for them. "
        "each: only train every student briefly and compare them.",
        rich_help_panel=SEARCH,
        autocompletion=complete.student_modes,
    ),
]
StudentNetworks = Annotated[
    list[str] | None,
    typer.Option(
        "--student",
        metavar="MODEL",
        help="A small pre-trained network that is a student, too: a hub name or a folder, of any "
        "family, with its own tokenizer. May be repeated.",
        rich_help_panel=SEARCH,
    ),
]
Past = Annotated[
    bool,
    typer.Option(
        envvar="AUTODISTILL_PAST",
        help="Also try recipes that past studies suggest.",
        rich_help_panel=SEARCH,
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        metavar="N", help="Random seed of the study, 0 to 2**32 - 1.", rich_help_panel=SEARCH
    ),
]
