"""A folder is a registry of members.

Each file in it without a leading underscore is one member. Names, ranges and descriptions are
read from the source text, so that listing a family never imports torch.
A third party adds members through the entry-point group `autodistill.<family>` (name = module).
"""

import ast
import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from autodistill.errors import SpecError, choose_from
from autodistill.registry.ranges import Domain, Knob, Named, OneOf, Real, Whole

PACKAGE = Path(__file__).parents[1]
ELSEWHERE = {
    "tasks": "datasets",
    "metrics": "analysis/metrics",
    "proxies": "search/screening/proxies",
    "figures": "report/figures",
}
"""Families that are no part of a pipeline, and their folders."""
FAMILIES = tuple(
    sorted([*ELSEWHERE, *(p.parent.name for p in (PACKAGE / "components").glob("*/__init__.py"))])
)


def folder(family: str) -> Path:
    """The folder that holds the members of a family."""
    return PACKAGE / ELSEWHERE.get(family, f"components/{family}")


REGISTERED: dict[tuple[str, str], tuple["Card", type]] = {}
"""Members without a file, by family and name: see registry/registered.py."""
_DOMAINS = {"Real": Real, "Whole": Whole, "OneOf": OneOf, "Named": Named}


@dataclass(frozen=True)
class Card:
    """A member's description, read from its source."""

    family: str
    name: str
    summary: str
    """First line of the docstring."""
    labels: Mapping[str, str]
    """The docstring's labels: Source, Idea, Inputs, Units, Differs."""
    knobs: Mapping[str, Knob]
    traits: Mapping[str, Any] = field(default_factory=dict)
    """Class attributes with literal values, such as kind, needs and at_match."""
    class_name: str = ""


@cache
def of_packages() -> Any:
    """Entry points of all installed packages, for `select`; reading them takes 30 ms."""
    return entry_points()  # EntryPoints, or before Python 3.12 what selects them


@cache
def names(family: str) -> tuple[str, ...]:
    """Names of all members: ours, those of other packages, those that this program registered."""
    ours = sorted(p.stem for p in folder(family).glob("*.py") if not p.stem.startswith("_"))
    return (
        *ours,
        *sorted(of_packages().select(group=f"autodistill.{family}").names - set(ours)),
        *(name for kind, name in REGISTERED if kind == family),
    )


@cache
def card(family: str, name: str) -> Card:
    """Read one member's card from its source; raises SpecError when there is no such member."""
    if name not in names(family):
        one = {"losses": "loss", "proxies": "proxy"}.get(family, family[:-1])
        raise SpecError(choose_from(one, name, names(family)))
    if (family, name) in REGISTERED:
        return REGISTERED[family, name][0]
    return describe(family, name, _source(family, name).read_text(encoding="utf-8"))


def describe(family: str, name: str, source: str, class_name: str = "") -> Card:
    """The card of a member with this source.

    Its class is the first public one, or that of this name.
    """
    tree = ast.parse(source)
    doc = (ast.get_docstring(tree) or "").splitlines()
    classes = [n for n in tree.body if isinstance(n, ast.ClassDef)]
    cls = next(
        (n for n in classes if n.name == class_name or not (class_name or n.name.startswith("_"))),
        None,
    )
    return Card(
        family=family,
        name=name,
        summary=doc[0].rstrip(".") if doc else "",
        labels=_labels(doc[1:]),
        knobs=_knobs(cls) if cls else {},
        traits=_traits(cls, f"{family} '{name}'") if cls else {},
        class_name=cls.name if cls else "",
    )


def get(family: str, name: str) -> Any:
    """The member's class."""
    if (family, name) in REGISTERED:
        return REGISTERED[family, name][1]
    return getattr(importlib.import_module(_module(family, name)), card(family, name).class_name)


def build(family: str, name: str, values: Mapping[str, Any]) -> Any:
    """An instance with these knob values.

    Raises SpecError naming every value that is not possible.
    """
    if problems := check(family, name, values):
        raise SpecError(problems)
    return get(family, name)(**values)


def check(family: str, name: str, values: Mapping[str, Any], where: str = "") -> list[str]:
    """Every problem with these values for this member."""
    knobs, place = card(family, name).knobs, f" ({where})" if where else ""
    found = []
    for key, value in values.items():
        if key not in knobs:
            found.append(
                f"{family} '{name}' has no knob '{key}'; it has "
                f"{', '.join(knobs) or 'none'}.{place}"
            )
        elif issue := knobs[key].domain.problem(value):
            found.append(f"{family} '{name}', knob '{key}': {issue}.{place}")
    return found


def _module(family: str, name: str) -> str:
    if not (folder(family) / f"{name}.py").exists():
        for entry in of_packages().select(group=f"autodistill.{family}", name=name):
            return str(entry.module)
    inside = folder(family).relative_to(PACKAGE).parts
    return ".".join(("autodistill", *inside, name))


def _source(family: str, name: str) -> Path:
    ours = folder(family) / f"{name}.py"
    if ours.exists():
        return ours
    spec = importlib.util.find_spec(_module(family, name))
    if spec is None or spec.origin is None:
        raise SpecError(
            f"{family} '{name}': its package names the module {_module(family, name)}, which "
            "cannot be found."
        )
    return Path(spec.origin)


def _labels(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for line in lines:
        head, _, rest = line.partition(" ")
        if head in ("Source", "Idea", "Inputs", "Units", "Differs") and rest:
            last, found[head] = head, rest.strip()
        elif last and line.startswith("  "):
            found[last] += " " + line.strip()
        else:
            last = ""
    return found


def _knobs(cls: ast.ClassDef) -> dict[str, Knob]:
    init = next(
        (n for n in cls.body if isinstance(n, ast.FunctionDef) and n.name == "__init__"), None
    )
    if init is None:
        return {}
    pairs = zip(init.args.kwonlyargs, init.args.kw_defaults)
    found = {
        a.arg: (_domain(a.annotation), d)
        for a, d in pairs
        if a.annotation is not None and d is not None
    }
    return {
        name: Knob(name, domain, ast.literal_eval(d))
        for name, (domain, d) in found.items()
        if domain is not None
    }


def _domain(annotation: ast.expr) -> Domain | None:
    match annotation:
        case ast.Subscript(
            value=ast.Name(id="Annotated"),
            slice=ast.Tuple(elts=[_, ast.Call(func=ast.Name(id=kind)) as call]),
        ):
            keywords = {k.arg: ast.literal_eval(k.value) for k in call.keywords if k.arg}
            made: Domain = _DOMAINS[kind](*map(ast.literal_eval, call.args), **keywords)
            return made
    return None


def _traits(cls: ast.ClassDef, member: str) -> dict[str, Any]:
    """The public class attributes, which must be literals: nothing is run to read them."""
    found: dict[str, Any] = {}
    for node in cls.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
            ) if not name.startswith("_"):
                try:
                    found[name] = _literal(value)
                except ValueError:
                    raise SpecError(
                        f"{member}: the class attribute '{name}' is {ast.unparse(value)}, which is "
                        "no literal. Write its value out, or set it in the constructor."
                    ) from None
    return found


def _literal(node: ast.expr) -> Any:
    """The value of a literal, of `frozenset(...)` too; raises ValueError."""
    match node:
        case ast.Call(func=ast.Name(id="frozenset"), args=args):
            return frozenset(ast.literal_eval(args[0])) if args else frozenset()
    return ast.literal_eval(node)
