"""Sections and figures as the server's pages show them: data in an attribute, drawn by live.js."""

import json
from collections.abc import Sequence

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


def answer_parts(
    record: StudyResult, name: str, option: str
) -> tuple[str, Sequence[tuple[str, Markup]]]:
    """The title of a study's answer, and its parts, each with its heading, as in the report."""
    content = content_of({name: record}, None, SELECTION, {name: commands_of(name, option)})
    parts = []
    for place, section in enumerate(content.sections):
        heading = "" if section.title == content.title else section.title
        body = section_body(section, {}, place, 3 if heading else 2, figure_html)
        if body.strip():
            parts.append((heading, body))
    return content.title, parts
