"""Studies as one file."""

import os
from collections.abc import Sequence
from pathlib import Path

from autodistill.errors import SpecError
from autodistill.report.build import Content, content_of
from autodistill.report.formats import encoded, format_of
from autodistill.report.result import SearchResult, load_study
from autodistill.runtime import files
from autodistill.runtime.cache import refusals


def report(
    studies: Sequence[SearchResult | str | os.PathLike[str]],
    out: str | os.PathLike[str] = "report.html",
    *,
    storage: str | os.PathLike[str] | None = None,
    beside: str | os.PathLike[str] | None = None,
    dashboard: str = "report",
    format: str = "",  # noqa: A002  # the option's name
) -> Path:
    """Write one file: what was tried, what won, how sure; returns its path.

    Studies are results, names in the database, or published folders. `beside` is a CSV file of
    shares that others published, `dashboard` says which figures, `format` is html, md, pdf or png,
    by default as the file's name ends. Raises SpecError, StorageError, ExportError.
    """
    if isinstance(studies, str | os.PathLike | SearchResult) or not studies:
        raise SpecError("a report is of a list of studies; write [result], or names of studies.")
    page, place = Path(out), None if beside is None else Path(beside)
    form = format_of(format, page)
    found = [s if isinstance(s, SearchResult) else load_study(s, storage=storage) for s in studies]
    write_content(content_of({s.name: s.record for s in found}, place, dashboard), page, form)
    return page


def write_content(content: Content, place: Path, form: str) -> int:
    """Write a report in one of its forms; the number of its bytes."""
    data = encoded(content, form)
    with refusals(place):
        files.write_bytes(place, data)
    return len(data)
