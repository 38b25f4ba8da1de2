"""This package has no other way to write a file."""

import ast
from pathlib import Path

from tests.paths import ROOT

WRITERS = {
    "copy2",
    "copyfile",
    "copyfileobj",
    "copytree",
    "memmap",
    "mkdtemp",
    "mkstemp",
    "open_memmap",
    "save_file",
    "save_pretrained",
    "savez",
    "savez_compressed",
    "to_csv",
    "to_json",
    "to_parquet",
    "tofile",
    "write_bytes",
    "write_html",
    "write_image",
    "write_table",
    "write_text",
    "NamedTemporaryFile",
}
"""Functions that write a file, wherever they come from."""
INTO_DRAFTS = {
    "components/students/__init__.py": {"save_pretrained"},
    "components/students/_vocabulary.py": {"save_pretrained"},
    "components/teachers/residual.py": {"save_pretrained"},
    "deploy/folder.py": {"save_pretrained"},
    "training/teacher.py": {"save_pretrained", "save_file"},
    "training/tutor.py": {"save_pretrained"},
    "deploy/writers.py": {"write_table"},
    "prepare/answers.py": {"to_parquet"},
    "prepare/memory.py": {"write_table"},
}
"""Writers of other libraries, which are given a draft that `files` has made."""
HOMES = {"runtime/files.py", "runtime/arrays.py"}


def writers(path: Path) -> set[str]:
    """Names of writing functions that a module calls by itself, not as ours."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="files" | "arrays"))):
                continue
            case ast.Call(func=ast.Attribute(attr="save", value=ast.Name(id="np"))):
                found.add("np.save")
            case ast.Call(func=ast.Attribute(attr="to_csv" | "to_json"), args=[]):
                continue  # returns the text
            case ast.Call(func=ast.Attribute(attr=name)) if name in WRITERS:
                found.add(name)
            case ast.Call(func=ast.Name(id=name)) if name in WRITERS:
                found.add(name)
            case ast.Call(func=ast.Attribute(attr="open") | ast.Name(id="open"), args=words):
                modes = [w.value for w in words if isinstance(w, ast.Constant)]
                if any(isinstance(m, str) and set(m) & set("wax+") for m in modes):
                    found.add("open")
    return found


def test_nothing_else_in_the_package_writes_a_file() -> None:
    package = ROOT / "autodistill"
    found = {
        path.relative_to(package).as_posix(): names
        for path in package.rglob("*.py")
        if (names := writers(path)) and path.relative_to(package).as_posix() not in HOMES
    }

    assert found == INTO_DRAFTS
