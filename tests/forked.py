"""Commands that run in forks of one process, which has imported slow libraries once."""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from autodistill.__main__ import main
from autodistill.training import tuning
from tests.fakes import image_folder, sentences, tiny_teacher, write_csv
from tests.spaces import SMALL

LIBRARIES = ("search.loop", "deploy.full_run", "recommend.recommend", "report.build")
VISITS = 400
"""Images seen while a teacher is trained."""
LONG = 900
"""Epochs of a recipe whose full training takes a while."""
SEARCH = "search --teacher teacher --space small.toml --workers 2 --storage s.db"


def prepare(folder: Path) -> None:
    """Data, teachers, a recipe, and a database r.db with the study that it comes from.

    Forks of this process have slow libraries, and train teachers briefly.
    """
    for module in LIBRARIES:
        import_module(f"autodistill.{module}")
    tuning.FEW_IMAGE_VISITS = VISITS
    folder.mkdir(parents=True, exist_ok=True)
    if not (trained := os.fork()):  # a process that has trained cannot be forked
        tiny_teacher(folder / "teacher")
        os._exit(0)
    os.waitpid(trained, 0)
    write_csv(folder / "reviews.csv", sentences(400))
    write_csv(folder / "many.csv", sentences(20_000))
    image_folder(folder / "images")
    (folder / "small.toml").write_text(SMALL, encoding="utf-8")
    words = f"{SEARCH} --dataset reviews.csv --trials 4 --study films".replace("s.db", "r.db")
    assert run(folder, words) == 0, read(folder / "err")
    text = read(folder / "recipe.toml")
    lines = [f"epochs = {LONG}" if x.startswith("epochs = ") else x for x in text.splitlines()]
    (folder / "long.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def copied(template: Path, name: str) -> Path:
    """A folder of its own for one command."""
    ignore = shutil.ignore_patterns("err", "out")
    return Path(shutil.copytree(template, template.parent / name, ignore=ignore))


def start(folder: Path, words: str, before: Callable[[], object] = bool) -> int:
    """Fork a command that works in a folder, after it called `before`; its number."""
    if process := os.fork():
        return process
    code = 70
    try:
        os.setsid()
        os.chdir(folder)
        os.environ.update(AUTODISTILL_HOME=str(folder / "home"), AUTODISTILL_PAST="0")
        for descriptor, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), descriptor)
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP, signal.SIGPIPE}:
            if number != signal.SIGXFSZ and signal.getsignal(number) is signal.SIG_IGN:
                signal.signal(number, signal.SIG_DFL)
        sys.argv = ["autodistill", *words.split()]
        before()
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


def run(folder: Path, words: str, before: Callable[[], object] = bool) -> int:
    """Run a command to its end; its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(start(folder, words, before), 0)[1])


def read(path: Path) -> str:
    """The text of a file that may not be there yet."""
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def drafts(folder: Path) -> tuple[str, ...]:
    """Half-written files and folders."""
    return tuple(str(p.relative_to(folder)) for p in folder.rglob(".*-????????"))
