"""The files that docs/recipes/own-loss.md shows, as a reader makes them."""

import re
import tomllib
from pathlib import Path

from tests.paths import ROOT

PAGE = ROOT / "docs" / "recipes" / "own-loss.md"


def blocks(language: str) -> list[str]:
    """The code of a language on the page, in the order of reading."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return [str(code) for code in found]


def write_own_loss(folder: Path) -> None:
    """Write the class of the page into a folder, as a module."""
    (folder / "my_losses").mkdir()
    (folder / "my_losses" / "__init__.py").touch()
    (folder / "my_losses" / "brier.py").write_text(blocks("python")[0], encoding="utf-8")


def install_own_loss(folder: Path) -> None:
    """Lay out the package of the page and its space; PYTHONPATH does for `pip install`."""
    write_own_loss(folder)
    package, space = blocks("toml")
    project = tomllib.loads(package)["project"]
    (folder / "brier.toml").write_text(space, encoding="utf-8")
    about = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n",
        encoding="utf-8",
    )
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {module}\n" for name, module in entries.items())
        for group, entries in project["entry-points"].items()
    ]
    (about / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
