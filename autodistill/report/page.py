"""A study, or several beside each other, as one HTML file that needs nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from jinja2 import Environment, PackageLoader

from autodistill.registry import families
from autodistill.report.answer import Answer
from autodistill.report.table import Table
from autodistill.study.results import StudyResult


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


def page(
    title: str, sections: Sequence[Section], published: Mapping[str, Mapping[str, float]]
) -> str:
    """The whole file; Plotly's script is in it once, where there is a figure."""
    parts: list[dict[str, Any]] = []
    script = True
    for section in sections:
        drawn = []
        for name in section.figures:
            member = families.build("figures", name, {})
            named = {escape(study, quote=False): each for study, each in section.studies.items()}
            figure = member.draw(named, published)
            if figure is not None:
                html = figure.to_html(
                    full_html=False, include_plotlyjs=script, div_id=f"{name}-{len(parts)}"
                )
                drawn.append(
                    {
                        "title": member.title,
                        "about": families.card("figures", name).labels["Idea"],
                        "html": html,
                    }
                )
                script = False
        parts.append({"section": section, "drawn": drawn})
    template = Environment(
        loader=PackageLoader("autodistill.report", "."), autoescape=True
    ).get_template("page.html")
    return template.render(title=title, parts=parts)
