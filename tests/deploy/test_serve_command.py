"""`autodistill serve` as a command: how it begins, and how it ends."""

import builtins
import json
import signal
import socket
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from autodistill.deploy.serving import Serving
from tests.commands import run_cli, says
from tests.fakes import tiny_teacher
from tests.servers import start


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_and_ends_cleanly_beside_a_slow_client(
    teacher: Path, number: signal.Signals
) -> None:
    server, line = start(["serve", str(teacher)])
    address = line.split()[0]
    with urllib.request.urlopen(f"{address}health", timeout=20) as answer:
        status = answer.status
    port = int(address.rpartition(":")[2].strip("/"))
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n")
        time.sleep(0.5)

        begin = time.perf_counter()
        server.send_signal(number)
        out, err = server.communicate(timeout=20)
        seconds = time.perf_counter() - begin
        refused = slow.recv(65536)

    assert (status, server.returncode, out) == (200, 0, "closed\n")
    assert "Traceback" not in err
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert line.startswith("http://127.0.0.1:")
    assert seconds < 5


@pytest.mark.slow
def test_what_was_asked_before_the_end_is_answered(teacher: Path) -> None:
    server, line = start(["serve", str(teacher)])
    body = b'{"texts": [' + b'"a good film", ' * 900 + b'"dull"]}'
    found: list[int] = []

    def ask() -> None:
        request = urllib.request.Request(
            f"{line.split()[0]}predict", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            found.append(answer.status)

    client = threading.Thread(target=ask)
    client.start()
    time.sleep(0.1)
    server.send_signal(signal.SIGTERM)
    client.join()
    server.communicate(timeout=20)

    assert found == [200]
    assert server.returncode == 0


@pytest.mark.slow
def test_it_ends_in_the_middle_of_a_pass_that_takes_long(tmp_path: Path) -> None:
    deep = tiny_teacher(tmp_path / "student", layers=12, width=256, steps=0)
    server, line = start(["serve", str(deep), "--threads", "1"])
    body = json.dumps({"texts": ["good film story " * 30] * 1000}).encode()
    found: list[int] = []

    def ask() -> None:
        request = urllib.request.Request(
            f"{line.split()[0]}predict", body, {"Content-Type": "application/json"}
        )
        try:
            urllib.request.urlopen(request, timeout=20)
        except urllib.error.HTTPError as error:
            found.append(error.code)

    client = threading.Thread(target=ask)
    client.start()
    time.sleep(0.5)
    server.send_signal(signal.SIGTERM)
    out, _ = server.communicate(timeout=20)
    client.join()

    assert (server.returncode, out, found) == (0, "closed\n", [503])


@pytest.mark.slow
def test_an_address_for_everyone_is_said(teacher: Path) -> None:
    server, line = start(["serve", str(teacher), "--host", "0.0.0.0", "--threads", "1"])
    address = line.split()[0].replace("0.0.0.0", "127.0.0.1")
    request = urllib.request.Request(f"{address}health", headers={"Host": "box.example"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        status = answer.status
    server.send_signal(signal.SIGINT)
    _, err = server.communicate(timeout=20)

    assert status == 200
    assert " ".join(err.split()) == (
        "note everyone who reaches 0.0.0.0 may ask: there is no log-in, and no encryption"
    )


def test_a_port_in_use_is_one_message(teacher: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        ran = run_cli("serve", teacher, "--port", port)

    assert (ran.code, ran.out) == (2, "")
    says(ran.err, f"--port {port}: address already in use on 127.0.0.1", "0 takes any free one")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("nowhere",), "nowhere is no folder of a student: it does not exist"),
        (("TEACHER", "--engine", "onnx"), "has no model.onnx"),
        (("TEACHER", "--engine", "tf"), "unknown engine 'tf'"),
        (("TEACHER", "--host", "no.such.host.invalid"), "--host no.such.host.invalid: "),
        (("TEACHER", "--host", "192.0.2.1"), "--host 192.0.2.1: cannot assign"),
        (("TEACHER", "--port", "99999"), "--port 99999"),
        (("TEACHER", "--max-batch", "0"), "--max-batch 0"),
    ],
)
def test_a_mistake_is_one_message(
    words: tuple[str, ...], part: str, teacher: Path, folder: Path
) -> None:
    given = [teacher if word == "TEACHER" else word for word in words]

    ran = run_cli("serve", *given, *(() if "--port" in words else ("--port", 0)))

    assert (ran.code, ran.out) == (2, "")
    says(ran.err, part)
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("package", ["fastapi", "uvicorn"])
def test_without_the_packages_the_extra_is_named(
    package: str, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.partition(".")[0] == package:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return real(name, *rest, **named)

    for name in [n for n in sys.modules if n.startswith("autodistill.deploy.serve")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)

    ran = run_cli("serve", teacher)

    assert ran.code == 2
    says(ran.err, f"serve needs the package {package}", "pip install 'kd-autodistill[serve]'")


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("box", False)],
)
def test_an_address_of_this_machine_alone_is_known(host: str, local: bool) -> None:
    assert Serving(host=host).local is local
