"""Sections and figures as the server's pages show them: data in an attribute, drawn by live.js."""

import json
from collections.abc import Mapping

from markupsafe import Markup
from plotly import graph_objects as go

from autodistill.report.answer import commands_of
from autodistill.report.build import content_of
from autodistill.report.page import SETTINGS, section_body
from autodistill.study.results import StudyResult

SELECTION = "report"
"""The selection of figures, as the report's."""


def figure_html(figure: go.Figure, name: str) -> Markup:
    """A figure without a script: pages may not hold any."""
    data = json.dumps({**json.loads(figure.to_json()), "config": SETTINGS})
    return Markup('<div class="plot" id="{}" data-figure="{}"></div>').format(name, data)


def answer_body(record: StudyResult, name: str, option: str) -> tuple[str, Markup]:
    """The title of a study's answer, and its section of the report."""
    content = content_of({name: record}, None, SELECTION, {name: commands_of(name, option)})
    (section,) = (each for each in content.sections if name in each.studies and each.name)
    return content.title, section_body(section, {}, html=figure_html)


def overview_body(records: Mapping[str, StudyResult]) -> Markup:
    """The report's section on stages, and on several studies beside each other."""
    content = content_of(records, None, SELECTION)
    (section,) = (each for each in content.sections if not each.name)
    return section_body(section, {}, html=figure_html)
