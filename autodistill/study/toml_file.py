"""Reading of the TOML files that people write: spaces, dashboards, plans, recipes."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from autodistill.errors import SpecError

MOST_BYTES = 20_000_000
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_toml(path: Path, name: str, advice: str = "Check the path.") -> dict[str, Any]:
    """The content of a file, `name` in messages; raises SpecError.

    A byte-order mark is no fault.
    """
    try:
        if (size := path.stat().st_size) > MOST_BYTES:
            raise SpecError(
                f"{name} has {size / 1e6:.0f} MB, too many for a file that people write. {advice}"
            )
        content = path.read_bytes()
    except OSError as error:
        why = (error.strerror or "refused").lower()
        raise SpecError(f"{name} cannot be read: {why}. {advice}") from None
    if content.startswith(_UTF_16):
        raise SpecError(f"{name} is not valid TOML: it is UTF-16. Save it as UTF-8.")
    if b"\0" in content:
        raise SpecError(f"{name} is not valid TOML: it has zero bytes, so it is no text. {advice}")
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SpecError(
            f"{name} is not valid TOML: byte {error.start:,} is not UTF-8. Save it as UTF-8."
        ) from None
    except RecursionError:
        raise SpecError(f"{name} is not valid TOML: its lists are nested too deeply.") from None
    except ValueError as error:  # also a number with too many digits
        raise SpecError(f"{name} is not valid TOML: {str(error)[:200]}.") from None


def misfits(error: ValidationError, place: str, within: str = "") -> list[str]:
    """Faults that pydantic found in a file, one sentence each."""
    found = []
    for e in error.errors():
        where = within + ".".join(str(x) for x in e["loc"])
        if e["type"] == "missing":
            found.append(f"{place}: {where} is missing.")
        elif e["type"] == "extra_forbidden":
            found.append(f"{place}: unknown key {where}.")
        else:
            found.append(f"{place}: {where} is {_shown(e['input'])}; {e['msg'].lower()}.")
    return found


def _shown(value: Any) -> str:
    """A value of the file, cut where it is long."""
    text = "a table" if isinstance(value, Mapping) else repr(value)
    return text if len(text) <= 60 else f"{text[:60]} ..."
