"""The answer of a study as a value: tables, sentences and the commands to run next."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from autodistill.analysis.leaderboard import LeaderRow, leaderboard, pareto_front
from autodistill.analysis.verdict import Verdict
from autodistill.report import sentences
from autodistill.report.caution import caution, weak_teacher
from autodistill.report.costs import cost, runs_as
from autodistill.report.headline import Tile, headline, tiles
from autodistill.report.readings import readings_sentence
from autodistill.report.sizes_table import sizes_table
from autodistill.report.table import Cell, Column, Table
from autodistill.study.best import complete_runs
from autodistill.study.lengths import level_of
from autodistill.study.recipe import Recipe
from autodistill.study.results import StudyResult
from autodistill.study.simple_baselines import SHORT

SHOWN_LEADERS = 5
BASELINES = {
    "alone": "the student alone, without a teacher",
    "vanilla": "plain distillation",
    "random": "plain distillation from a shuffled teacher",
}
"""Baselines in a sentence."""


@dataclass(frozen=True)
class Finding:
    """A label and what is to be said under it."""

    label: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command to run next, and what it does."""

    purpose: str
    line: str


@dataclass(frozen=True)
class Answer:
    """The result of a study as plain data; terminal.py and page.html render it."""

    title: str
    summary: str
    """How many trials there were, on which rows."""
    pipeline: str
    """The recommended student, losses and optimizer."""
    findings: tuple[Finding, ...]
    """On the recommended student: cost, score, how sure that is, what distillation gained."""
    leaders: Table
    front: Table | None = None
    """None where all students have one shape."""
    sizes: Table | None = None
    """The recommended student of each size; None where there is one."""
    commands: tuple[Command, ...] = ()
    headline: str = ""
    """The answer in a sentence or two."""
    tiles: tuple[Tile, ...] = ()
    """The numbers to look at first."""
    caution: str = ""
    """To be read before the recommendation: a simple baseline that it is not shown to beat."""


def answer_of(
    record: StudyResult, recipe: Recipe, verdict: Verdict, commands: Sequence[Command] = ()
) -> Answer:
    """The answer of a study that has a recommended recipe."""
    rows = pareto_front(record, verdict)
    return Answer(
        title=title_of(record, str(recipe.evidence["study"])),
        summary=sentences.how_searched(record),
        pipeline=str(recipe.pipeline),
        findings=findings_of(record, verdict, recipe),
        leaders=_leaders(record, verdict),
        front=_front(record, rows) if rows else None,
        sizes=sizes_table(record, verdict),
        commands=tuple(commands),
        headline=headline(record, verdict),
        tiles=tiles(record, verdict, recipe),
        caution=caution(verdict, record.study.metric),
    )


def title_of(record: StudyResult, name: str) -> str:
    """The study and its dataset in a line."""
    return f"Distillation on {sentences.short_name(record.study.dataset)}: study {name}"


def findings_of(record: StudyResult, verdict: Verdict, recipe: Recipe) -> tuple[Finding, ...]:
    """All findings on the recommended student; what is not known is left out."""
    metric = record.study.metric
    teacher = (
        weak_teacher(record.facts),
        sentences.teacher_effect(verdict),
        sentences.agreement(verdict),
    )
    found = (
        Finding("Student", cost(verdict, record.study.target)),
        Finding("Begins as", sentences.beginning(verdict)),
        Finding("Score", sentences.score(verdict, record)),
        Finding("Held-out test", readings_sentence(record, recipe)),
        Finding("How sure", sentences.how_sure(verdict)),
        Finding("Distillation", sentences.distillation_gain(verdict, metric)),
        Finding("Teacher", " ".join(filter(None, teacher))),
        Finding("Row by row", sentences.row_by_row(verdict, record.selection)),
        Finding("Calibration", sentences.calibration(verdict)),
    )
    return tuple(finding for finding in found if finding.text)


def commands_of(name: str, option: str = "", chosen: str = "") -> tuple[Command, ...]:
    """From a study in the database to a trained student; `option` finds another database.

    `chosen`: options that ask for another recipe than the recommended one.
    """
    asked = f"{shlex.quote(name)} {chosen}".strip()
    return (
        Command(
            "Write the recommended recipe to a file",
            f"autodistill recommend --study {asked} --out recipe.toml{option}",
        ),
        Command(
            "Train it in full and score it once on the held-out test rows",
            f"autodistill train recipe.toml{option}",
        ),
    )


def _leaders(record: StudyResult, verdict: Verdict) -> Table:
    board = leaderboard(record, verdict)
    recipes = [row for row in board if row.kind == "recipe"]
    best = recipes[:SHOWN_LEADERS]
    more = [row for row in recipes[SHOWN_LEADERS:] if row.mark == "recommended"]
    rows = [board[0], *best, *more, *_baselines(board, verdict)]
    metric = sentences.metric_name(record.study.metric)
    tied = sum(row.mark == "tied" for row in recipes)
    note = (
        f"score: {metric} on {record.facts.selection_rows or 0:,} validation rows, the mean over "
        "seeds"
        + (" but the first of a recipe that was repeated" if verdict.has_repeats else "")
        + "; 95% interval: over seeds and over validation rows"
        + ("; tied: not distinguishable from the best score" if tied else "")
        + "."
        + _measured_as(record)
        + _best_run(record)
    )
    title = f"Recipes by {metric}"
    if len(best) < len(recipes):
        recommended = " and the recommended one" if more else ""
        title += f", the best {len(best)}{recommended} of {len(recipes)}"
    return _table(title, rows, record, note)


def _measured_as(record: StudyResult) -> str:
    where = runs_as(record.study.target)
    return f" Latency and size: of each student{where}, before training." if where else ""


def _best_run(record: StudyResult) -> str:
    """The number that is called best elsewhere, too; nothing before a recipe is complete."""
    if (highest := record.best) is None:
        return ""
    runs = complete_runs(record.outcomes)
    best = next(o for o in runs if o.score == highest and not o.baseline)
    which = f"trial {best.number}"
    if (level := level_of(best, record.facts)) != record.level:
        which += f", in a {'shorter' if level < record.level else 'longer'} run"
    return f" The best single run of a recipe scores {highest:.4f} ({which})."


def _baselines(board: Sequence[LeaderRow], verdict: Verdict) -> list[LeaderRow]:
    """The student alone that the gain is over, the best of each other baseline, the simple ones.

    The best student alone where there is no gain yet.
    """
    chosen = verdict.recommended
    compared = verdict.gain.baseline if verdict.gain else chosen
    alone = compared.numbers[0] if compared.baseline == "alone" else None
    found = [row for row in board if row.baseline == "alone" and alone in (None, row.trial)][:1]
    for kind in ("vanilla", "random"):
        found += [row for row in board if row.baseline == kind][:1]
    return found + [row for row in board if row.baseline in SHORT]


def _front(record: StudyResult, rows: Sequence[LeaderRow]) -> Table:
    what = "score, latency, size and leak" if record.study.privacy else "score, latency and size"
    title = f"Pareto front: no other student is better in {what} at once"
    return _table(title, rows, record)


def _table(title: str, rows: Sequence[LeaderRow], record: StudyResult, note: str = "") -> Table:
    columns = (
        Column("trial", align="right"),
        Column("score", format=".4f", align="right"),
        Column("95% interval"),
        Column("seeds", align="right"),
        Column("latency", "ms", ".2f", "right"),
        Column("params", "M", ".2f", "right"),
        Column("size", "MB", ".1f", "right"),
        Column("leak", format=".3f", align="right"),
        Column("note"),
        Column("pipeline", is_long=True),
    )
    cells = tuple(_cells(row, record.study.teacher) for row in rows)
    marked = tuple(i for i, row in enumerate(rows) if row.mark == "recommended")
    return Table(title, columns, cells, note, marked).without_empty_columns()


def _cells(row: LeaderRow, teacher: str) -> tuple[Cell, ...]:
    is_teacher = row.kind == "teacher"
    named = BASELINES.get(row.baseline, "")
    text = sentences.short_name(teacher) if is_teacher else row.pipeline
    return (
        "teacher" if is_teacher else SHORT.get(row.baseline, row.trial),
        row.score,
        f"{row.low:.4f} to {row.high:.4f}" if row.low is not None else None,
        None if row.trial is None else row.seeds,
        row.latency_ms,
        None if row.params is None else row.params / 1e6,
        None if row.size_bytes is None else row.size_bytes / 1e6,
        row.membership,
        row.mark or ("baseline" if row.baseline else ""),
        f"{named}: {text}" if named else text,
    )
