"""Optuna's own pages, behind the same server."""

import builtins
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

import pytest

from tests.commands import run_cli
from tests.paths import ROOT
from tests.records import outcome, write_study

pytest.importorskip("optuna_dashboard")

from autodistill.errors import StorageError
from autodistill.report.server.app import make_app
from autodistill.search.optuna_storage import open_storage
from autodistill.storage import as_url


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


def test_without_the_package_the_extra_is_named(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name == "optuna_dashboard":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(
        StorageError, match=r'optuna_dashboard: pip install "kd-autodistill\[dashboard\]"'
    ):
        make_app(str(database))


def test_a_missing_database_is_said_and_not_made(tmp_path: Path) -> None:
    ran = run_cli("dashboard", "--storage", tmp_path / "none.db")

    assert ran.code == 2
    assert "none.db" in ran.err
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is a letter, not a database " * 40)

    ran = run_cli("dashboard", "--storage", tmp_path / "x.db")

    assert ran.code == 2
    assert "is not an SQLite database" in ran.err


def test_a_port_in_use_is_named(database: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        ran = run_cli("dashboard", "--storage", database, "--port", port)

    assert ran.code == 2
    assert f"--port {port}: address already in use" in ran.err


def test_it_prints_its_address_answers_there_and_ends_with_ctrl_c(database: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "autodistill",
        "dashboard",
        "--storage",
        str(database),
        "--port",
        "0",
    ]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as server:
        assert server.stdout is not None
        address = server.stdout.readline().split()[0]

        with urllib.request.urlopen(address + "api/studies", timeout=20) as answer:
            studies = json.load(answer)["study_summaries"]
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=20)

    assert address.startswith("http://127.0.0.1:")
    assert [s["study_name"] for s in studies] == ["tiny"]
    assert (server.returncode, out, err) == (0, "closed\n", "")
