"""Our pages: what they show, where they lead, what they do with odd names."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.report.build import report
from autodistill.study.results import Trial
from tests.records import outcome, pipeline, write_study
from tests.report.server.client import Client, serving

HOSTILE = """'"><img src=x onerror=alert(1)>&amp;{{7*7}}"""
RUNS = (
    replace(outcome(0, 0.81), curve=((1, 0.7), (4, 0.81))),
    replace(outcome(1, 0.92), curve=((1, 0.8), (4, 0.92))),
    replace(outcome(2, 0.5, "stopped"), curve=((2, 0.5),)),
    replace(outcome(3, 0.0, "failed"), score=None, error="ValueError: no room\nat line 2"),
    replace(outcome(4, 0.97), baseline="alone"),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    path = write_study(tmp_path_factory.mktemp("pages") / "x.db", *RUNS)
    write_study(path, name="empty")
    write_study(path, *RUNS[:2], name=HOSTILE)
    with serving(path, option=" --storage x.db") as found:
        yield found


def rows(text: str) -> list[list[str]]:
    """The cells of each row of the first table, without tags."""
    (body, *_) = re.findall(r"<tbody>(.*?)</tbody>", text, re.DOTALL)
    cells = (re.findall(r"<td.*?>(.*?)</td>", row) for row in re.findall(r"<tr.*?</tr>", body))
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in row] for row in cells]


def test_the_list_shows_the_best_recipe_beside_the_teacher(client: Client) -> None:
    listed = {row[1]: row[2:7] for row in rows(client.get("/").text)}

    assert listed["tiny"] == ["reviews.csv", "not searched here", "5", "0.9200", "0.9500"]
    assert listed["empty"] == ["reviews.csv", "not searched here", "0", "", "0.9500"]


def test_the_answer_is_what_the_report_shows(client: Client, tmp_path: Path) -> None:
    path = write_study(tmp_path / "x.db", *RUNS)

    text, whole = (
        client.get("/studies/tiny").text,
        report(["tiny"], str(path), None, "report", " --storage x.db"),
    )

    for tag in ("lead", "pipeline", "value"):
        shown = re.findall(rf'class="{tag}">(.*?)<', whole)
        assert shown
        assert re.findall(rf'class="{tag}">(.*?)<', text) == shown
    assert "autodistill recommend --study tiny --out recipe.toml --storage x.db" in text


def test_figures_are_data_that_a_script_of_ours_draws(client: Client) -> None:
    text = client.get("/studies/tiny").text

    found = [json.loads(unescape(data)) for data in re.findall(r'data-figure="(.*?)"', text)]
    assert found
    assert all(figure["data"] and "layout" in figure for figure in found)


def test_a_study_without_a_run_says_so_on_every_page(client: Client) -> None:
    assert "has no complete run yet" in client.get("/studies/empty").text
    assert "No run has ended yet." in client.get("/studies/empty/runs").text


def test_runs_without_a_result_are_grey_with_the_reason(client: Client) -> None:
    text = client.get("/studies/tiny/runs").text

    grey = re.findall(r'<tr class="grey">.*?</tr>', text)
    assert len(grey) == 2
    assert "ValueError: no room" in grey[0]
    assert "behind other runs at rung 2, or out of time" in grey[1]
    assert [row[0] for row in rows(text)] == ["4", "3", "2", "1", "0"]
    assert 'aria-label="scores at rungs: 0.8, 0.92"' in text


def test_a_run_s_page_has_recipe_curve_cost_and_command(client: Client) -> None:
    text = client.get("/studies/tiny/runs/1").text

    assert "temperature = 2" in text
    assert "<dd>4 MB</dd>" in text
    assert '<td>train</td><td class="right">3</td>' in text
    assert "autodistill recommend --study tiny --trial 1 --out recipe.toml --storage x.db" in text
    (curve,) = [json.loads(unescape(d)) for d in re.findall(r'data-figure="(.*?)"', text)]
    assert curve["data"][1]["y"] == [0.8, 0.92]


def test_a_run_that_failed_shows_its_error_and_no_command(client: Client) -> None:
    text = client.get("/studies/tiny/runs/3").text

    assert "ValueError: no room\nat line 2" in text
    assert "--trial 3 --out" not in text


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/studies/none", "study 'none' is not in this database."),
        ("/studies/none/runs", "study 'none' is not in this database."),
        ("/studies/tiny/runs/99", "study 'tiny' has no trial 99."),
        ("/nothing", ""),
        ("/assets/../app.py", ""),
        ("/assets/app.py", ""),
    ],
)
def test_a_page_that_is_not_there_lists_what_is(client: Client, path: str, why: str) -> None:
    answer = client.get(path)

    assert answer.status == 404
    assert why in unescape(answer.text)
    assert '<a href="/studies/tiny">tiny</a>' in answer.text


@pytest.mark.parametrize("page", ["", "/runs", "/runs/1"])
def test_a_hostile_name_stays_text(client: Client, page: str) -> None:
    for path in ("/", f"/studies/{quote(HOSTILE, safe='')}{page}", f"/studies/{quote('<b>x')}"):
        text = client.get(path).text

        assert "<img" not in text
        assert "<b>" not in text
        assert "&lt;" in text


def test_every_link_of_ours_leads_somewhere(client: Client) -> None:
    seen, waiting = set[str](), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status == (303 if path == "/compare" else 200), path  # a form's action
        if not path.startswith("/dashboard"):
            found = re.findall(r'(?:href|src|action)="(/[^"]*)"', answer.text)
            waiting += [unescape(each) for each in found]

    assert "/studies/tiny/runs/4" in seen
    assert "/dashboard" in seen


def test_an_error_of_a_trial_stays_text(tmp_path: Path) -> None:
    bad: Trial = replace(outcome(0, 0.0, "failed"), score=None, error=HOSTILE)

    with serving(write_study(tmp_path / "x.db", bad)) as client:
        for page in ("", "/runs", "/runs/0"):
            assert "<img" not in client.get(f"/studies/tiny{page}").text


def test_a_recipe_is_named_without_its_knobs_in_the_list(client: Client) -> None:
    (row,) = (r for r in rows(client.get("/studies/tiny/runs?q=alone").text) if r[0] == "4")

    assert str(pipeline(5.0)) not in row
    assert row[1:3] == ["cut 1M", "1 kl the student alone, without a teacher"]


def test_stages_have_a_page_of_their_own(client: Client) -> None:
    answer, stages = client.get("/studies/tiny").text, client.get("/studies/tiny/stages").text

    assert "Effect of each stage" in stages
    assert "Effect of each stage" not in answer
    assert 'href="/studies/tiny/stages"' in answer


def test_studies_are_compared_side_by_side(client: Client) -> None:
    text = client.get(f"/compare?study=tiny&study={quote(HOSTILE)}").text

    assert "2 studies side by side" in text
    assert "Studies side by side" in text
    assert "<img" not in text


@pytest.mark.parametrize(
    ("query", "why"),
    [("study=tiny", "choose two studies or more"), ("study=tiny&study=gone", "is not in this")],
)
def test_what_cannot_be_compared_is_said_on_a_page(client: Client, query: str, why: str) -> None:
    found = client.get(f"/compare?{query}")

    assert (found.status, why in found.text) == (404, True)
