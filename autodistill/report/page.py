"""A study, or several beside each other, as one HTML file that needs nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup
from plotly import graph_objects as go

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

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read, figures aside."""
        return not (self.answer or self.no_answer or self.tables)


@dataclass(frozen=True)
class Drawn:
    """A figure on the page, with what belongs to it."""

    anchor: str
    title: str
    about: str
    html: str
    """Empty where there are only tables."""
    numbers: Table | None
    """The figure as a table."""
    remark: str
    tables: Sequence[Table]


@dataclass(frozen=True)
class Part:
    """A section with its figures, as the whole page holds it."""

    section: Section
    drawn: Sequence[Drawn]
    is_headed: bool
    """Whether its title is said; one that is the page's own is not."""

    @property
    def level(self) -> int:
        """The level of the headings in it."""
        return 3 if self.is_headed else 2


def page(
    title: str, sections: Sequence[Section], published: Mapping[str, Mapping[str, float]]
) -> str:
    """The whole file; Plotly's script is in it once, where there is a figure."""
    parts = parts_of(title, sections, published)
    bodies = [_body(part.section, part.drawn, part.level) for part in parts]
    script = plotly_script() if any(each.html for part in parts for each in part.drawn) else ""
    return render("page.html", title=title, parts=parts, bodies=bodies, script=script)


def parts_of(
    title: str, sections: Sequence[Section], published: Mapping[str, Mapping[str, float]]
) -> list[Part]:
    """The sections with their figures drawn."""
    drawn = [_drawn(section, published, place) for place, section in enumerate(sections)]
    return [
        Part(section, own, section.title != title and not (section.is_empty and not own))
        for section, own in zip(sections, drawn, strict=True)
    ]


def script_of(figure: go.Figure, name: str) -> str:
    """A figure as HTML with the script that draws it."""
    html: str = figure.to_html(
        full_html=False, include_plotlyjs=False, div_id=name, config=SETTINGS
    )
    return html


def section_body(
    section: Section,
    published: Mapping[str, Mapping[str, float]],
    place: int = 0,
    level: int = 2,
    html: Callable[[go.Figure, str], str] = script_of,
) -> Markup:
    """One section without its heading, for a page of somebody else; needs Plotly's script.

    `place` tells the figures of several sections on a page apart, `level` is that of its headings;
    `html` is a figure with its name.
    """
    return _body(section, _drawn(section, published, place, html), level)


def render(template: str, **values: Any) -> str:
    """A template of this folder, or one that extends base.html, as HTML."""
    return environment().get_template(template).render(**stamp(), **values)


def stamp() -> dict[str, str]:
    """Who wrote a page, and when."""
    return {"version": __version__, "date": datetime.now(UTC).date().isoformat()}


@cache
def environment() -> Environment:
    """The templates; whatever they are given is escaped."""
    return Environment(loader=PackageLoader("autodistill.report", "."), autoescape=True)


def _body(section: Section, drawn: Sequence[Drawn], level: int) -> Markup:
    return Markup(render("section.html", section=section, drawn=drawn, level=level))


@cache
def plotly_script() -> str:
    """Plotly's own script, the part of it that draws points, bars and maps."""
    return files("autodistill.report").joinpath(SCRIPT).read_text(encoding="utf-8")


def _drawn(
    section: Section,
    published: Mapping[str, Mapping[str, float]],
    place: int,
    html: Callable[[go.Figure, str], str] = script_of,
) -> list[Drawn]:
    """The figures of a section that have something to show."""
    named = {escape(study, quote=False): each for study, each in section.studies.items()}
    drawn = []
    for name in section.figures:
        member = families.build("figures", name, {})
        figure, tables = member.draw(named, published), tuple(member.tables(section.studies))
        if figure is None and not tables:
            continue
        anchor = f"{name}-{place}"
        shown = html(figure, f"{anchor}-drawing") if figure else ""
        about = families.card("figures", name).labels["Idea"]
        numbers = member.numbers(section.studies) if figure else None
        remark = member.remark(section.studies)
        drawn.append(Drawn(anchor, member.title, about, shown, numbers, remark, tables))
    return drawn
