"""Names of studies are never paths or markup."""

from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.storage.checks import check_study_name
from autodistill.study.names import name_problem
from tests.commands import run_cli
from tests.records import outcome, write_study


@pytest.mark.parametrize(
    "name",
    ["../x", "a/b", "a\\b", "<b>", "x" * 300, "a\x1b[31mb", "a\nb", ".", "..", " a", "a.", "-x"],
)
def test_a_name_that_no_folder_can_have_is_refused(name: str) -> None:
    assert name_problem(name)


@pytest.mark.parametrize(
    "name", ["", "a", "glue-sst2.v1", "[red]", ":smile:", "Größe 2", "🙂", "a&b"]
)
def test_other_names_are_taken(name: str) -> None:
    assert name_problem(name) == ""


def test_a_study_that_has_such_a_name_already_goes_on(tmp_path: Path) -> None:
    database = str(write_study(tmp_path / "x.db", outcome(0, 0.9), name="a/b"))

    check_study_name("a/b", database)
    with pytest.raises(SpecError, match="--study 'c/d': it holds /,"):
        check_study_name("c/d", database)


@pytest.mark.usefixtures("folder")
def test_a_published_study_never_leaves_its_folder(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9), name="../x")

    ran = run_cli("studies", "publish", "../x", "--storage", "x.db")

    assert ran.code == 2
    assert "name one with --to" in ran.err
    assert not (folder / "x").exists()


@pytest.mark.usefixtures("folder")
def test_markup_in_a_name_is_printed_as_it_is(folder: Path) -> None:
    for name in ("[red]", ":smile:", "<b>"):
        write_study(folder / "x.db", outcome(0, 0.9), name=name)

    listed = run_cli("ls", "studies", "--storage", "x.db").out
    shown = run_cli("show", "studies", "[red]", "--storage", "x.db").out
    page = run_cli("report", "<b>", "[red]", "--storage", "x.db")

    assert all(name in listed for name in ("[red]", ":smile:", "<b>"))
    assert "study [red]" in shown
    assert "--study '[red]'" in shown
    assert page.code == 0, page.err
    html = Path("report.html").read_text(encoding="utf-8").partition("<script")[0]
    assert "&lt;b&gt;" in html
    assert "study <b>" not in html
