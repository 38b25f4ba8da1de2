"""A study, or several beside each other, as one HTML file that needs nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.resources import files

from jinja2 import Environment, PackageLoader

from autodistill.registry import families
from autodistill.report.answer import Answer
from autodistill.report.table import Table
from autodistill.runtime.version import __version__
from autodistill.study.results import StudyResult

SCRIPT = "plotly-cartesian.min.js"
"""Plotly without maps, spheres and pies: a third of it."""
SETTINGS = {"displayModeBar": False, "responsive": True}


@dataclass(frozen=True)
class Section:
    """A part of the page, on one study or on all of them."""

    title: str
    answer: Answer | None = None
    no_answer: str = ""
    """Why there is none."""
    name: str = ""
    """In the list of sections; the title if empty."""
    tables: Sequence[Table] = ()
    figures: Sequence[str] = ()
    """Names of the family figures."""
    studies: Mapping[str, StudyResult] = field(default_factory=dict)
    measured_on: Sequence[tuple[str, str]] = ()
    """Data, teacher and versions, each with its name."""


def page(
    title: str, sections: Sequence[Section], published: Mapping[str, Mapping[str, float]]
) -> str:
    """The whole file; Plotly's script is in it once, where there is a figure."""
    parts = [
        {"section": section, "drawn": _drawn(section, published, place)}
        for place, section in enumerate(sections)
    ]
    script = _plotly() if any(part["drawn"] for part in parts) else ""
    template = Environment(
        loader=PackageLoader("autodistill.report", "."), autoescape=True
    ).get_template("page.html")
    today = datetime.now(UTC).date().isoformat()
    return template.render(title=title, parts=parts, script=script, version=__version__, date=today)


@cache
def _plotly() -> str:
    """Plotly's own script, the part of it that draws points, bars and maps."""
    return files("autodistill.report").joinpath(SCRIPT).read_text(encoding="utf-8")


def _drawn(
    section: Section, published: Mapping[str, Mapping[str, float]], place: int
) -> list[dict[str, str]]:
    """The figures of a section that have something to draw."""
    named = {escape(study, quote=False): each for study, each in section.studies.items()}
    drawn = []
    for name in section.figures:
        member = families.build("figures", name, {})
        figure = member.draw(named, published)
        if figure is None:
            continue
        html = figure.to_html(
            full_html=False, include_plotlyjs=False, div_id=f"{name}-{place}", config=SETTINGS
        )
        about = families.card("figures", name).labels["Idea"]
        drawn.append({"title": member.title, "about": about, "html": html})
    return drawn
