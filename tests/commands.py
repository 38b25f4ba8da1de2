"""The real command line, called in this process."""

import io
import os
import signal
import subprocess
import sys
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from autodistill.cli.app import main


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def run_cli(*words: object) -> Ran:
    """Exit code and output of `autodistill WORDS`; a bug comes out as its exception."""
    out, err, before = io.StringIO(), io.StringIO(), signal.getsignal(signal.SIGINT)
    code: object = 0
    try:
        argv = mock.patch.object(sys, "argv", ["autodistill", *map(str, words)])
        with argv, redirect_stdout(out), redirect_stderr(err), warnings.catch_warnings():
            main()
    except SystemExit as end:
        code = end.code
    finally:
        signal.signal(signal.SIGINT, before)
    assert isinstance(code, int | None)
    return Ran(code or 0, out.getvalue(), err.getvalue())


def run_process(
    folder: Path, *words: object, python: tuple[str, ...] = ()
) -> subprocess.CompletedProcess[str]:
    """`python -m autodistill WORDS` in a folder, as a person runs it; `python` goes to the interpreter."""
    command = [sys.executable, *python, "-m", "autodistill", *map(str, words)]
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False
    )


def files_in(folder: Path) -> set[str]:
    """Every file and folder below, but lock files."""
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.suffix != ".lock"}


def refused(*words: object, verb: str = "search") -> str:
    """The message of a command that has to be refused before it writes anything into the working folder."""
    before = files_in(Path.cwd())
    ran = run_cli(verb, *words)

    assert ran.code == 2, ran.err
    assert "Traceback" not in ran.err
    assert files_in(Path.cwd()) == before
    return f"\n{ran.err}".rpartition("\nautodistill: ")[2]


def says(message: str, *parts: str) -> None:
    """Every part is in the message."""
    assert [part for part in parts if part not in message] == [], message
