"""The dashboard's server in this process, and a client that speaks HTTP to it."""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

from autodistill.report.server.app import make_app
from autodistill.report.server.guard import Access
from autodistill.report.server.serve import open_server

LOCAL = Access()


@dataclass(frozen=True)
class Answer:
    """An answer to a request."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def reason(self) -> str:
        """Why a request was refused."""
        return str(json.loads(self.body)["reason"])


@dataclass(frozen=True)
class Client:
    """Asks one server."""

    port: int

    def get(self, path: str, **headers: str) -> Answer:
        """A page; `_` in the name of a header is `-`."""
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """One request over a connection of its own."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        text = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            connection.request(method, path, text, {**kind, **sent})
            found = connection.getresponse()
            # names of headers do not care for capitals
            headers = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, headers, found.read())
        finally:
            connection.close()


@contextmanager
def serving(database: Path, access: Access = LOCAL, option: str = "") -> Iterator[Client]:
    """A server on a free port until the block ends."""
    with open_server(make_app(str(database), access, option), "127.0.0.1", 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield Client(server.server_port)
        finally:
            server.shutdown()
            thread.join()
