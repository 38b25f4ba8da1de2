"""The real command line, called in this process."""

import contextlib
import fcntl
import io
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import warnings
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from autodistill.cli.app import main
from tests.paths import ROOT

WIDE = {"COLUMNS": "1000"}
"""A terminal in which no message has to be broken: tests read messages whole."""


class Ran(NamedTuple):
    """The outcome of a command."""

    code: int
    out: str
    err: str


def run_cli(*words: object) -> Ran:
    """Exit code and output of `autodistill WORDS`; a bug comes out as its exception."""
    out, err, before = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGINT)
    code: object = 0
    try:
        argv = mock.patch.object(sys, "argv", ["autodistill", *map(str, words)])
        with (
            argv,
            mock.patch.dict(os.environ, WIDE),
            redirect_stdout(out),
            redirect_stderr(err),
            warnings.catch_warnings(),
        ):
            main()
    except SystemExit as end:
        code = end.code
    finally:
        signal.signal(signal.SIGINT, before)
    assert isinstance(code, int | None)
    return Ran(code or 0, out.getvalue(), err.getvalue())


def question(
    verb: str, dataset: object, teacher: object, space: str = "small.toml"
) -> tuple[object, ...]:
    """The words that ask about a dataset, with a teacher and a space."""
    return (verb, "--dataset", dataset, "--teacher", teacher, "--space", space)


def run_process(
    folder: Path, *words: object, python: tuple[str, ...] = (), env: Mapping[str, str] = WIDE
) -> subprocess.CompletedProcess[str]:
    """`python -m autodistill WORDS` in a folder, as a person runs it.

    `python` goes to the interpreter.
    """
    command = [sys.executable, *python, "-m", "autodistill", *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **env}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def run_in_terminal(folder: Path, *words: object, columns: int = 80) -> str:
    """The screen that `python -m autodistill WORDS` shows in a terminal.

    The terminal has so many columns, and no colours.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    env |= {"PYTHONPATH": str(Path(__file__).parents[1]), "TERM": "xterm"}
    command = [sys.executable, "-m", "autodistill", *map(str, words)]
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # the other end is closed
        while part := os.read(ours, 65536):
            shown += part
    os.close(ours)
    assert process.wait(timeout=60) == 0, shown
    return re.sub(r"\x1b\[[0-9;]*m", "", shown.decode()).replace("\r\n", "\n")


def files_in(folder: Path) -> set[str]:
    """Every file and folder below, but lock files."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix != ".lock"}


def refused(*words: object, verb: str = "search") -> str:
    """The message of a command that has to be refused.

    It is refused before it writes anything into the working folder.
    """
    assert Path.cwd() != ROOT, "others write there at the same time: use the fixture `folder`"
    before = files_in(Path.cwd())
    ran = run_cli(verb, *words)

    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    assert files_in(Path.cwd()) == before
    return f"\n{ran.err}".rpartition("\nautodistill: ")[2]


def says(message: str, *parts: str) -> None:
    """Every part is in the message."""
    assert [part for part in parts if part not in message] == [], message
