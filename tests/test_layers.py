"""Imports point one way, and each framework stays at home; imports inside functions count."""

import ast
import math
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

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
    "storage",
    "recommend",
    "search",
    "report",
    "deploy",
    "cli",
    "testing",
    "__main__",
]
HOMES = {
    "optuna": {"search"},
    "optuna_dashboard": {"report"},
    "bottle": {"report"},
    "lightning": {"training"},
    "sqlalchemy": {"storage", "search"},
    "alembic": {"storage"},
    "plotly": {"report"},
    "jinja2": {"report"},
    "sklearn": {"analysis", "datasets", "training", "recommend", "deploy"},
    "pandas": {"prepare", "recommend", "report"},
    "datasets": {"datasets"},
    "onnx": {"training"},
    "onnxruntime": {"deploy", "training"},
    "fastapi": {"deploy"},
    "starlette": {"deploy"},
    "uvicorn": {"deploy"},
    "ray": {"runtime"},
}


MOST_LINES, COLUMNS = 250, 100


def modules() -> dict[str, Path]:
    """Every module of the package and its file."""
    files = {path: path.relative_to(ROOT).with_suffix("").parts for path in PACKAGE.rglob("*.py")}
    return {".".join(p for p in parts if p != "__init__"): path for path, parts in files.items()}


def imported_at_once(path: Path, known: frozenset[str]) -> set[str]:
    """Modules of the package that are imported when this one is: not those inside functions."""
    nodes: list[ast.AST]
    nodes, found = list(ast.parse(path.read_text(encoding="utf-8")).body), set[str]()
    while nodes:
        match node := nodes.pop():
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                continue
            case ast.Import(names=names):
                found |= {alias.name for alias in names}
            case ast.ImportFrom(module=str(module), names=names):
                inner = {f"{module}.{alias.name}" for alias in names}
                found |= inner & known if inner <= known else {module, *inner}
        nodes.extend(ast.iter_child_nodes(node))
    return found & known


@cache
def imports() -> tuple[tuple[str, str, str], ...]:
    """(room, file, imported module) of every import statement."""
    return tuple(_imports())


def _imports() -> Iterator[tuple[str, str, str]]:
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


def test_no_import_is_for_type_checkers_alone() -> None:
    blocks = [p for p in PACKAGE.rglob("*.py") if "TYPE_CHECKING" in p.read_text(encoding="utf-8")]

    assert blocks == []


def test_no_modules_import_each_other() -> None:
    known = modules()
    graph = {
        name: imported_at_once(path, frozenset(known)) - {name} for name, path in known.items()
    }

    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


@pytest.mark.parametrize("folder", ["autodistill", "benchmarks", "tests", "tools"])
def test_a_file_fits_a_sitting(folder: str) -> None:
    lines = {
        path.relative_to(ROOT).as_posix(): sum(
            max(1, math.ceil(len(line) / COLUMNS))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
        for path in (ROOT / folder).rglob("*.py")
    }

    assert {file: count for file, count in lines.items() if count > MOST_LINES} == {}
