"""Teacher, database, data, device, past studies by default: the environment says them."""

import os
import re
from pathlib import Path

from autodistill.runtime.device import AUTO

DEFAULT_STORAGE = "autodistill.db"
"""The study database, in the folder that one works in."""
TEACHER = "embedded"
_PASSWORD = re.compile(r"([a-z][\w+.-]*:/+[^:/@?#\s]*):\S*@", re.IGNORECASE)
_QUERY = re.compile(r"([?&]\w*password=)[^&\s'\"]*", re.IGNORECASE)
NO = ("0", "false", "no", "off", "f", "n")


def hidden(text: str) -> str:
    """A text that may be shown: the password in a database's URL becomes ***."""
    return _QUERY.sub(r"\1***", _PASSWORD.sub(r"\1:***@", text))


def storage_of(given: str | os.PathLike[str] | None) -> str:
    """The study database: as given, as AUTODISTILL_STORAGE says, or autodistill.db."""
    return os.fspath(given) if given else os.environ.get("AUTODISTILL_STORAGE") or DEFAULT_STORAGE


def teacher_of(given: str | os.PathLike[str]) -> str:
    """The teacher: as given, as AUTODISTILL_TEACHER says, or the one that needs no network."""
    return os.fspath(given) or os.environ.get("AUTODISTILL_TEACHER") or TEACHER


def data_root_of(given: str | os.PathLike[str] | None) -> Path | None:
    """The folder with datasets in the hub's layout: as given, or as AUTODISTILL_DATA says."""
    text = os.fspath(given) if given else os.environ.get("AUTODISTILL_DATA", "")
    return Path(text) if text else None


def device_of(given: str) -> str:
    """The device that networks run on: as given, as AUTODISTILL_DEVICE says, or auto."""
    return given or os.environ.get("AUTODISTILL_DEVICE") or AUTO


def past_of(given: bool | None) -> bool:
    """Whether past studies are asked: as given, as AUTODISTILL_PAST says, or yes."""
    return os.environ.get("AUTODISTILL_PAST", "1").lower() not in NO if given is None else given
