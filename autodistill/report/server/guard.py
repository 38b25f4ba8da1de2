"""Requests that are answered: from this machine's pages, or with the token; nobody else's."""

import hmac
import ipaddress
import json
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from autodistill.runtime.listening import is_local

READING = frozenset({"GET", "HEAD", "OPTIONS"})
NOTE = re.compile(r"/api/studies/\d+(/\d+)?/note/?")
"""The one thing that Optuna's pages may change, with `--write`: notes of studies and trials."""
EXPLODING = re.compile(r"/api/studies/\d+/plot/(contour|rank)/?")
"""Plots of all pairs of knobs: above a gigabyte for a thousand trials.

The browser's own contour plot still works.
"""
HEADERS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


@dataclass(frozen=True)
class Access:
    """Who may see the pages, and whether they may change anything."""

    host: str = "127.0.0.1"
    """The address that is listened on."""
    token: str = ""
    """Wanted from everybody; empty where only this machine reaches the address."""
    write: bool = False
    """Whether Optuna's pages may edit notes."""

    def names_us(self, host: str) -> bool:
        """Whether a request's Host is this server, rather than a name that somebody points here.

        Such a name is how a page elsewhere gets at a server of this machine (DNS rebinding); an
        address cannot be pointed anywhere.
        """
        name = re.sub(r":\d*$", "", host).strip("[]").lower()
        try:
            ipaddress.ip_address(name)
        except ValueError:
            ours = {"localhost", self.host.lower()}
            return name in ours or (not is_local(self.host) and name in _names_here())
        return True


@cache
def _names_here() -> frozenset[str]:
    """The names of this machine, short and long."""
    return frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})


class Guard:
    """An application behind checks of method, Host, Origin and token."""

    def __init__(self, app: WSGIApplication, access: Access) -> None:
        self.app, self.access = app, access

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer, or say in a line why not."""
        refusal = self._refusal(environ)
        if refusal is None and self.access.token:
            asked = _cookie(environ)
            if not hmac.compare_digest(asked.encode(), self.access.token.encode()):
                return self._let_in(environ, start)
        if refusal is not None:
            return refuse(start, *refusal)
        return self.app(environ, _with_headers(start))

    def _refusal(self, environ: WSGIEnvironment) -> tuple[str, str] | None:
        """Status and reason; None for a request that may pass."""
        host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN")
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if not self.access.names_us(host):
            return "403 Forbidden", f"this server is not called {host!r:.100}"
        elsewhere = origin is not None and origin != f"{environ['wsgi.url_scheme']}://{host}"
        embedded = environ.get("HTTP_SEC_FETCH_MODE", "navigate") != "navigate"
        if elsewhere or (embedded and environ.get("HTTP_SEC_FETCH_SITE") == "cross-site"):
            return "403 Forbidden", "requests from pages of other sites are refused"
        if method not in READING and not (method == "PUT" and NOTE.fullmatch(path)):
            return "405 Method Not Allowed", "this dashboard is read-only, notes with --write aside"
        if method not in READING and not self.access.write:
            return "405 Method Not Allowed", "this dashboard is read-only; start it with --write"
        if EXPLODING.fullmatch(path):
            reason = "too large for all knobs at once; turn off plotly on the server"
            return "403 Forbidden", reason
        return None

    def _let_in(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Exchange the token of an address for a cookie; without it, say what to do."""
        query = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        given = next((value for name, value in query if name == "token"), "")
        if not hmac.compare_digest(given.encode(), self.access.token.encode()):
            reason = "open the address that `autodistill dashboard` printed, with its token"
            return refuse(start, "401 Unauthorized", reason)
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        place = "/" + quote(environ["PATH_INFO"].encode("latin-1")).lstrip("/")
        cookie = f"{_cookie_name(environ)}={given}; Path=/; HttpOnly; SameSite=Strict"
        headers = [("Location", f"{place}?{rest}" if rest else place), ("Set-Cookie", cookie)]
        start("303 See Other", [*headers, *HEADERS, ("Content-Length", "0")])
        return []


def refuse(start: StartResponse, status: str, reason: str) -> list[bytes]:
    """A line of text for people, in the form in which Optuna's pages read it, too."""
    body = json.dumps({"reason": reason}).encode()
    kind = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
    start(status, [*kind, *HEADERS])
    return [body]


def _with_headers(start: StartResponse) -> StartResponse:
    """The same, with the headers that every answer has."""

    def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[..., Any]:
        return start(status, [*headers, *HEADERS], *rest)

    return begin


def _cookie_name(environ: WSGIEnvironment) -> str:
    """One for each port: a browser sends all cookies of a machine to every server on it."""
    return f"autodistill_{environ['SERVER_PORT']}"


def _cookie(environ: WSGIEnvironment) -> str:
    try:
        found = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return ""
    name = _cookie_name(environ)
    return found[name].value if name in found else ""
