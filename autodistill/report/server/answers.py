"""Answers that are no page on a study: files, headers, errors in one message."""

from importlib.resources import files
from typing import Any

import bottle

from autodistill.report import page as html
from autodistill.report.server import links
from autodistill.report.server.words import WORDS

ASSETS = {
    "live.js": "server/live.js",
    "server.css": "server/server.css",
    "page.js": "page.js",
    "plotly.js": html.SCRIPT,
}
"""Files that pages need, by the name in their address."""
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # Plotly styles what it draws
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)


def render(template: str, etag: str = "", **values: Any) -> str:
    """A template of this folder as HTML."""
    return html.render(f"server/{template}", etag=etag, links=links, **WORDS, **values)


def headers(etag: str = "") -> None:
    """The headers of a page: nothing of another site, no script that is not a file of ours."""
    bottle.response.set_header("Content-Security-Policy", POLICY)
    bottle.response.set_header("Cache-Control", "no-cache")
    if etag:
        bottle.response.set_header("ETag", etag)


def asset(name: str) -> Any:
    """A script or a style sheet."""
    if name not in ASSETS:
        raise bottle.HTTPError(404)
    found = bottle.static_file(ASSETS[name], root=str(files("autodistill.report")))
    found.set_header("Cache-Control", "no-cache")
    return found


def message(text: str, status: int = 503) -> str:
    """A page with one message alone."""
    headers()
    bottle.response.status = status
    return render("message.html", title="No answer", text=text)


def failed(error: bottle.HTTPError) -> str:
    """A bug of ours: its traceback is where the server was started."""
    text = "This page could not be made; the reason stands where the dashboard was started."
    return message(text, 500)
