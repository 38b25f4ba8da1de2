"""Whose requests are answered, by a real client: ours alone, to read."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("optuna_dashboard")

from autodistill.report.server.guard import Access
from tests.records import outcome, write_study
from tests.report.server.client import Client, serving

TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_study(tmp_path_factory.mktemp("guard") / "x.db", outcome(0, 0.9))


@pytest.fixture(scope="module")
def client(database: Path) -> Iterator[Client]:
    with serving(database) as found:
        yield found


@pytest.fixture(scope="module")
def with_token(database: Path) -> Iterator[Client]:
    with serving(database, Access("0.0.0.0", TOKEN)) as found:
        yield found


@pytest.mark.parametrize("path", ["/", "/studies/tiny", "/api/studies", "/dashboard"])
def test_a_host_that_somebody_else_named_is_refused(client: Client, path: str) -> None:
    for host in ("evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", ""):
        assert client.get(path, Host=host).status == 403, host


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:9000", "127.0.0.1:1", "[::1]:8080"])
def test_this_machine_may_be_called_by_any_name_and_port_of_its_own(
    client: Client, host: str
) -> None:
    assert client.get("/", Host=host).status == 200


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"]
)
def test_a_request_from_another_origin_is_refused(client: Client, method: str, origin: str) -> None:
    assert client.ask(method, "/api/studies", Origin=origin).status == 403


def test_our_own_origin_is_none_of_others(client: Client) -> None:
    origin = f"http://127.0.0.1:{client.port}"

    assert client.get("/api/studies", Origin=origin).status == 200


def test_another_site_may_link_here_but_not_embed_what_is_here(client: Client) -> None:
    link = client.get("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate")
    picture = client.get("/", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors")

    assert (link.status, picture.status) == (200, 403)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "X"])
@pytest.mark.parametrize("path", ["/", "/studies/tiny/runs", "/api/studies/1"])
def test_nothing_can_be_written(client: Client, method: str, path: str) -> None:
    answer = client.ask(method, path)

    assert answer.status == 405
    assert "read-only" in answer.reason


def test_a_note_wants_write_and_says_so(client: Client) -> None:
    answer = client.ask("PUT", "/api/studies/1/note", {"version": 1, "body": "x"})

    assert answer.status == 405
    assert "--write" in answer.reason


def test_pages_of_ours_run_no_script_but_our_files(client: Client) -> None:
    for path in ("/", "/studies/tiny", "/studies/tiny/runs", "/studies/tiny/runs/0", "/nothing"):
        answer = client.get(path)

        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self';" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script>" not in answer.text
        assert "onclick" not in answer.text


def test_without_the_token_nothing_is_shown(with_token: Client) -> None:
    for path in (
        "/",
        "/?token=",
        "/?token=wrong",
        "/studies/tiny",
        "/api/studies",
        "/assets/live.js",
    ):
        answer = with_token.get(path)

        assert answer.status == 401, path
        assert "token" in answer.reason


def test_other_machines_may_call_this_one_by_its_name(with_token: Client) -> None:
    assert with_token.get("/", Host=f"{socket.gethostname()}:80").status == 401
    assert with_token.get("/", Host="evil.example").status == 403


def test_a_cookie_of_another_server_is_no_token(with_token: Client) -> None:
    for cookie in ("autodistill_1=" + TOKEN, f"autodistill_{with_token.port}=x", "=;;", "\x01"):
        assert with_token.get("/", Cookie=cookie).status == 401


def test_the_token_becomes_a_cookie_and_leaves_the_address(with_token: Client) -> None:
    first = with_token.get(f"/studies/tiny/runs?token={TOKEN}&q=cut")
    cookie = first.headers["set-cookie"]

    second = with_token.get(first.headers["location"], Cookie=cookie.partition(";")[0])

    assert first.status == 303
    assert first.headers["location"] == "/studies/tiny/runs?q=cut"
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict")
    assert second.status == 200
    assert TOKEN not in second.text


def test_the_way_in_leads_to_no_other_site(with_token: Client) -> None:
    answer = with_token.get(f"//evil.example/%2e?token={TOKEN}")

    assert answer.headers["location"].startswith("/evil.example")
