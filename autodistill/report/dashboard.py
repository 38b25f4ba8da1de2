"""Optuna's dashboard on the study database: read-only, for this machine alone."""

import re
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from autodistill.errors import Interrupted, StorageError
from autodistill.runtime import interrupts
from autodistill.runtime.listening import refusal
from autodistill.study import spaces

HOST = "127.0.0.1"
"""There is no log-in, so nobody outside this machine may see it."""
READING = frozenset({"GET", "HEAD", "OPTIONS"})
EXPLODING = re.compile(r"/api/studies/\d+/plot/(contour|rank)/?")
"""Plots of all pairs of knobs: above a gigabyte for a thousand trials.

The browser's own contour plot still works.
"""


def serve(storage: str, port: int) -> None:
    """Serve until Ctrl-C."""
    app = make_app(storage)
    try:
        server = make_server(HOST, port, app, server_class=_Server, handler_class=_Quiet)
    except OSError as error:
        raise refusal(HOST, port, error) from None
    with server:
        print(f"http://{HOST}:{server.server_port}/  read-only; Ctrl-C ends it", flush=True)
        try:
            server.serve_forever()
        except (Interrupted, KeyboardInterrupt):
            interrupts.waited_for()
            print("closed")


def make_app(storage: str) -> WSGIApplication:
    """The dashboard as an application that changes nothing; raises SpecError, StorageError."""
    try:
        import optuna_dashboard
    except ModuleNotFoundError as error:
        raise StorageError(
            f'the dashboard needs the package {error.name}: pip install "kd-autodistill[dashboard]"'
        ) from None
    from autodistill.search.optuna_storage import open_storage
    from autodistill.storage import as_url, refusals

    url = as_url(spaces.database(storage))
    with refusals(url):
        return _read_only(optuna_dashboard.wsgi(open_storage(url)))


def _read_only(app: WSGIApplication) -> WSGIApplication:
    def guarded(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in READING:
            return _refuse(
                start, "405 Method Not Allowed", b'{"reason": "this dashboard is read-only"}'
            )
        if EXPLODING.fullmatch(environ["PATH_INFO"]):
            return _refuse(
                start,
                "403 Forbidden",
                b'{"reason": "too large for all knobs at once; turn off plotly on the server"}',
            )
        return app(environ, start)

    return guarded


def _refuse(start: Callable[..., Any], status: str, body: bytes) -> list[bytes]:
    start(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


class _Server(ThreadingMixIn, WSGIServer):
    """One thread for each request: a slow plot does not hold up the others."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    """No line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
