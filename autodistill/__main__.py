"""`python -m autodistill`, and the command `autodistill`."""

import sys
import traceback
from types import TracebackType

from autodistill.errors import Interrupted
from autodistill.runtime import interrupts
from autodistill.study.places import hidden


def main() -> None:
    """Heed signals from the first moment, then run the command line."""
    interrupts.install()
    sys.excepthook = show_bug
    sys.unraisablehook = show_ignored
    with interrupts.heeded():
        from autodistill.cli.app import main as run  # a tenth of a second, interrupted as any other

        run()


def show_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Print a traceback, less the passwords in it."""
    sys.stderr.write(hidden("".join(traceback.format_exception(kind, error, trace))))


def show_ignored(ignored: "sys.UnraisableHookArgs") -> None:
    """Tell of an exception that Python cannot raise, but not of a signal's: its line follows."""
    if not isinstance(ignored.exc_value, Interrupted):
        sys.__unraisablehook__(ignored)


if __name__ == "__main__":
    main()
