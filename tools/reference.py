"""The pages of the site that are made from the code: verbs, public names, members."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import typer

import autodistill
from autodistill.cli import help_page
from autodistill.cli.app import PROGRAM, app
from autodistill.cli.kinds import KINDS, family_of
from autodistill.cli.listing import describe, shown_trait
from autodistill.registry import families
from autodistill.registry.families import Card

WIDE = 1000
"""Columns of a usage line, which the browser breaks."""


def command_line() -> str:
    """Every verb with its options, as `--help` explains them."""
    root: Any = typer.main.get_command(app)
    head = f"# Command line\n\n`{PROGRAM} VERB --help` prints the same in a terminal.\n\n"
    return head + "\n".join(_verb(verb, path) for verb, path in _verbs(root, PROGRAM))


def _verbs(group: Any, path: str) -> Iterator[tuple[Any, str]]:
    for name, verb in group.commands.items():
        if getattr(verb, "commands", None):
            yield from _verbs(verb, f"{path} {name}")
        elif not verb.hidden:
            yield verb, f"{path} {name}"


def _verb(verb: Any, path: str) -> str:
    context = verb.make_context(path, [], resilient_parsing=True)
    usage = help_page.usage(verb, context, WIDE).removeprefix("Usage: ")
    parts = [
        f"## {path.removeprefix(PROGRAM).strip()}\n",
        _plain(verb.help),
        f"\n```\n{usage}\n```\n",
    ]
    for group, rows in help_page.explained(verb, context):
        wanted = [(name, text) for name, text in rows if not name.startswith("-h, ")]
        if wanted:
            parts.append(f"{group}:\n\n" + table(("option", "meaning"), wanted))
    if verb.epilog:
        parts.append(f"Examples:\n\n```\n{verb.epilog}\n```\n")
    return "\n".join(parts)


def python() -> str:
    """Every public name with its signature and docstring."""
    homes: dict[str, str] = vars(autodistill)["_HOMES"]
    groups: dict[str, list[str]] = {"Functions": [], "Classes": [], "Parts": [], "Errors": []}
    for name, home in homes.items():
        if home.startswith("autodistill.registry"):
            groups["Parts"].append(name)
        elif home == "autodistill.errors":
            groups["Errors"].append(name)
        elif not name.startswith("_"):
            groups["Functions" if name.islower() or "_" in name else "Classes"].append(name)
    head = "# Python\n\nThe names of `import autodistill as ad`. [A guide](../python.md) uses them."
    parts = [head]
    for title, names in groups.items():
        parts += [f"## {title}", *(f"::: {homes[name]}.{name}" for name in sorted(names))]
    return "\n\n".join(parts) + "\n"


def members(kind: str) -> str:
    """Every member of a family, as `autodistill show` describes it."""
    family = family_of(kind)
    head = (
        f"# {kind.capitalize()}\n\n`autodistill ls {kind}` lists them, `autodistill show {kind} "
        "NAME` prints one of them.\n"
    )
    return head + "".join(_card(families.card(family, name)) for name in families.names(family))


def member_kinds() -> tuple[str, ...]:
    """The kinds of members, by the names that `autodistill ls` knows."""
    return tuple(kind for kind in KINDS if kind not in ("spaces", "studies"))


def _card(card: Card) -> str:
    traits = {name: shown_trait(value) for name, value in card.traits.items()}
    facts = [f"- **{label}**: {_plain(text)}" for label, text in card.labels.items()]
    facts += [f"- `{name}`: {_plain(text)}" for name, text in traits.items() if text]
    knobs = [(k.name, describe(k.domain), str(k.default)) for k in card.knobs.values()]
    parts = [f"\n## {card.name}\n", f"{_plain(card.summary)}.\n", *facts]
    if knobs:
        parts += ["", table(("knob", "range", "default"), knobs)]
    return "\n".join(parts) + "\n"


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown; the first column holds names."""
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    lines += [f"| `{name}` | " + " | ".join(map(_plain, rest)) + " |" for name, *rest in rows]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A text in which nothing is markup but code; names of options are code, too."""
    parts = re.sub(r"(?<![`\w-])--[a-z][\w-]+", r"`\g<0>`", text).split("`")
    for place in range(0, len(parts), 2):
        parts[place] = re.sub(r"[*_|[]", r"\\\g<0>", parts[place].replace("<", "&lt;"))
    return "`".join(parts)
