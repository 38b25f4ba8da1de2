"""What a person typed, read and checked before anything costly begins."""

import os
import re
import warnings
from collections.abc import Sequence
from pathlib import Path

from autodistill.errors import SpecError, StorageError

DEFAULT_STORAGE = "autodistill.db"
LIMITS: dict[str, tuple[str, dict[str, float]]] = {
    "params": ("params", {"": 1, "k": 1e3, "m": 1e6, "b": 1e9}),
    "size": ("size_bytes", {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}),
    "latency": ("latency_ms", {"ms": 1, "s": 1e3, "us": 1e-3}),
}
"""By the name a person types: the key of a cost, and what its units stand for."""


def storage_option(storage: str) -> str:
    """What to add to a command so that it finds the same database."""
    return "" if storage == DEFAULT_STORAGE else f" --storage {storage}"


def parse_limits(texts: Sequence[str]) -> dict[str, float]:
    """params=5M, size=20MB, latency=5ms as params, size_bytes and latency_ms; raises SpecError with every problem."""
    found, problems = {}, []
    for text in texts:
        name, _, value = text.partition("=")
        key, units = LIMITS.get(name.strip(), ("", {}))
        number = re.fullmatch(r"\s*([0-9.]+(?:e[0-9]+)?)\s*([a-zA-Z]*)\s*", value)
        unit = units.get(number[2].lower()) if number else None
        try:
            amount = float(number[1]) * unit if number and unit else 0.0
        except ValueError:
            amount = 0.0
        if key and amount > 0:
            found[key] = amount
        else:
            problems.append(f"--limit {text}: write params=5M, size=20MB or latency=5ms.")
    if problems:
        raise SpecError(problems)
    return found


def parse_seconds(text: str) -> float | None:
    """Seconds of 90s, 20m, 1h30m; None for nothing; raises SpecError."""
    if not text:
        return None
    import pandas as pd

    try:
        seconds = float(pd.Timedelta(text).total_seconds())
    except ValueError:
        seconds = -1.0
    if not seconds > 0 or text.strip().isdigit():
        raise SpecError(f"--budget {text}: not a duration; write 90s, 20m or 1h30m.")
    return seconds


def check_place(out: Path, what: str = "the recipe") -> None:
    """Refuse now what could not be written after hours of work."""
    if (
        out.is_dir()
        or not out.absolute().parent.is_dir()
        or not os.access(out.absolute().parent, os.W_OK)
    ):
        raise SpecError(
            f"--out {out}: {what} cannot be written there; give a file in a folder that exists and that you own."
        )


def check_storage(storage: str) -> None:
    """The same for the database; one that is not there yet is not created."""
    path = Path(storage.removeprefix("sqlite:///")).expanduser()
    if "://" in str(path) or path.exists():
        from autodistill.storage import Store

        Store(storage).close()
        return
    folder = next(p for p in path.absolute().parents if p.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise StorageError(
            f"--storage {storage}: {folder} is not a folder that you may write. Name a file in one that is."
        )


def quiet() -> None:
    """Our own lines are enough: no bars, advice or deprecation notes of libraries."""
    # libraries read these once, when they are loaded, which the command line has yet to do; the process is its own
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    # idle threads that spin starve everything else on a shared machine
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    warnings.filterwarnings("ignore")
    from transformers import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
