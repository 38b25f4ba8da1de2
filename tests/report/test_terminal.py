"""An answer on a terminal and in a pipe: 80 columns, nothing broken within a word or a number."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from autodistill.report.answer import Answer, Command, Finding
from autodistill.report.table import Column, Table
from autodistill.report.terminal import print_answer

PIPELINE = (
    "cut(keep=0.34, pick=uniform, vocabulary=covering, embeddings=frozen, dropout=0) · 0.1·ce + "
    "0.9·kl(temperature=2) · adamw(lr=0.0003, batch=32, weight_decay=0.01, warmup=0.1)"
)
LONG_COMMAND = f"autodistill train recipe.toml --storage {'folder/' * 12}x.db"
COLUMNS = (
    Column("trial", align="right"),
    Column("score", format=".4f", align="right"),
    Column("latency", "ms", ".2f", "right"),
    Column("pipeline", is_long=True),
)
ANSWER = Answer(
    title="Distillation on glue/sst2: study tiny",
    summary="60 trials, trained on 1,000 of 4,000 training rows "
    "and compared on 2,000 validation rows.",
    pipeline=PIPELINE,
    findings=(Finding("Score", "A sentence on the score that goes on, and on, and on. " * 3),),
    leaders=Table(
        "Recipes",
        COLUMNS,
        (("teacher", 0.9, None, "embedded"), (12, 0.8567891, 6.487, PIPELINE)),
        "score: accuracy.",
        marked=(1,),
    ),
    front=Table("Pareto front", COLUMNS, ((12, 0.8567891, 6.487, PIPELINE),)),
    commands=(Command("Train it in full", LONG_COMMAND),),
)


def printed(width: int | None = None, answer: Answer = ANSWER) -> list[str]:
    """The lines on a terminal of this width; in a pipe if none is given."""
    file = io.StringIO()
    console = Console(
        file=file,
        highlight=False,
        width=width or 400,
        force_terminal=width is not None,
        no_color=True,
    )
    print_answer(answer, console)
    return file.getvalue().splitlines()


def test_in_a_pipe_everything_but_a_command_fits_80_columns() -> None:
    longest = max(len(line) for line in printed() if LONG_COMMAND not in line)

    assert longest <= 80


@pytest.mark.parametrize("width", [None, 40, 80, 100, 200])
def test_no_word_is_broken_at_any_width(width: int | None) -> None:
    words = " ".join(printed(width)).split()

    assert {*PIPELINE.split(), *ANSWER.summary.split(), *ANSWER.findings[0].text.split()} <= {
        word.replace("\x1b[1m", "").replace("\x1b[0m", "") for word in words
    }


def test_a_command_stays_on_one_line() -> None:
    assert f"  {LONG_COMMAND}" in printed()
    assert f"  {LONG_COMMAND}" in printed(80)


def test_numbers_stand_under_their_heads_with_units() -> None:
    lines = printed()

    assert lines[lines.index("Recipes") + 1 :][:4] == [
        "                 latency",
        "  trial   score     (ms)",
        "teacher  0.9000",
        "     12  0.8568     6.49",
    ]


def test_no_line_ends_in_spaces() -> None:
    assert [line for line in printed() if line != line.rstrip()] == []


def test_a_number_is_never_cut_however_narrow_the_terminal() -> None:
    columns = tuple(Column(f"column {n}", format=".4f") for n in range(12))
    wide = replace(ANSWER, leaders=Table("Wide", columns, ((123456.7891,) * 12,)), front=None)

    assert sum(line.count("123456.7891") for line in printed(40, wide)) == 12


def test_a_pipeline_is_listed_once_though_two_tables_have_it() -> None:
    text = " ".join(" ".join(printed()).split())

    assert text.count(PIPELINE) == 2  # below the first table, and as the recommended one
