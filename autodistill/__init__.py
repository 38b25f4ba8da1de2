"""AutoML for knowledge distillation: from a dataset and a big model to a recipe for a small one.

import autodistill as ad
study = ad.Study("glue/sst2", space="text", limits={"params": 5e6})
result = ad.search(study, budget="20m")
result.leaderboard()
result.recommendation.recipe.save("recipe.toml")
student = ad.train("recipe.toml", out="student")

The names are listed once, in the stub beside this file; each is imported when it is first used.
"""

import ast
import sys
import warnings
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

_HOMES = {
    name.asname or name.name: node.module
    for node in ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom) and node.module
    for name in node.names
}
"""The module of each public name."""
__all__ = list(_HOMES)


class _Front(ModuleType):
    """This package as a module in which the room `search` does not hide the verb.

    Importing autodistill.search.loop sets the attribute `search` of this package;
    `from autodistill.search import loop` needs no attribute.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Front


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    with warnings.catch_warnings():  # in notebooks, of a library that draws bars that we do not use
        warnings.filterwarnings("ignore", message="IProgress not found")
        found = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
