"""Command-line arguments, read and checked before anything costly begins.

The readers are those of lower rooms, imported when a verb needs them: some are slow to import.
"""

import shlex
from collections.abc import Sequence
from pathlib import Path

from autodistill.errors import SpecError
from autodistill.runtime.text import read_names
from autodistill.study.places import DEFAULT_STORAGE, hidden
from autodistill.study.study import Budget


def storage_option(storage: str) -> str:
    """The option that a command needs to find the same database, or nothing; no password."""
    return "" if storage == DEFAULT_STORAGE else f" --storage {shlex.quote(hidden(storage))}"


def parse_limits(texts: Sequence[str]) -> dict[str, float]:
    """Costs of params=5M, size=20MB, latency=5ms; raises SpecError with every problem."""
    from autodistill.prepare import quantities

    return quantities.parse_limits(texts)


def parse_seconds(text: str) -> float | None:
    """Seconds of 90s, 20m, 1h30m; None for nothing; raises SpecError."""
    from autodistill.prepare import quantities

    return quantities.parse_seconds(text)


def budget_of(text: str, trials: int | None, closing_share: float) -> Budget:
    """A time, a number of trials, or both; 20 minutes by default; raises SpecError."""
    from autodistill.prepare import quantities

    return quantities.budget_of(text, trials, closing_share)


def workers_of(asked: int) -> int:
    """Trials at once, one per core for 0; raises SpecError."""
    from autodistill.prepare import quantities

    return quantities.workers_of(asked)


def engine_of(engine: str, address: str, workers: int) -> tuple[str | None, int]:
    """The Ray cluster's address, None without one, and trials at once; raises SpecError."""
    from autodistill.prepare import quantities

    return quantities.engine_of(engine, address, workers)


def check_seed(seed: int) -> None:
    """Refuse a seed that random generators do not take; raises SpecError."""
    from autodistill.prepare import quantities

    quantities.check_seed(seed)


def check_there(dataset: str, unlabelled: str) -> None:
    """Refuse names of data that do not exist, before what takes seconds to load is loaded."""
    from autodistill.datasets import _supplies

    _supplies.check_there(dataset, unlabelled)


def check_place(out: Path, what: str = "the recipe", option: str = "--out") -> None:
    """Refuse now what could not be written after hours of work."""
    from autodistill.storage import checks

    checks.check_place(out, what, option)


def check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    from autodistill.storage import checks

    checks.check_storage(storage)


def check_study_name(name: str, storage: str) -> None:
    """Refuse a name for a new study that no folder can have; raises SpecError."""
    from autodistill.storage import checks

    checks.check_study_name(name, storage)


def pairs(texts: list[str] | None) -> dict[str, str]:
    """The columns text=NAME and so on as a mapping; raises SpecError."""
    found = dict(t.split("=", 1) for t in texts or () if "=" in t)
    if bad := [t for t in texts or () if "=" not in t] + [
        k for k in found if k not in ("text", "pair", "label")
    ]:
        raise SpecError(f"--column {bad[0]}: write text=NAME, pair=NAME or label=NAME.")
    return found


def names(text: str) -> tuple[str, ...]:
    """The names a,b,c as a tuple; raises SpecError for quotes that do not match."""
    try:
        return read_names(text)
    except ValueError as error:
        raise SpecError(
            f"{text}: these are no names with commas between ({error}). Quote a name that holds a "
            """comma or begins with a quote, as in a line of CSV: '"Food, drinks",Garden'."""
        ) from None


def once(texts: Sequence[str] | None) -> tuple[str, ...]:
    """The texts of an option that may be repeated, each once, in their order."""
    return tuple(dict.fromkeys(texts or ()))
