"""Faults of a published study's files, each with its place, and the text that they hold."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from autodistill.errors import SpecError

MOST_NAMED = 10
"""Faults of one study that are listed; the others are counted."""
_LONGEST = 2**31 - 1
"""Characters that one value may have; Python's own limit is shorter than many predictions."""


class Faults:
    """The faults of one study's files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.found: list[str] = []

    def add(self, file: str, fault: str) -> None:
        """Note a fault of a file."""
        self.found.append(f"{self.folder / file}{fault}")

    def end(self) -> None:
        """Raise SpecError where there are any."""
        if self.found:
            more = len(self.found) - MOST_NAMED
            raise SpecError(
                self.found[:MOST_NAMED] + ([f"... and {more} more."] if more > 0 else [])
            )

    @contextmanager
    def misfits(self, file: str, where: str) -> Iterator[None]:
        """A context that notes the places in which values do not fit."""
        try:
            yield
        except ValidationError as error:
            for e in error.errors():
                place = ".".join(str(part) for part in e["loc"]) or "it"
                said = "missing" if e["type"] == "missing" else f"{e['input']!r:.60}"
                self.add(file, f"{where}: {place} is {said}; {e['msg'].lower()}.")
        except SpecError as error:
            for problem in error.problems:
                self.add(file, f"{where}: {problem}")


def read_text(faults: Faults, name: str) -> str | None:
    """The text of a file; None, and a fault, where it cannot be read."""
    path = faults.folder / name
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(name, f" is not UTF-8 ({error.reason} at byte {error.start:,}).")
    except OSError as error:
        faults.add(name, f" cannot be read: {(error.strerror or 'refused').lower()}.")
    return None


def read_rows(
    faults: Faults, name: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a table, numbered, as far as they have all columns and no other value."""
    if (text := read_text(faults, name)) is None:
        return
    before = csv.field_size_limit(_LONGEST)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        if missing := [c for c in columns if c not in (reader.fieldnames or ())]:
            faults.add(
                name,
                f" has no column {', '.join(missing)}; its columns are "
                f"{', '.join(reader.fieldnames or ()) or 'none'!s:.200}.",
            )
            return
        for row in reader:
            values: dict[Any, Any] = row
            if None in values or None in values.values():
                faults.add(name, f", line {reader.line_num}: more or fewer values than columns.")
            else:
                yield reader.line_num, row
    except csv.Error as error:
        faults.add(name, f" is not a CSV file: {error}.")
    finally:
        csv.field_size_limit(before)
