"""Imports point one way, and each framework stays at home; imports inside functions count."""

import ast
from collections.abc import Iterator

import pytest

from tests.paths import ROOT

PACKAGE = ROOT / "autodistill"
ORDER = [
    "errors",
    "registry",
    "runtime",
    "study",
    "analysis",
    "datasets",
    "components",
    "training",
    "prepare",
    "screening",
    "storage",
    "recommend",
    "search",
    "report",
    "deploy",
    "cli",
    "__main__",
]
HOMES = {
    "optuna": {"search"},
    "optuna_dashboard": {"report"},
    "lightning": {"training"},
    "sqlalchemy": {"storage", "search"},
    "alembic": {"storage"},
    "plotly": {"report"},
    "jinja2": {"report"},
    "sklearn": {"analysis", "datasets", "training", "recommend"},
    "pandas": {"prepare", "recommend", "report"},
    "datasets": {"datasets"},
}


def imports() -> Iterator[tuple[str, str, str]]:
    """(room, file, imported module) of every import statement."""
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


def test_every_room_has_its_place_in_the_order() -> None:
    rooms = {
        p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()
    }

    assert rooms - {"__init__"} == set(ORDER)


def test_a_room_imports_itself_and_what_stands_before_it() -> None:
    against = [
        (file, module)
        for room, file, module in imports()
        if module.startswith("autodistill.")
        and room in ORDER
        and ORDER.index(module.split(".")[1]) > ORDER.index(room)
    ]

    assert against == []


def test_no_import_is_relative() -> None:
    relative = [
        path
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]

    assert relative == []


@pytest.mark.parametrize("framework", HOMES)
def test_a_framework_stays_at_home(framework: str) -> None:
    abroad = {
        (file, module)
        for room, file, module in imports()
        if module.split(".")[0] == framework and room not in HOMES[framework]
    }

    assert abroad == set()
