"""The same page as Markdown: figures are the tables behind them."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from jinja2 import Environment, PackageLoader

from autodistill.report.page import Section, parts_of, stamp

MARKS = re.compile(r"([\\`*\[\]|#~$])|(?<!\w)(_)|(_)(?!\w)")
"""Signs that Markdown reads as more than themselves; an underscore within a word is none."""


def markdown(
    title: str, sections: Sequence[Section], published: Mapping[str, Mapping[str, float]]
) -> str:
    """The whole text; whatever comes from data stays text."""
    parts = parts_of(title, sections, published)
    text = _environment().get_template("page.md").render(title=title, parts=parts, **stamp())
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("autodistill.report", "."),
        autoescape=False,  # the filters below do it for Markdown
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"plain": plain, "code": code}
    return made


def plain(text: str) -> str:
    """A text on one line that Markdown, and HTML within it, leave as it is."""
    flat = " ".join(str(text).split()).replace("&", "&amp;").replace("<", "&lt;")
    return MARKS.sub(lambda found: f"\\{found[0]}", flat)


def code(text: str) -> str:
    """A block of code; its fence is longer than any run of backticks inside."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{' '.join(text.split())}\n{fence}"
