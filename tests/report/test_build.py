"""The page of one study and of several, as a person gets it."""

import re
from pathlib import Path

import pytest

from autodistill.errors import SpecError
from autodistill.report.build import read_beside, read_dashboard, report
from autodistill.storage.files import publish
from tests.commands import run_cli
from tests.records import outcome, write_study
from tests.report.figures.test_worth import record
from tests.surveys import survey


def rows_of(html: str) -> list[str]:
    """The rows of all tables."""
    return re.findall(r"<tr>(.*?)</tr>", _body(html), re.DOTALL)


def text_of(html: str) -> str:
    """The text that a person reads."""
    return re.sub(r"<[^>]+>", " ", _body(html))


def _body(html: str) -> str:
    return re.sub(r"<(script|style).*?</\1>", "", html, flags=re.DOTALL)


@pytest.fixture
def folders(tmp_path: Path) -> list[str]:
    """Two surveys as files: one in which mixup matters, one in which nothing does."""
    for name, lift, dataset in (("lifted", 0.03, "glue/sst2"), ("flat", 0.0, "glue/rte")):
        publish(survey(mixup=lift, dataset=dataset), name, tmp_path / name)
    return [str(tmp_path / n) for n in ("lifted", "flat")]


def test_a_study_of_the_database_becomes_one_file(folder: Path) -> None:
    write_study(
        folder / "autodistill.db", outcome(0, 0.9), outcome(1, 0.8), outcome(2, 0.7, "stopped")
    )

    ran = run_cli("report", "tiny")

    assert ran.code == 0
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert "Written to report.html: 1 study" in ran.out
    assert "<h1>Distillation on reviews.csv: study tiny</h1>" in html
    assert '<p class="pipeline">cut(keep=0.5)' in html
    assert "<code>autodistill train recipe.toml</code>" in html
    assert "<pre>" not in html
    assert re.search(r"complete\s+2\s+stopped\s+1", text_of(html))
    assert 'src="http' not in html, "the file needs nothing else"
    assert html.count("plotly.js (cartesian") == 1


def test_several_studies_stand_beside_each_other_and_beside_what_others_published(
    folders: list[str], tmp_path: Path
) -> None:
    (tmp_path / "theirs.csv").write_text("task,stage,share\nsst2,mixup,0.061\n", encoding="utf-8")

    html = report(folders, "none.db", tmp_path / "theirs.csv", "report")

    assert text_of(html).count("Effect of each stage") == 1
    assert "sst2, published" in html
    row = next(line for line in rows_of(html) if "lifted" in line and ">mixup<" in line)
    assert "more than chance" in row


def test_a_page_of_ones_own_figures(folders: list[str], tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('study = []\nall = ["stages"]\n', encoding="utf-8")

    html = report(folders[:1], "none.db", None, str(tmp_path / "mine.toml"))

    assert html.count('class="plotly-graph-div"') == 1


def test_every_problem_of_a_dashboard_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('study = ["histroy"]\nall = "stages"\npages = 1\n', encoding="utf-8")

    with pytest.raises(SpecError) as caught:
        read_dashboard(str(path))

    assert len(caught.value.problems) == 3
    assert any("Did you mean 'history'?" in p for p in caught.value.problems)


@pytest.mark.parametrize(
    "text", ["task,stage\nsst2,mixup\n", "task,stage,share\nsst2,mixup,much\n", None]
)
def test_published_shares_that_cannot_be_read_are_refused(tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "theirs.csv"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(SpecError, match="columns task, stage and share"):
        read_beside(path)


def test_an_unknown_study_and_a_place_that_cannot_be_written_are_told(folder: Path) -> None:
    write_study(folder / "autodistill.db", outcome(0, 0.9))

    assert run_cli("report", "huge").code == 2
    ran = run_cli("report", "tiny", "--out", "nowhere/report.html")
    assert ran.code == 2
    assert "the report cannot be written there" in ran.err


def test_a_page_of_many_studies_counts_them_and_leads_to_each(tmp_path: Path) -> None:
    names = [f"s{i}" for i in range(4)]
    for name in names:
        publish(record(0.04, 0.02 if name == "s0" else -0.04), name, tmp_path / name)

    html = report([str(tmp_path / n) for n in names], "none.db", None, "report")

    assert "<h1>4 distillation studies</h1>" in html
    assert all(f'<a href="#part-{i}">' in html for i in range(1, 6))
    table = html[html.index("<caption>Recipes over labels alone") :]
    row = next(line for line in rows_of(table) if "0.9 kl(T=2) + 0.3 mse@last" in line)
    assert text_of(row).split()[-5:] == ["4", "1", "3", "0", "+0.0"]
