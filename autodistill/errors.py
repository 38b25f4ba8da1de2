"""Errors that are meant for a person to read.

AutodistillError            a user's mistake or a bad environment: one message, exit code 2,
│                           no traceback
├── SpecError               names or values that a person wrote are wrong; every problem of
│                           the text at once
├── DataError               a dataset cannot be found or read, or its content cannot be used
├── TeacherError            a teacher cannot be found, read, matched to the task, or is too weak
├── StorageError            a folder, a disk or a database refuses
└── ExportError             a student that no other format holds, or only with other predictions

A bug is any other exception and keeps its traceback.
"""

from collections.abc import Sequence


class AutodistillError(Exception):
    """A problem that the person who runs the command can solve."""


class Interrupted(BaseException):
    """Ctrl-C, SIGTERM or SIGHUP: everything finished is kept; the exit code is 128 + n.

    Carries the study's name where one was being searched. No Exception: nobody who catches those
    may swallow it.
    """


class SpecError(AutodistillError):
    """Wrong names or values in a command, a space or a recipe; lists every problem found."""

    def __init__(self, problems: str | Sequence[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("\n".join(self.problems))


class DataError(AutodistillError):
    """A dataset that is missing, unreadable or unusable."""


class TeacherError(AutodistillError):
    """A teacher that is missing, unreadable, mismatched or too weak."""


class StorageError(AutodistillError):
    """A folder, disk or database that refuses."""


class ExportError(AutodistillError):
    """A student that another format cannot hold, or holds with other predictions."""


LONGEST_NAME = 80
"""Characters of an unknown name that a message shows."""


def choose_from(what: str, name: str, known: Sequence[str], where: str = "") -> str:
    """The sentence for an unknown name: the value, the place, near names, all names."""
    from difflib import get_close_matches

    long = len(name) > LONGEST_NAME
    near = [] if long else get_close_matches(name, known, n=1)
    name = f"{name[:LONGEST_NAME]}..." if long else name
    hint = f" Did you mean '{near[0]}'?" if near else ""
    place = f" ({where})" if where else ""
    return f"unknown {what} '{name}'{place}; there is: {', '.join(known) or 'none'}.{hint}"
