"""The command `autodistill dashboard`: what it says, where it listens, how it ends."""

import builtins
import signal
import socket
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.errors import StorageError
from autodistill.report.server import serve
from autodistill.report.server.app import make_app
from tests.commands import run_cli
from tests.records import outcome, write_study
from tests.servers import start


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return write_study(tmp_path / "x.db", outcome(0, 0.9))


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


def test_an_address_of_another_machine_is_refused(database: Path) -> None:
    ran = run_cli("dashboard", "--storage", database, "--host", "192.0.2.1", "--port", 0)

    assert ran.code == 2
    assert "--host 192.0.2.1" in ran.err


def test_it_prints_its_address_answers_there_and_ends_with_ctrl_c(database: Path) -> None:
    server, line = start(["dashboard", "--storage", str(database)])
    with server:
        address = line.split()[0]
        with urllib.request.urlopen(address + "studies/tiny", timeout=20) as answer:
            page = answer.read().decode()
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=20)

    assert address.startswith("http://127.0.0.1:")
    assert "read-only" in line
    assert f"--study tiny --out recipe.toml --storage {database}" in page
    assert (server.returncode, out, err) == (0, "closed\n", "")


def test_an_address_for_others_wants_the_token_that_is_printed(database: Path) -> None:
    server, line = start(["dashboard", "--storage", str(database), "--host", "0.0.0.0"])
    with server:
        address, _, token = line.split()[0].partition("?token=")
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        with browser.open(f"{address}?token={token}", timeout=20) as answer:
            page, reached = answer.read().decode(), answer.geturl()
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(address, timeout=20)
        server.send_signal(signal.SIGINT)
        server.communicate(timeout=20)

    assert len(token) >= 32
    assert reached == address
    assert "tiny" in page


@pytest.mark.parametrize(
    ("terminal", "display", "opens"), [(True, ":0", True), (True, "", False), (False, ":0", False)]
)
def test_a_browser_is_opened_where_somebody_sits(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, display: str, opens: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", display)
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: terminal)

    assert serve.has_screen() is opens


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::", "http://[::1]:80/"),
        ("node7", "http://node7:80/"),
    ],
)
def test_the_printed_address_is_one_that_a_browser_can_open(host: str, address: str) -> None:
    assert serve.url(host, 80) == address
