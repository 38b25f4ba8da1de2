"""The figures on a run's page: its learning curve and its mistakes."""

from dataclasses import replace
from statistics import median

from plotly import graph_objects as go

from autodistill.report.figures import LAYOUT, PALETTE
from autodistill.report.figures.mistakes import draw_matrix, matrix_table, mistakes_tables
from autodistill.report.mistakes import mistakes_of_trial
from autodistill.report.page import Drawn
from autodistill.report.sentences import metric_name
from autodistill.report.server.drawing import figure_html
from autodistill.report.table import Column, Table
from autodistill.study.lengths import at_level, level_of
from autodistill.study.results import StudyResult, Trial

SCORE = Column("score", format=".4f", align="right")


def figures_of(record: StudyResult, trial: Trial) -> tuple[Drawn, ...]:
    """Those for which the study kept what they need."""
    return tuple(filter(None, (_curve(record, trial), _mistakes(record, trial))))


def curve_table(record: StudyResult, trial: Trial) -> Table:
    """The scores of a run at its rungs, and the medians of all runs that came as far."""
    others: dict[int, list[float]] = {}
    for run in at_level(record.outcomes, record.facts, level_of(trial, record.facts)):
        for step, value in run.curve:
            others.setdefault(step, []).append(value)
    columns = (Column("quarters of the training"), SCORE, replace(SCORE, name="median"))
    own = dict(trial.curve)
    rows = tuple((step, own.get(step), median(others[step])) for step in sorted(others))
    return Table("Learning curve", columns, rows)


def draw_curve(table: Table, number: int, metric: str) -> go.Figure:
    """The two columns as lines."""
    steps, own, medians = zip(*table.rows, strict=True)
    drawing = go.Figure(layout=LAYOUT)
    drawing.add_scatter(
        x=steps,
        y=medians,
        name="median of all runs that came so far",
        mode="lines",
        line={"color": PALETTE[-1], "dash": "dot"},
    )
    reached = [(step, value) for step, value in zip(steps, own, strict=True) if value is not None]
    x, y = zip(*reached, strict=True)
    drawing.add_scatter(x=x, y=y, name=f"trial {number}", mode="lines+markers")
    return drawing.update_layout(
        xaxis={"title": "quarters of the training", "dtick": 1},
        yaxis_title=f"{metric}, higher is better",
        height=320,
    )


def _curve(record: StudyResult, trial: Trial) -> Drawn | None:
    if not trial.curve:
        return None
    table = curve_table(record, trial)
    drawing = draw_curve(table, trial.number, metric_name(record.study.metric))
    about = "The score on validation rows during the training."
    html = figure_html(drawing, "curve-drawing")
    return Drawn("curve", table.title, about, html, table, "", ())


def _mistakes(record: StudyResult, trial: Trial) -> Drawn | None:
    if (found := mistakes_of_trial(record, trial)) is None:
        return None
    html = figure_html(draw_matrix(found), "mistakes-drawing")
    about = (
        "Classes that the student takes for each other: rows of a class run across, and a darker "
        "cell holds more of them."
    )
    tables = mistakes_tables(found)
    return Drawn("mistakes", "Mistakes", about, html, matrix_table(found), "", tables)
