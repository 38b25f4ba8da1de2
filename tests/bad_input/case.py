"""One bad input: the files that a person has, and the command that they type."""

import os
import re
import shlex
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from tests.commands import Ran, files_in, run_cli

Write = Callable[[Path], object]
GOOD = ("reviews.csv", "teacher", "space.toml", "recipe.toml", "published")
"""Files in the folder of a case: data, teacher, space, recipe and study that work."""


@dataclass(frozen=True, eq=False)
class Case:
    """A bad input; `command` is refused with one message."""

    what: str
    """The input, for people."""
    command: str
    files: Mapping[str, str | bytes | Write] = field(default_factory=dict)
    """Content by name; or a function of the path, which may exist already."""
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The case as an identifier for tests."""
        return re.sub(r"\W+", "-", self.what).strip("-").lower()

    def write(self, good: Path, folder: Path) -> None:
        """Lay the files of the case into an empty folder."""
        for path in (good / name for name in GOOD):
            if path.is_dir():
                shutil.copytree(path, folder / path.name)
            else:
                shutil.copy(path, folder)
        for name, content in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if callable(content):
                content(path)
            else:
                path.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass(frozen=True)
class Outcome:
    """The result of a case."""

    ran: Ran
    left: frozenset[str]
    """Files that the refused command left behind."""

    @property
    def message(self) -> str:
        """The message as a person reads it, without the program's name."""
        return f"\n{self.ran.err}".rpartition("\nautodistill: ")[2].strip()


class Accepted(Exception):
    """The dear part of a command began: nothing was found wrong."""


def _begin(*_: object, **__: object) -> None:
    raise Accepted("the input was accepted, training began")


def run_case(case: Case, good: Path, folder: Path) -> Outcome:
    """Run a case in an empty folder, which is the working folder afterwards.

    Raises Accepted where training would begin.
    """
    case.write(good, folder)
    os.chdir(folder)
    before = files_in(folder)
    with (
        mock.patch.dict(os.environ, case.env),
        mock.patch("autodistill.search.loop.spend", _begin),
        mock.patch("autodistill.deploy.writer.train_in_full", _begin),
    ):
        ran = run_cli(*shlex.split(case.command))
    return Outcome(ran, frozenset(files_in(folder) - before))
