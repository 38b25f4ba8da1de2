"""Options that several verbs take, and the question that they make up."""

from pathlib import Path
from typing import Annotated

import typer

from autodistill.errors import SpecError
from autodistill.study.places import DEFAULT_STORAGE

STORAGE = DEFAULT_STORAGE

Storage = Annotated[
    str, typer.Option(envvar="AUTODISTILL_STORAGE", help="Study database: a file or a URL.")
]
DataRoot = Annotated[
    Path | None,
    typer.Option(envvar="AUTODISTILL_DATA", help="Folder with datasets in the hub's layout."),
]
Dataset = Annotated[
    str,
    typer.Option(
        help="Hub name (glue/sst2), file (CSV, TSV, JSONL, parquet), folder (splits or images), bbc-news, digits."
    ),
]
Teacher = Annotated[
    str,
    typer.Option(
        envvar="AUTODISTILL_TEACHER", help="Hub name, folder, file of soft labels, or embedded."
    ),
]
SpaceName = Annotated[
    str,
    typer.Option(
        "--space", help="What may vary: a name from `autodistill ls spaces`, or a .toml file."
    ),
]
BudgetText = Annotated[
    str,
    typer.Option(
        "--budget", help="Total time of the study, such as 20m or 2h. 20m if neither is given."
    ),
]
Trials = Annotated[int | None, typer.Option(min=1, help="Total number of runs of the study.")]
Workers = Annotated[int, typer.Option(min=0, help="Trials at once; 0: one per core.")]
Closing = Annotated[
    float,
    typer.Option(
        "--closing-share", min=0.0, max=0.9, help="Share of the budget that repeats the leaders."
    ),
]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit", help="params=5M, size=20MB or latency=5ms, the most a student may have."
    ),
]
Front = Annotated[
    bool,
    typer.Option(
        "--front", help="Search the front of score, latency and size, not the best score."
    ),
]
Past = Annotated[
    bool, typer.Option(envvar="AUTODISTILL_PAST", help="Try what past studies suggest, too.")
]
Survey = Annotated[
    bool,
    typer.Option(
        "--survey", help="Random recipes, each run to its end: what does each stage change?"
    ),
]
Students = Annotated[
    str,
    typer.Option(
        help="auto: choose students first, then search; each: only that, a short training of each."
    ),
]
Metric = Annotated[
    str, typer.Option(help="Instead of the task's own; see `autodistill ls metrics`.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--column", help="text=NAME, pair=NAME or label=NAME where a column cannot be guessed."
    ),
]
TeacherLabels = Annotated[str, typer.Option(help="Names of the teacher's outputs in order, a,b,c.")]
RowCount = Annotated[
    int, typer.Option("--rows", min=0, help="Use at most this many training rows; 0: all.")
]
MaxLength = Annotated[int, typer.Option(min=8, max=512, help="Cut texts at this many tokens.")]
Seed = Annotated[int, typer.Option(help="Seed of the study.")]


def pairs(texts: list[str]) -> dict[str, str]:
    """text=NAME and so on as a mapping; raises SpecError."""
    found = dict(t.split("=", 1) for t in texts if "=" in t)
    if bad := [t for t in texts if "=" not in t] + [
        k for k in found if k not in ("text", "pair", "label")
    ]:
        raise SpecError(f"--column {bad[0]}: write text=NAME, pair=NAME or label=NAME.")
    return found


def names(text: str) -> tuple[str, ...]:
    """a,b,c as a tuple."""
    return tuple(x.strip() for x in text.split(",") if x.strip())
