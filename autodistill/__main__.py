"""`python -m autodistill`, and the command `autodistill`."""

import gc
import sys
import traceback
from types import TracebackType

from autodistill.errors import Interrupted
from autodistill.runtime import interrupts
from autodistill.study.places import hidden


def main() -> None:
    """Heed signals from the first moment, then run the command line."""
    interrupts.install()
    # libraries and studies are hundreds of thousands of objects that stay: to look for garbage
    # among them after every 700 new ones is a fifth of a command's time
    gc.set_threshold(50_000, 20, 50)
    sys.excepthook = show_bug
    sys.unraisablehook = show_ignored
    try:
        with interrupts.heeded():
            # takes a tenth of a second, which is interrupted as any other
            from autodistill.cli.app import main as run

            run()
    finally:
        # Python's last look for garbage takes 3 s among the half million objects of libraries
        gc.freeze()


def show_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback, less the passwords in it."""
    sys.stderr.write(hidden("".join(traceback.format_exception(kind, error, trace))))


def show_ignored(ignored: "sys.UnraisableHookArgs") -> None:
    """Tell of an exception that Python cannot raise, but not of a signal's: its line follows."""
    if not isinstance(ignored.exc_value, Interrupted):
        sys.__unraisablehook__(ignored)


if __name__ == "__main__":
    main()
