"""The documentation is true; its links lead somewhere."""

import ast
import re
from pathlib import Path

from tests.paths import ROOT
from tests.test_layers import ORDER

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
NOTES = [
    ROOT / "CHANGELOG.md",
    *sorted(ROOT.glob("decisions/*.md")),
    *(ROOT / folder / "README.md" for folder in ("benchmarks", "dashboards", "studies")),
]


def read(page: Path) -> str:
    """The text of a page."""
    return page.read_text(encoding="utf-8")


def blocks(page: Path) -> list[str]:
    """The Python code on a page."""
    return re.findall(r"```python\n(.*?)```", read(page), re.DOTALL)


def test_the_example_of_a_new_loss_is_the_code_that_runs() -> None:
    loss, check = blocks(ROOT / "CONTRIBUTING.md")

    assert loss == read(ROOT / "autodistill/components/losses/hidden_ce.py")
    assert check in read(ROOT / "tests/components/losses/test_hidden_ce.py")


def test_a_file_that_a_page_shows_is_the_file() -> None:
    shown = [
        found
        for name in ("add-a-stage.md", "add-a-member.md")
        for found in re.findall(
            r"^`([\w/.]+)`:\n\n```python\n(.*?)```", read(ROOT / "docs" / name), re.M | re.DOTALL
        )
    ]

    assert len(shown) == 5
    for path, text in shown:
        assert text == read(ROOT / path), path


def test_a_link_leads_to_a_file() -> None:
    links = [
        (page.relative_to(ROOT).as_posix(), page.parent / target)
        for page in (*PAGES, *NOTES)
        for target in re.findall(r"\]\(([^)#\s]+)", read(page))
        if "://" not in target
    ]

    dead = [(page, target) for page, target in links if not target.exists()]

    assert len(links) > 20
    assert dead == []


def test_every_page_of_the_documentation_is_listed() -> None:
    index = read(ROOT / "docs/README.md")

    listed = set(re.findall(r"\]\(([\w/-]+\.md)\)", index))

    pages = {p.relative_to(ROOT / "docs").as_posix() for p in PAGES if ROOT / "docs" in p.parents}
    assert pages - {"README.md"} == listed


def test_a_class_that_the_glossary_names_is_in_its_room() -> None:
    named = re.findall(r"`(\w+)`\s+in\s+`(\w+)/`", read(ROOT / "docs/glossary.md"))

    missing = [(name, room) for name, room in named if name not in classes(room)]

    assert len(named) > 15
    assert missing == []


def classes(room: str) -> set[str]:
    """The names of the classes in a room of the package."""
    return {
        node.name
        for path in (ROOT / "autodistill" / room).rglob("*.py")
        for node in ast.parse(read(path)).body
        if isinstance(node, ast.ClassDef)
    }


def test_the_rooms_are_described_in_the_order_of_their_imports() -> None:
    rooms = [room for room in ORDER if room != "__main__"]

    line = " ".join(read(ROOT / "CONTRIBUTING.md").split())
    described = re.findall(r"^\d+\. `(\w+)(?:/|\.py)`:", read(ROOT / "docs/how-it-works.md"), re.M)

    assert " < ".join(rooms) in line
    assert described == rooms


def test_a_file_that_a_page_names_exists() -> None:
    named = {
        (page.name, path)
        for page in (*PAGES, *NOTES)
        for path in re.findall(r"`((?:autodistill|tests|benchmarks)/[\w/.]+)`", read(page))
    }

    missing = [(page, path) for page, path in named if not (ROOT / path).exists()]

    assert len(named) > 10
    assert missing == []


def test_the_readme_is_read_in_minutes() -> None:
    lines = read(ROOT / "README.md").splitlines()

    assert len(lines) <= 200
    assert max(map(len, lines)) <= 100


def test_pages_fit_a_hundred_columns_but_for_tables() -> None:
    long = [
        (page.name, line)
        for page in (*PAGES, *NOTES)
        for line in read(page).splitlines()
        if len(line) > 100 and not line.startswith("|")
    ]

    assert long == []


def test_every_environment_variable_is_listed() -> None:
    sources = (p.read_text(encoding="utf-8") for p in (ROOT / "autodistill").rglob("*.py"))
    read_by_code = {name for text in sources for name in re.findall(r"\bAUTODISTILL_[A-Z_]+", text)}

    listed = set(re.findall(r"^\|.*`(AUTODISTILL_\w+)`", read(ROOT / "docs/commands.md"), re.M))

    assert read_by_code - listed == {"AUTODISTILL_STUDENT"}  # `--student` took its place
