"""The server of the dashboard: where it listens, what it prints, the browser that it opens."""

import sys
import webbrowser
from secrets import token_urlsafe
from socketserver import ThreadingMixIn
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import WSGIApplication

from autodistill.errors import Interrupted
from autodistill.report.server.app import make_app
from autodistill.report.server.guard import Access
from autodistill.runtime import interrupts, settings
from autodistill.runtime.listening import is_local, listen
from autodistill.search import importance

IDLE_SECONDS = 30
"""Silence after which a connection is closed."""


def serve(
    storage: str,
    *,
    host: str = Access.host,
    port: int = 8080,
    browser: bool = True,
    write: bool = False,
    option: str = "",
) -> None:
    """Serve until Ctrl-C; raises SpecError, StorageError.

    An address that others reach wants a token, which stands in the printed URL.
    """
    importance.load()  # before Optuna's pages load it, and scikit-learn with it
    access = Access(host, "" if is_local(host) else token_urlsafe(24), write)
    with open_server(make_app(storage, access, option), host, port) as server:
        page = url(host, server.server_port, access.token)
        may = "notes in Optuna's pages can be edited" if write else "read-only"
        try:
            print(f"{page}  {may}; Ctrl-C ends it", flush=True)
            if browser and has_screen():
                Thread(target=webbrowser.open, args=(page,), daemon=True).start()
            server.serve_forever()
        except (Interrupted, KeyboardInterrupt):
            interrupts.waited_for()
            print("closed")


def open_server(app: WSGIApplication, host: str, port: int) -> WSGIServer:
    """A server that listens already; raises SpecError where it cannot."""
    listening = listen(host, port)
    server = _Server((host, port), _Quiet, bind_and_activate=False)
    server.socket.close()
    server.socket = listening
    server.server_address = listening.getsockname()
    server.server_name, server.server_port = host, listening.getsockname()[1]
    server.setup_environ()
    server.set_app(app)
    return server


def url(host: str, port: int, token: str = "") -> str:
    """The address for a browser; of a server that listens everywhere, the one of this machine."""
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    name = f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def has_screen() -> bool:
    """Whether somebody sits at this machine: a terminal, and a screen beside it."""
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        return False
    if sys.platform in ("darwin", "win32"):
        return "SSH_CONNECTION" not in settings.names()
    return bool({"DISPLAY", "WAYLAND_DISPLAY"} & settings.names())


class _Server(ThreadingMixIn, WSGIServer):
    """One thread for each request: a slow plot does not hold up the others."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away, or fell silent."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Quiet(WSGIRequestHandler):
    """No line for each request, and no patience with a connection that says nothing."""

    timeout = IDLE_SECONDS

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def address_string(self) -> str:
        """The client's address; its name is not looked up."""
        return str(self.client_address[0])
