"""Through which files of the package `autodistill` a command's calls pass, on the main thread.

    python -m benchmarks.callpath [--study | --carried] [--until FILE:FUNCTION] [--list]
                                  [--fixture FOLDER] [-- search --dataset ...]

Runs one command in this process, in a copy of the fixture with its cache (`plan`, if none is
given after `--`); processes that it forks are not followed. The package is the one that Python
finds: set PYTHONPATH to choose. Only functions count, not what runs while modules are imported.

files     distinct files of the package that were entered
changes   calls from one file of the package into another; frames of others between are left out
returns   those of them into a file that stands further up the calling path: left, entered again
--study   only calls that are handed a study, an instance of the package's class `Study`
--carried as --study, and objects that have a study among their fields count, too
--until   what happens before the first call of this function, such as search/spend.py:spend
"""

import argparse
import importlib.util
import os
import runpy
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout, suppress
from inspect import CO_GENERATOR, CO_OPTIMIZED
from pathlib import Path
from types import FrameType

FIXTURE = Path(__file__).parents[1] / "tests/data/a48274c"
PLAN = "plan --dataset reviews.csv --teacher teacher --space small.toml --workers 1 --trials 33"


class Watch:
    """A profiler that counts calls between files below a folder."""

    def __init__(self, root: str, *, study: bool, carried: bool, until: str) -> None:
        self.root, self.study, self.carried, self.until = root, study, carried, until
        self.files = Counter[str]()
        self.pairs = Counter[tuple[str, str]]()
        self.returns = 0
        self.begun = dict[int, FrameType]()
        self.over = False

    def __call__(self, frame: FrameType, event: str, _: object) -> None:
        code, here = frame.f_code, frame.f_code.co_filename
        if (
            self.over
            or event != "call"
            or not here.startswith(self.root)
            or self.begun.get(id(frame)) is frame
        ):
            return
        self.over = f"{here.removeprefix(self.root)}:{code.co_name}" == self.until
        if code.co_flags & CO_GENERATOR:  # called once, however often it goes on
            self.begun[id(frame)] = frame
        if not code.co_flags & CO_OPTIMIZED or code.co_name.endswith(("comp>", "genexpr>")):
            return
        above = list(self.callers(frame.f_back))
        if None in above or (self.study and not is_handed_a_study(frame, self.carried)):
            return
        self.files[here] += 1
        if above and above[0] != here:
            self.pairs[str(above[0]), here] += 1
            self.returns += here in above

    def callers(self, frame: FrameType | None) -> Iterator[str | None]:
        """Files of the package up the calling path, nearest first; None: a module being made."""
        while frame is not None:
            code = frame.f_code
            if code.co_filename.startswith(self.root) and not code.co_filename.endswith(
                "__main__.py"
            ):
                yield code.co_filename if code.co_flags & CO_OPTIMIZED else None
            frame = frame.f_back


def is_handed_a_study(frame: FrameType, carried: bool) -> bool:
    """Whether an argument of this call is a study, or has one as a field."""
    code = frame.f_code
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    given = [frame.f_locals[n] for n in names if n in frame.f_locals]
    held = [
        getattr(v, "__dict__", {}).get("study")
        for v in given
        if hasattr(type(v), "__dataclass_fields__")
    ]
    return any(is_study(v) for v in (given + held if carried else given))


def is_study(value: object) -> bool:
    """Whether it is a study of the package: Optuna has a class of this name, too."""
    kind = type(value)
    return kind.__name__ == "Study" and kind.__module__.startswith("autodistill.")


def main() -> None:
    """Run, then print."""
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    command = words[end + 1 :] or PLAN.split()
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--study", action="store_true", help="only calls that are handed a study")
    parser.add_argument(
        "--carried", action="store_true", help="or an object with a study as a field"
    )
    parser.add_argument(
        "--list", action="store_true", help="print the files, and from which into which"
    )
    parser.add_argument("--until", default="", metavar="FILE:FUNCTION", help="stop counting there")
    parser.add_argument("--fixture", type=Path, default=FIXTURE)
    asked = parser.parse_args(words[:end])
    spec = importlib.util.find_spec("autodistill")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    watch = Watch(
        spec.submodule_search_locations[0] + os.sep,
        study=asked.study or asked.carried,
        carried=asked.carried,
        until=asked.until,
    )
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(sys.stderr), suppress(SystemExit):
        os.chdir(shutil.copytree(asked.fixture, Path(folder) / "copy"))
        os.environ |= {"AUTODISTILL_HOME": "cache", "AUTODISTILL_PAST": "0"}
        sys.argv = ["autodistill", *command]
        sys.setprofile(watch)
        try:
            runpy.run_module("autodistill", run_name="__main__")
        finally:
            sys.setprofile(None)
            os.chdir("/")
    print(f"package {watch.root}\ncommand autodistill {' '.join(command)}")
    print(
        f"{len(watch.files)} files, {watch.pairs.total()} changes "
        f"({len(watch.pairs)} pairs of files), {watch.returns} returns"
    )
    for file, count in sorted(watch.files.items()) if asked.list else ():
        print(f"  {file.removeprefix(watch.root)}: {count} calls")
    for pair, count in watch.pairs.most_common() if asked.list else ():
        print("  " + " -> ".join(f.removeprefix(watch.root) for f in pair) + f": {count}")


if __name__ == "__main__":
    main()
