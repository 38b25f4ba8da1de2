"""Imports point one way, and each framework stays in its home; imports inside functions count, too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from autodistill.family import FAMILIES

PACKAGE = Path(__file__).parents[1] / "autodistill"
NOUNS = {
    *(
        "arrays",
        "cache",
        "catalog",
        "compare",
        "controls",
        "domain",
        "errors",
        "family",
        "front",
        "gains",
        "narrowing",
        "pipeline",
        "plan",
    ),
    *(
        "portfolio",
        "published",
        "ranking",
        "recipe",
        "record",
        "screen",
        "shares",
        "space",
        "study",
        "tables",
        "validity",
        "version",
    ),
}
STAGES = {"export", "recommend", "report", "scale", "search", "store", "teach", "train"}
ON_TOP = {
    *(
        "__main__",
        "adding",
        "advising",
        "answer",
        "audition",
        "auditing",
        "begin",
        "building",
        "candidates",
        "checks",
        "cli",
        "cli_studies",
    ),
    *(
        "cli_studies",
        "commands",
        "commands_studies",
        "deploy",
        "doctor",
        "forecast",
        "listing",
        "look",
        "loop",
        "options",
        "prepare",
        "reporting",
    ),
    *("scoring", "sitting", "tuned", "tutoring", "verdict", "views"),
}
ALLOWED = {("report", "search"), ("report", "store")}
"""The dashboard opens the database exactly as a search does."""
HOMES = {
    "optuna": {"search"},
    "optuna_dashboard": {"report"},
    "lightning": {"train"},
    "sqlalchemy": {"store", "search", "begin"},
    "alembic": {"store"},
    "plotly": {"figures"},
    "jinja2": {"report"},
    "sklearn": {"metrics", "recommend", "tasks", "train"},
    "pandas": {"teach", "checks", "recommend"},
    "datasets": {"tasks"},
}


def imports() -> Iterator[tuple[str, str, str]]:
    """(top part of our module, its file, imported module) for every import statement."""
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Import(names=found):
                    modules = [alias.name for alias in found]
                case ast.ImportFrom(module=str(module), names=found):
                    modules = [f"{module}.{alias.name}" for alias in found]
                case _:
                    modules = []
            yield from (
                (inside.parts[0].removesuffix(".py"), inside.as_posix(), module)
                for module in modules
            )


OURS = [
    (top, file, module.split(".")[1])
    for top, file, module in imports()
    if module.startswith("autodistill.")
]


def test_every_part_of_the_package_has_its_place() -> None:
    parts = {
        p.name.removesuffix(".py")
        for p in PACKAGE.iterdir()
        if p.suffix == ".py" or (p / "__init__.py").is_file()
    }

    assert parts - {"__init__"} == (NOUNS | STAGES | ON_TOP | set(FAMILIES)) & parts


def test_no_import_is_relative() -> None:
    assert [f for f in PACKAGE.rglob("*.py") if "\nfrom ." in f.read_text(encoding="utf-8")] == []


def test_a_noun_imports_nouns_only() -> None:
    assert [(file, to) for top, file, to in OURS if top in NOUNS and to not in NOUNS] == []


def test_a_family_imports_no_stage_and_nothing_on_top() -> None:
    assert [(file, to) for top, file, to in OURS if top in FAMILIES and to in STAGES | ON_TOP] == []


def test_stages_do_not_import_one_another_nor_what_is_on_top() -> None:
    found = [
        (file, to)
        for top, file, to in OURS
        if top in STAGES and to in (STAGES | ON_TOP) - {top} and (top, to) not in ALLOWED
    ]

    assert found == []


@pytest.mark.parametrize("framework", HOMES)
def test_a_framework_stays_at_home(framework: str) -> None:
    found = {
        (file, module)
        for top, file, module in imports()
        if module.split(".")[0] == framework and top not in HOMES[framework]
    }

    assert found == set()
