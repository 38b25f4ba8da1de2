"""The page of methods: `python -m tests.methods` writes docs/methods.md anew.

The names of the methods are data, tests/data/methods.csv; what is said of a member is read from its
source.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from autodistill.registry import families
from tests.paths import ROOT, TESTS

PAGE, DATA = ROOT / "docs" / "methods.md", TESTS / "data" / "methods.csv"
ROWS = {
    "A": "The core",
    "B": "Choices of a pipeline",
    "C": "Methods from elsewhere, in the form that a classifier can use",
}
HEAD = """# Methods and members

From each published method that this project takes up to what it became here: a member (`autodistill
show FAMILY MEMBER` says more), a module, or a decision that says why there is none. Written by
`python -m tests.methods`.
"""


@dataclass(frozen=True)
class Method:
    """A method and where it is."""

    row: str
    """A, B or C."""
    name: str
    found: tuple[str, ...]
    """`family/member`, a module's path, or `decisions/NUMBER`."""


def methods() -> list[Method]:
    """All methods, in the order of the page."""
    with DATA.open(encoding="utf-8") as file:
        lines = csv.DictReader(file)
        return [Method(x["row"], x["card"], tuple(x["found"].split())) for x in lines]


def page(listed: Sequence[Method]) -> str:
    """The page as it should be."""
    parts = [HEAD]
    for row, title in ROWS.items():
        parts += [f"\n## {title}\n", "\n| method | here | what it is |\n|---|---|---|\n"]
        parts += [_line(m) for m in listed if m.row == row]
    return "".join(parts)


def _line(method: Method) -> str:
    here, said = zip(*(_found(place) for place in method.found))
    return f"| {method.name} | {'<br>'.join(here)} | {'<br>'.join(said)} |\n"


def _found(place: str) -> tuple[str, str]:
    """A link and what is there."""
    first, _, rest = place.partition("/")
    if first == "decisions":
        file = next(ROOT.glob(f"decisions/{rest}-*.md"))
        return f"[decision {rest}](../decisions/{file.name})", _title(file.read_text("utf-8"))
    if first == "autodistill":
        text = (ROOT / place).read_text(encoding="utf-8")
        return f"[{rest}](../{place})", text.removeprefix('"""').split("\n")[0].rstrip('"')
    card = families.card(first, rest)
    file = families.folder(first) / f"{rest}.py"
    return f"[{first} {rest}](../{file.relative_to(ROOT)})", card.summary


def _title(text: str) -> str:
    found = re.match(r"# (.*)\n", text)
    return f"{found[1]}." if found else ""


if __name__ == "__main__":
    PAGE.write_text(page(methods()), encoding="utf-8")
