"""The forms in which a report is written."""

from pathlib import Path

from autodistill.errors import SpecError, choose_from
from autodistill.report.browser import browser, pdf_of, png_of
from autodistill.report.build import Content
from autodistill.report.markdown import markdown
from autodistill.report.page import page
from autodistill.storage.checks import check_place

FORMATS = ("html", "md", "pdf", "png")
PRINTED = ("pdf", "png")
"""Those that a browser prints."""


def format_of(given: str, out: Path) -> str:
    """The form that a person asks for: by its name, else by the file's ending; raises SpecError.

    A file that cannot be written, or a browser that is not there, is said before any work.
    """
    if given and given not in FORMATS:
        raise SpecError(choose_from("format", given, FORMATS, "--format"))
    by_name = out.suffix.lower().removeprefix(".")
    if given and by_name in FORMATS and by_name != given:
        raise SpecError(
            f"--format {given} and --out {out} name two formats; leave --format out, or give a "
            f"file that ends in .{given}."
        )
    check_place(out, "the report")
    form = given or (by_name if by_name in FORMATS else "html")
    if form in PRINTED:
        browser()
    return form


def encoded(content: Content, form: str) -> bytes:
    """The report as the bytes of a file; raises ExportError."""
    if form == "md":
        return markdown(content.title, content.sections, content.published).encode()
    html = page(content.title, content.sections, content.published)
    if form in PRINTED:
        return pdf_of(html) if form == "pdf" else png_of(html)
    return html.encode()
