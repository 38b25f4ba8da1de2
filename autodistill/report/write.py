"""Studies as one HTML file."""

import os
from collections.abc import Sequence
from pathlib import Path

from autodistill.errors import SpecError
from autodistill.report.build import report_of
from autodistill.report.result import SearchResult, load_study
from autodistill.runtime import files
from autodistill.runtime.cache import refusals
from autodistill.storage.checks import check_place


def report(
    studies: Sequence[SearchResult | str | os.PathLike[str]],
    out: str | os.PathLike[str] = "report.html",
    *,
    storage: str | os.PathLike[str] | None = None,
    beside: str | os.PathLike[str] | None = None,
    dashboard: str = "report",
) -> Path:
    """Write one HTML file: what was tried, what won, how sure; returns its path.

    Studies are results, names in the database, or published folders. `beside` is a CSV file of
    shares that others published, `dashboard` says which figures. Raises SpecError, StorageError.
    """
    if isinstance(studies, str | os.PathLike | SearchResult) or not studies:
        raise SpecError("a report is of a list of studies; write [result], or names of studies.")
    page, place = Path(out), None if beside is None else Path(beside)
    check_place(page, "the report")
    found = [s if isinstance(s, SearchResult) else load_study(s, storage=storage) for s in studies]
    text = report_of({s.name: s.record for s in found}, place, dashboard)
    with refusals(page):
        files.write_text(page, text)
    return page
