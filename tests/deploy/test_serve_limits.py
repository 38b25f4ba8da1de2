"""Requests that a served student refuses: one message each, and the others are answered."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from autodistill.deploy import serve_guard, serve_passes
from autodistill.deploy.serve_questions import MOST_IMAGES, MOST_PIXELS, MOST_TEXTS, Desk
from autodistill.deploy.serving import Limits
from tests.commands import says
from tests.deploy.served import JSON, Served, served
from tests.paths import ROOT

LARGE = b'{"texts": ["' + b"a" * 10_000_000 + b'"]}'


@pytest.fixture(scope="module")
def server(teacher: Path) -> Iterator[Served]:
    """The tiny teacher, served."""
    with served(teacher) as found:
        yield found


def send_raw(server: Served, data: bytes, seconds: float = 10) -> bytes:
    """The answer to these bytes until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as client:
        client.sendall(data)
        found = b""
        while part := client.recv(65536):
            found += part
    return found


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b'{"texts": ', 400, "the body is no JSON"),
        (b"", 400, "the body is no JSON"),
        (b"\xff\xfe\xff", 400, "the body is no JSON"),
        (b"[" * 100_000, 400, "nested too deeply"),
        (b'["a text"]', 422, "give an object"),
        (b"{}", 422, "give either 'texts', a list, or 'text'"),
        (b'{"texts": ["a"], "text": "b"}', 422, "give either 'texts'"),
        (b'{"texts": "a text"}', 422, "'texts': input should be a valid list"),
        (b'{"rows": ["a text"]}', 422, "'rows': extra inputs are not permitted"),
        (b'{"texts": ["a text", 7]}', 422, "input 1 is a int: 7, not a text"),
        (b'{"texts": ["a text", null]}', 422, "input 1 is missing"),
    ],
)
def test_a_wrong_body_is_one_message(server: Served, body: bytes, status: int, said: str) -> None:
    found, answer = server.ask(body)

    assert found == status
    assert list(answer) == ["detail"]
    assert said in answer["detail"]


def test_ten_thousand_texts_are_refused_in_a_sentence(server: Served) -> None:
    status, answer = server.ask({"texts": ["good film"] * 10_000})

    assert status == 422
    assert "10,000 texts are too many for one request, which may have 1,000" in answer["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_kind_of_content_is_refused(server: Served, kind: str) -> None:
    status, answer = server.ask({"texts": ["a"]}, {"Content-Type": kind} if kind else {})

    assert status == 415
    assert "send JSON as Content-Type: application/json" in answer["detail"]


def in_chunks(body: bytes) -> Iterator[bytes]:
    """The body as a stream, whose length no header says."""
    yield from (body[i : i + 100_000] for i in range(0, len(body), 100_000))


@pytest.mark.parametrize("chunked", [False, True], ids=["whole", "chunked"])
def test_a_body_of_ten_megabytes_is_refused(server: Served, chunked: bool) -> None:
    body = in_chunks(LARGE) if chunked else LARGE

    status, answer = server.send("POST", "/predict", body, JSON)

    assert status == 413
    assert "larger than 1,000,000 bytes" in answer["detail"]


def test_a_client_that_asks_first_is_refused_before_it_sends(server: Served) -> None:
    head = (
        b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 10000000\r\nExpect: 100-continue\r\n\r\n"
    )

    assert send_raw(server, head).startswith(b"HTTP/1.1 413 ")


def test_another_size_may_be_chosen(teacher: Path) -> None:
    with served(teacher, Limits(most_bytes=100)) as server:
        small, large = (server.ask({"texts": ["a" * n]})[0] for n in (50, 100))

    assert (small, large) == (200, 413)


def test_a_slow_client_holds_nobody_up(server: Served) -> None:
    body = json.dumps({"texts": ["a good film"]}).encode()
    head = f"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as slow:
        slow.sendall(f"{head}Content-Type: application/json\r\n\r\n".encode() + body[:5])

        begin = time.perf_counter()
        others = [server.ask({"text": "a good film"})[0] for _ in range(5)]
        seconds = time.perf_counter() - begin
        slow.sendall(body[5:])
        answer = slow.recv(65536)

    assert others == [200] * 5
    assert seconds < 5
    assert answer.startswith(b"HTTP/1.1 200 ")


def test_a_client_that_never_ends_is_refused(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve_guard, "BODY_SECONDS", 0.2)
    head = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n"

    found = send_raw(server, head + b"Content-Type: application/json\r\n\r\n{")

    assert found.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive within" in found


@pytest.mark.parametrize("sent", [b"", b"GET /health HTT"], ids=["nothing", "half a head"])
def test_a_connection_that_asks_nothing_is_closed(
    server: Served, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve_guard, "HEAD_SECONDS", 0.1)

    assert send_raw(server, sent) == b""


def test_another_name_for_this_machine_is_refused(server: Served) -> None:
    other = server.ask({"text": "a"}, JSON | {"Host": "site.example"})
    own = server.ask({"text": "a"}, JSON | {"Host": f"localhost:{server.port}"})

    assert other == (400, "Invalid host header")
    assert own[0] == 200


def test_a_full_queue_is_refused_and_answers_again_later(
    teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve_passes, "MOST_WAITING", 60)
    free, begun, real = threading.Event(), threading.Event(), Desk.answer

    def slow(*given: object) -> object:
        begun.set()
        free.wait(10)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Desk, "answer", slow)
    found: list[int] = []

    with served(teacher) as busy:

        def ask() -> None:
            found.append(busy.ask({"texts": ["a good film"] * 2})[0])

        clients = [threading.Thread(target=ask) for _ in range(6)]
        clients[0].start()
        begun.wait(10)
        for client in clients[1:]:
            client.start()
        while len(found) < 3:
            time.sleep(0.01)
        refused = list(found)
        free.set()
        for client in clients:
            client.join()
        later = busy.ask({"text": "a good film"})[0]

    assert set(refused) == {503}
    assert found[len(refused) :].count(200) >= 2
    assert later == 200


def test_too_many_open_requests_are_refused_with_a_time_to_come_again(
    server: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve_guard, "MOST_OPEN", 0)

    raw = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    found = send_raw(server, raw)

    assert found.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: 1" in found.lower()


def test_a_fault_of_the_server_is_a_message_and_it_goes_on(
    teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Desk.answer

    def fail(desk: Desk, inputs: list[str], size: int) -> object:
        if "bad luck" in inputs:
            raise MemoryError("no more")
        return real(desk, inputs, size)

    monkeypatch.setattr(Desk, "answer", fail)

    with served(teacher) as server:
        status, answer = server.ask({"text": "bad luck"})
        after = server.ask({"text": "good luck"})[0]

    assert (status, after) == (500, 200)
    assert answer == {"detail": "MemoryError: this is a fault of the server; see its log."}


def test_the_page_on_serving_says_the_limits_that_there_are() -> None:
    page = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")

    says(
        page,
        f"{serve_passes.MOST_TOKENS:,} tokens",
        f"{serve_passes.MOST_WAITING:,} tokens; {serve_guard.MOST_OPEN} open ones",
        f"{MOST_TEXTS:,} texts",
        f"{MOST_IMAGES} images of {MOST_PIXELS // 10**6} megapixels",
        f"{serve_guard.HEAD_SECONDS:.0f} s for the head, {serve_guard.BODY_SECONDS:.0f} s for the",
        f"`--max-body`, {Limits.most_bytes // 10**6} MB",
    )
