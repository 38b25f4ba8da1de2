"""Optuna's own pages, behind the same server."""

import json
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

import pytest

from tests.records import outcome, write_study

pytest.importorskip("optuna_dashboard")

from autodistill.report.server.app import make_app
from autodistill.report.server.guard import Access
from autodistill.search.optuna_storage import open_storage
from autodistill.storage import as_url
from tests.report.server.client import serving


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One study with one finished trial, as ours and as Optuna's."""
    import optuna

    path = write_study(tmp_path / "x.db", outcome(0, 0.9))
    study = optuna.create_study(
        study_name="tiny", storage=open_storage(as_url(str(path))), direction="maximize"
    )
    trial = study.ask()
    trial.suggest_float("lr", 0.0, 1.0)
    study.tell(trial, 0.9)
    return path


@pytest.fixture
def app(database: Path) -> WSGIApplication:
    return make_app(str(database))


def ask(app: WSGIApplication, path: str, method: str = "GET") -> tuple[int, bytes]:
    """Status and body of one request."""
    seen: list[str] = []
    environ: dict[str, Any] = {"PATH_INFO": path, "REQUEST_METHOD": method}
    setup_testing_defaults(environ)

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        seen.append(status)

    body = b"".join(app(environ, start))
    return int(seen[0].split()[0]), body


def test_their_pages_are_where_they_look_for_them(app: WSGIApplication) -> None:
    assert b"<html" in ask(app, "/dashboard")[1].lower()


def test_the_study_is_listed_and_its_trial_is_there(app: WSGIApplication) -> None:
    status, body = ask(app, "/api/studies")
    (study,) = json.loads(body)["study_summaries"]

    assert status == 200
    assert study["study_name"] == "tiny"
    assert len(json.loads(ask(app, f"/api/studies/{study['study_id']}")[1])["trials"]) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", ""])
def test_whatever_would_change_something_is_refused(app: WSGIApplication, method: str) -> None:
    status, body = ask(app, "/api/studies/1", method)

    assert status == 405
    assert "read-only" in json.loads(body)["reason"]
    assert ask(app, "/api/studies/1")[0] == 200


@pytest.mark.parametrize("plot", ["contour", "rank"])
def test_plots_of_all_pairs_are_blocked(app: WSGIApplication, plot: str) -> None:
    assert ask(app, f"/api/studies/1/plot/{plot}")[0] == 403


def test_other_plots_are_let_through(app: WSGIApplication) -> None:
    pytest.importorskip("plotly")

    assert ask(app, "/api/studies/1/plot/slice")[0] == 200


def test_notes_can_be_edited_with_write_and_nothing_else(database: Path) -> None:
    with serving(database, Access(write=True)) as client:
        told = client.ask("PUT", "/api/studies/1/note", {"version": 1, "body": "mine"})
        found = json.loads(client.get("/api/studies/1").body)["note"]
        refused = [
            client.ask("DELETE", "/api/studies/1").status,
            client.ask("POST", "/api/studies/1/rename", {"study_name": "x"}).status,
            client.ask("POST", "/api/trials/1/user-attrs", {"user_attrs": {"control": "x"}}).status,
            client.ask("PUT", "/api/studies/1/note", {}, Origin="http://evil.example").status,
        ]

    assert told.status == 204
    assert found == {"version": 1, "body": "mine"}
    assert refused == [405, 405, 405, 403]


def test_the_note_is_the_recommendation_and_leads_to_our_pages(database: Path) -> None:
    with serving(database) as client:
        note = json.loads(client.get("/api/studies/1").body)["note"]["body"]

    assert "**Recommended:** cut\\(keep=0.5\\)" in note
    assert "[Answer](/studies/tiny) · [Runs](/studies/tiny/runs)" in note


def test_a_trial_says_where_its_page_is_and_what_it_costs(database: Path) -> None:
    with serving(database) as client:
        (trial,) = json.loads(client.get("/api/studies/1").body)["trials"]

    told = {each["key"]: each["value"] for each in trial["user_attrs"]}
    assert told["page"] == "/studies/tiny/runs/0"
    assert told["size, MB"] == "4.0"


def test_our_pages_lead_to_the_study_and_the_trial_there(database: Path) -> None:
    with serving(database) as client:
        assert 'href="/dashboard/studies/1"' in client.get("/studies/tiny").text
        page = client.get("/studies/tiny/runs/0").text

    assert 'href="/dashboard/studies/1/trials?numbers=0"' in page
