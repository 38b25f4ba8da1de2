"""Pages of help: plain text of at most 80 columns that breaks between words."""

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import Any

from typer.core import TyperCommand, TyperGroup

from autodistill.cli.usage import one_message
from autodistill.runtime.text import fill, terminal_width

WIDEST = 80
SHORT = 70
NAMES = 24
"""Columns for names, at most; an explanation of a longer name begins on the next line."""
RENAMED = {"--survey": "--random", "--closing-share": "--repeat-fraction"}
"""Options of version 0.1 that have another name now; the old one is understood and not shown."""
Row = tuple[str, str]


class Verb(TyperCommand):
    """A command with a page of help; it understands old names of options.

    Contexts and formatters of typer are `Any` here: their classes move between its versions.
    """

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        formatter.write(page(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words after the verb; SpecError where they cannot be read."""
        words = [_current(word) for word in args]
        with one_message(ctx.command_path, words):
            return super().parse_args(ctx, [*words])

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Complete a word, explained in a line: fish takes a second line for a word."""
        items = super().shell_complete(ctx, incomplete)
        for item in items:
            item.help = shorten((item.help or "").partition(". ")[0], SHORT, placeholder=" ...")
        return items


class Verbs(TyperGroup):
    """A group of commands with a page of help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words before the verb; SpecError where they cannot be read."""
        with one_message(ctx.command_path, args):
            return super().parse_args(ctx, [*args])

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """The verb; SpecError where there is none of this name."""
        with one_message(ctx.command_path, args):
            return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page."""
        formatter.write(page(self, ctx))


def page(command: Any, ctx: Any) -> str:
    """Usage, what it does, groups of verbs or options, examples."""
    width = min(WIDEST, terminal_width())
    about = "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
    blocks = [usage(command, ctx, width), fill(about, width)]
    blocks += [_table(title, group, width) for title, group in explained(command, ctx)]
    if command.epilog:
        blocks.append("Examples:\n" + "\n".join(f"  {x}" for x in command.epilog.splitlines()))
    return "\n\n".join(blocks) + "\n"


def usage(command: Any, ctx: Any, width: int) -> str:
    """The line that shows what a command needs."""
    needed = [p for p in _params(command, ctx) if p.required]
    words = [
        p.metavar if p.param_type_name == "argument" else f"{p.opts[0]} {p.metavar}" for p in needed
    ]
    tail = ["VERB", "..."] if _verbs(command) else ["[OPTIONS]"]
    return fill(" ".join(("Usage:", ctx.command_path, *words, *tail)), width)


def explained(command: Any, ctx: Any) -> list[tuple[str, list[Row]]]:
    """Verbs, arguments and options by group, each with its explanation."""
    rows = [(v.rich_help_panel or "Commands", _verb_row(v)) for v in _verbs(command)]
    rows += [
        (getattr(p, "rich_help_panel", None) or _group(p), _param_row(p))
        for p in _params(command, ctx)
    ]
    return _grouped(rows)


def _verbs(command: Any) -> list[Any]:
    return [v for v in getattr(command, "commands", {}).values() if not v.hidden]


def _params(command: Any, ctx: Any) -> list[Any]:
    return [p for p in command.get_params(ctx) if not getattr(p, "hidden", False)]


def _group(param: Any) -> str:
    return "Arguments" if param.param_type_name == "argument" else "Options"


def _verb_row(verb: Any) -> Row:
    return verb.name, verb.short_help


def _param_row(param: Any) -> Row:
    if param.param_type_name == "argument":
        return param.metavar, _explained(param)
    short = sorted(param.opts, key=len)
    name = " / ".join((", ".join(short), *param.secondary_opts))
    return name if param.is_flag else f"{name} {param.metavar}", _explained(param)


def _explained(param: Any) -> str:
    """The help, with the default and the environment variable where there are any."""
    notes = []
    if param.required:
        notes.append("required")
    elif isinstance(param.show_default, str):
        notes.append(f"default: {param.show_default}")
    elif param.show_default and param.default is True:
        notes.append("default: on")
    elif param.show_default and param.default is not False and param.default not in (None, ""):
        notes.append(f"default: {param.default}")
    if param.envvar:
        notes.append(f"env: {param.envvar}")
    return " ".join(filter(None, (param.help, *(f"[{note}]" for note in notes))))


def _grouped(rows: Iterable[tuple[str, Row]]) -> list[tuple[str, list[Row]]]:
    """Rows by title in the order of first appearance, options without a group last."""
    groups: dict[str, list[Row]] = {}
    for title, row in rows:
        groups.setdefault(title, []).append(row)
    return sorted(groups.items(), key=lambda item: item[0] == "Options")


def _table(title: str, rows: Sequence[Row], width: int) -> str:
    column = min(NAMES, max(len(name) for name, _ in rows)) + 4
    lines = [f"{title}:"]
    for name, text in rows:
        head = f"  {name}".ljust(column)
        if len(name) > NAMES:
            lines.append(head.rstrip())
            head = " " * column
        lines.append(fill(head + text, width, hang=column))
    return "\n".join(lines)


def _current(word: str) -> str:
    name, equals, value = word.partition("=")
    return RENAMED.get(name, name) + equals + value
