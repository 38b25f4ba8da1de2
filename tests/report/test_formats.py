"""The form of a report: asked for by name, or by the file's ending."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.report.formats import format_of
from tests.commands import run_cli
from tests.records import outcome, write_study


@pytest.mark.parametrize(
    ("given", "name", "form"),
    [("", "a.md", "md"), ("", "a.HTML", "html"), ("", "a", "html"), ("md", "a.txt", "md")],
)
def test_a_form_is_named_or_read_from_the_file(
    tmp_path: Path, given: str, name: str, form: str
) -> None:
    assert format_of(given, tmp_path / name) == form


def test_two_forms_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="name two formats"):
        format_of("md", tmp_path / "a.html")


def test_an_unknown_form_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="html, md, pdf, png"):
        format_of("docx", tmp_path / "a")


def test_markdown_is_written_under_its_own_ending(folder: Path) -> None:
    write_study(folder / "autodistill.db", outcome(0, 0.9), outcome(1, 0.8))

    ran = run_cli("report", "tiny", "--format", "md")

    assert ran.code == 0
    assert "Written to report.md: 1 study" in ran.out
    assert (folder / "report.md").read_text(encoding="utf-8").startswith("# Distillation on")
