"""Command lines."""

import os
import shutil
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st

from autodistill.errors import AutodistillError
from tests.bad_input.case import Accepted
from tests.commands import files_in, run_cli
from tests.fuzz.area import Area
from tests.fuzz.mutations import NASTY

OPTIONS = (
    *("--dataset", "--teacher", "--teacher-labels", "--column", "--metric", "--rows", "--seed"),
    *("--max-length", "--space", "--budget", "--trials", "--limit", "--students", "--workers"),
    *("--repeat-fraction", "--out", "--study", "--storage", "--data-root", "--front", "--random"),
)
VALUES = (
    *("reviews.csv", "teacher", "space.toml", "recipe.toml", "quick", "text=text", "label=label"),
    *("20m", "0s", "1e9h", "-5m", "0", "1", "-1", "3", "99999999999999999999", "0.25", "2", "nan"),
    *("size=30MB", "size=30", "latency=5ms", "params=x", "auto", "each", "none/x.db", "sqlite://"),
    *("postgresql://me:secret@", "x.db", "neg,pos", "neg", '"neg,pos', "f1", "accuracy", "..", "-"),
)
VERBS = (
    "search",
    "plan",
    "recommend",
    "train",
    "run",
    "report",
    "ls",
    "show",
    "score",
    "studies add",
)


def _lines(good: Path) -> st.SearchStrategy[list[str]]:
    odd = [n.decode(errors="surrogateescape") for n in NASTY if b"\x00" not in n]
    value = st.one_of(st.sampled_from(VALUES), st.sampled_from(VALUES), st.sampled_from(odd))
    option = st.one_of(st.tuples(st.sampled_from(OPTIONS), value), st.tuples(value))
    start = [
        ["search", "--dataset", "reviews.csv"],
        ["search", "--dataset", "reviews.csv", "--teacher", "teacher"],
        ["train", "recipe.toml"],
        *(v.split() for v in VERBS),
    ]
    return st.builds(
        lambda first, options: [*first, *(w for o in options for w in o)],
        st.sampled_from(start),
        st.lists(option, max_size=4),
    )


def _accept(*_: object, **__: object) -> None:
    raise Accepted


def _use(words: list[str], good: Path, folder: Path) -> None:
    """Type the words; a refusal has exit code 2, a message, and leaves no file behind."""
    for name in ("reviews.csv", "space.toml", "recipe.toml"):
        shutil.copy(good / name, folder)
    (folder / "teacher").symlink_to(good / "teacher")
    home = os.getcwd()
    os.chdir(folder)
    before = files_in(folder)
    try:
        with mock.patch("autodistill.prepare.workspace.Workspace", _accept):
            ran = run_cli(*words)
    except Accepted:
        return
    finally:
        os.chdir(home)
    assert ran.code in (0, 2), ran
    assert "Traceback" not in ran.err
    assert "secret" not in ran.out + ran.err
    if ran.code == 2:
        assert files_in(folder) == before
        raise AutodistillError(ran.err)


AREAS = (Area("command lines", _lines, _use),)
