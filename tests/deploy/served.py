"""A student behind HTTP in this process, and a client of it."""

import json
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from autodistill.deploy.serve import make_server, warm_up
from autodistill.deploy.serve_app import make_app
from autodistill.deploy.serving import Limits, Serving
from autodistill.deploy.student import load
from autodistill.runtime.listening import listen

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Served:
    """A server that listens on a port of this machine."""

    port: int

    def ask(
        self, body: object, headers: Mapping[str, str] = JSON, path: str = "/predict"
    ) -> tuple[int, Any]:
        """Status and JSON of an answer; the body is sent as it is, or as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.send("POST", path, raw, headers)

    def send(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] = b"",
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, Any]:
        """Status and JSON of an answer to any request; text where it is no JSON."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        is_json = answer.getheader("content-type", "").startswith("application/json")
        return answer.status, json.loads(text) if is_json else text


@contextmanager
def served(folder: Path, limits: Limits | None = None, host: str = "127.0.0.1") -> Iterator[Served]:
    """The student in this folder, served until the end of the block."""
    student, serving = load(folder), Serving(host=host, port=0, limits=limits or Limits())
    warm_up(student)
    with listen(serving.host, serving.port) as listener:
        server = make_server(make_app(student, serving.limits, local=serving.local))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield Served(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(timeout=10)
    assert not thread.is_alive()
