"""The pages of help, as a stranger reads them.

Whole words in 80 columns, in a pipe and in a terminal.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from autodistill.cli.app import app
from autodistill.cli.examples import EXAMPLES
from autodistill.cli.help_page import RENAMED
from autodistill.runtime.version import __version__
from tests.commands import run_cli, run_in_terminal, run_process


def walk(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every verb with the words that call it, groups included."""
    yield path, command
    for name, verb in getattr(command, "commands", {}).items():
        if verb.hidden:
            continue
        yield from walk(verb, *path, name)


VERBS = dict(walk(typer.main.get_command(app)))


def texts(command: Any) -> list[str]:
    """Everything that a page has to say whole."""
    parts = [command.help, *(getattr(p, "help", "") or "" for p in command.params if not p.hidden)]
    parts += [v.help.partition("\n\n")[0] for v in getattr(command, "commands", {}).values()]
    return [" ".join(part.split()) for part in parts]


def check(page: str, command: Any) -> None:
    """No line too long, nothing cut, nothing of the toolkit's types, no word broken."""
    flat = " ".join(page.split())
    assert [line for line in page.splitlines() if len(line) > 80] == []
    assert re.findall(r"…|\.\.\.$|<\w|\bTEXT\b", page, re.MULTILINE) in ([], ["..."])
    assert [text for text in texts(command) if text not in flat] == []
    assert [
        x for x in EXAMPLES[" ".join(command_path(command))].splitlines() if x not in page
    ] == []


def command_path(command: Any) -> tuple[str, ...]:
    """The words that call a verb."""
    return next(path for path, verb in VERBS.items() if verb is command)


@pytest.mark.parametrize("path", VERBS, ids=" ".join)
def test_a_page_of_help_has_whole_words_in_a_pipe(path: tuple[str, ...], tmp_path: Path) -> None:
    ran = run_process(tmp_path, *path, "--help", env={"COLUMNS": "80"})

    assert (ran.returncode, ran.stderr) == (0, "")
    check(ran.stdout, VERBS[path])


@pytest.mark.parametrize("path", VERBS, ids=" ".join)
def test_a_page_of_help_has_whole_words_in_a_terminal(
    path: tuple[str, ...], tmp_path: Path
) -> None:
    check(run_in_terminal(tmp_path, *path, "-h"), VERBS[path])


@pytest.mark.parametrize("path", VERBS, ids=" ".join)
def test_every_option_that_takes_a_value_says_which(path: tuple[str, ...]) -> None:
    params = [p for p in VERBS[path].params if not getattr(p, "is_flag", False)]

    assert [p.name for p in params if not p.metavar or not p.help] == []


@pytest.mark.parametrize("path", [(), ("studies",)], ids=" ".join)
def test_a_group_without_a_verb_prints_its_help(path: tuple[str, ...]) -> None:
    ran = run_cli(*path)

    assert ran.code == 0
    assert ran.out == run_cli(*path, "--help").out


def test_the_former_name_of_a_verb_works_and_is_not_listed() -> None:
    assert "  run " not in run_cli("--help").out
    assert run_cli("run", "none.toml").err == run_cli("train", "none.toml").err


def test_help_lists_the_verbs_by_group() -> None:
    out = run_cli("--help").out

    assert re.findall(r"^(\w.*):$", out, re.MULTILINE) == [
        "Find a recipe",
        "Train a recipe",
        "Use a student",
        "See what there is",
        "Options",
        "Examples",
    ]
    assert out.index("  search ") < out.index("  train ") < out.index("  studies ")


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_printed(flag: str) -> None:
    assert run_cli(flag) == (0, f"autodistill {__version__}\n", "")


@pytest.mark.parametrize(
    "example", sorted({line for text in EXAMPLES.values() for line in text.splitlines()})
)
def test_an_example_is_a_command_that_is_understood(example: str) -> None:
    command, words = typer.main.get_command(app), example.split()[1:]
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]

    with command.make_context(example, words) as context:
        assert context.params


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_option_is_understood_and_not_shown(old: str, new: str) -> None:
    command = typer.main.get_command(app).commands["search"]  # type: ignore[attr-defined]
    value = [] if new == "--random" else ["0.5"]

    with command.make_context("search", ["--dataset", "x", old, *value]) as context:
        assert context.params[new[2:].replace("-", "_")] == (float(value[0]) if value else True)
    assert old not in run_cli("search", "--help").out
    assert new in run_cli("search", "--help").out


def test_an_old_option_may_have_its_value_behind_an_equals_sign() -> None:
    command = typer.main.get_command(app).commands["plan"]  # type: ignore[attr-defined]

    with command.make_context("plan", ["--dataset", "x", "--closing-share=0.5"]) as context:
        assert context.params["repeat_fraction"] == 0.5
