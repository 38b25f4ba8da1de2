"""The environment variables that a person may set, read here and nowhere else."""

import os

from autodistill.errors import SpecError

HOME, STUDENT = "AUTODISTILL_HOME", "AUTODISTILL_STUDENT"
TOKEN_GB, THREADS = "AUTODISTILL_TOKEN_GB", "AUTODISTILL_THREADS"


def home_folder() -> str:
    """The folder for everything that is made once; empty where none is set."""
    return os.environ.get(HOME, "")


def student_networks() -> list[str]:
    """Folders and hub names of small networks, with the system's separator of paths between."""
    return [name for name in os.environ.get(STUDENT, "").split(os.pathsep) if name]


def network_folder(variable: str) -> str:
    """The folder that one of a member's `variables` names; empty: nobody said."""
    return os.environ.get(variable, "")


def token_gigabytes(default: float) -> str:
    """As it was written: whoever asks says what is wrong with it."""
    return os.environ.get(TOKEN_GB, str(default))


def ray_address() -> str:
    """The Ray cluster that Ray's own variable names; empty where none is set."""
    return os.environ.get("RAY_ADDRESS", "")


def trial_threads() -> int:
    """Threads of torch in one trial, 1 if none is set, as trials run side by side.

    Raises SpecError.
    """
    text = os.environ.get(THREADS, "1")
    if not (text.isdecimal() and int(text)):
        raise SpecError(
            f"{THREADS}={text}: write a whole number of threads for each trial, 1 or more."
        )
    return int(text)


def ours() -> dict[str, str]:
    """The variables of this package that are set."""
    return {name: value for name, value in os.environ.items() if name.startswith("AUTODISTILL_")}


def names() -> frozenset[str]:
    """All variables that are set, to more than nothing."""
    return frozenset(name for name, value in os.environ.items() if value)
