"""The page of one run as a value: its recipe, its curve, its cost and its mistakes."""

from dataclasses import dataclass, replace

from autodistill.errors import SpecError
from autodistill.prepare.quantities import cost_text
from autodistill.report.answer import BASELINES, Command, commands_of
from autodistill.report.costs import runs_as
from autodistill.report.limits import of_trial
from autodistill.report.page import Drawn
from autodistill.report.sentences import metric_name
from autodistill.report.server.run_figures import figures_of
from autodistill.report.server.runs import state_words
from autodistill.report.table import Column, Table, text_table
from autodistill.study.lengths import level_of
from autodistill.study.pipeline import SHOWN, Part, Pipeline
from autodistill.study.results import StudyResult, Trial

COSTS = {"params": "Parameters", "size_bytes": "Size", "latency_ms": "Latency"}


@dataclass(frozen=True)
class Run:
    """One run in full."""

    trial: Trial
    state: str
    facts: tuple[tuple[str, str], ...]
    """Facts about the run, each with its name."""
    pipeline: Table
    commands: tuple[Command, ...]
    no_command: str
    """Why its recipe cannot be trained; empty where it can."""
    figures: tuple[Drawn, ...]
    tables: tuple[Table, ...]


def run_of(record: StudyResult, number: int, name: str, option: str) -> Run | None:
    """A run that has ended; None where there is none of this number."""
    trial = next((t for t in record.outcomes if t.number == number), None)
    if trial is None:
        return None
    try:
        of_trial(record, number, name)
        why = ""
    except SpecError as error:
        why = str(error)
    commands = () if why else _commands(name, option, number)
    tables = (_seconds(trial), _metrics(trial))
    return Run(
        trial,
        " · ".join(filter(None, (trial.status, state_words(trial)))),
        tuple(_facts(record, trial)),
        pipeline_table(trial.pipeline),
        commands,
        why,
        figures_of(record, trial),
        tuple(table for table in tables if table.rows),
    )


def _commands(name: str, option: str, number: int) -> tuple[Command, ...]:
    write, train = commands_of(name, option, f"--trial {number}")
    return replace(write, purpose="Write this recipe to a file"), train


def pipeline_table(pipeline: Pipeline) -> Table:
    """All parts of a recipe with their values."""
    rows: list[tuple[str, str, str, str]] = [("student", *_part(pipeline.student), "")]
    for term in pipeline.terms:
        rows.append(("loss", *_part(term.loss), f"{term.weight:.3g}"))
        rows += [(slot, *_part(part), "") for slot, part in term.parts]
    rows += [(SHOWN.get(slot, slot), *_part(part), "") for slot, part in pipeline.stages.items()]
    rows.append(("optimizer", *_part(pipeline.optimizer), ""))
    return text_table("Recipe", ("stage", "part", "values", "weight"), rows)


def _part(part: Part) -> tuple[str, str]:
    texts = ((k, f"{v:.4g}" if isinstance(v, float) else str(v)) for k, v in part.knobs.items())
    return part.name, ", ".join(f"{k} = {text}" for k, text in texts)


def _facts(record: StudyResult, trial: Trial) -> list[tuple[str, str]]:
    facts, level = record.facts, level_of(trial, record.facts)
    metric, where = metric_name(record.study.metric), runs_as(record.study.target)
    rows, epochs = trial.fidelity.get("rows"), trial.fidelity.get("epochs")
    told = {
        "Score": "" if trial.score is None else f"{trial.score:.4f} {metric}, validation rows",
        "Teacher": f"{facts.teacher_score:.4f} {metric}" if facts.teacher_score else "",
        "Kind": BASELINES.get(trial.baseline, "a recipe" if not trial.seed else "a recipe, again"),
        "Seed": str(trial.seed),
        "Length": f"{rows:,} rows, {epochs} epochs" if rows and epochs else "",
        "Level": f"{level}: {4**level} times as long as a first run" if level else "",
    }
    told |= {
        title: cost_text(key, trial.cost[key]) + (where if key != "params" else "")
        for key, title in COSTS.items()
        if key in trial.cost
    }
    return [(name, text) for name, text in told.items() if text]


def _seconds(trial: Trial) -> Table:
    """The seconds of the run by what they went into."""
    whole = trial.cost.get("seconds")
    parts = {
        key.removesuffix("_seconds").replace("_", " "): value
        for key, value in trial.cost.items()
        if key.endswith("_seconds")
    }
    if whole is not None:
        parts["whole run"] = whole
    columns = (Column("phase"), Column("seconds", format=".3g", align="right"))
    return Table("Time", columns, tuple(parts.items()))


def _metrics(trial: Trial) -> Table:
    columns = (Column("measure"), Column("value", format=".4g", align="right"))
    rows = tuple((name.replace("_", " "), value) for name, value in trial.metrics.items())
    return Table("Measures on validation rows", columns, rows)
