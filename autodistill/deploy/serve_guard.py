"""Limits on what clients send, before anything of it is read as JSON.

A body is received here, and an application behind sees it whole or not at all: a client that sends
slowly or too much costs a connection, and nothing else waits for it.
"""

import asyncio
from contextlib import suppress
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

JSON = "application/json"
BODY_SECONDS = 30.0
"""Time for a body to arrive."""
HEAD_SECONDS = 30.0
"""Time for the head of a request to arrive, and for a connection to be used."""
MOST_OPEN = 512
"""Requests that are received, wait or are answered at the same time."""
MOST_DRAINED = 64_000_000
"""Bytes of a body that is refused which are still received, since few clients read an answer
while they send."""
AGAIN = {"Retry-After": "1"}


def refuse(status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An answer that says why there is no other one."""
    return JSONResponse({"detail": message}, status, headers)


class Guard:
    """The application behind limits on bodies, their kind and their number."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self.app, self.most_bytes = app, most_bytes
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        if self.open >= MOST_OPEN:
            said = f"{MOST_OPEN} requests are open; ask again in a second."
            busy = refuse(503, said, AGAIN | {"Connection": "close"})
            await busy(scope, receive, send)
            return
        self.open += 1
        try:
            await self._pass_on(scope, receive, send)
        except asyncio.CancelledError:  # the server ends, and has waited for as long as it does
            with suppress(RuntimeError):  # an answer had begun
                await refuse(503, "the server is ending.", AGAIN)(scope, receive, send)
        finally:
            self.open -= 1

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await self._body(headers, receive, wanted=kind == JSON)
        except TimeoutError:
            refusal = refuse(408, f"the body did not arrive within {BODY_SECONDS:.0f} s.")
        else:
            if body is not None:
                await self.app(scope, _replayed(body, receive), send)
                return
            refusal = self._too_large() if kind == JSON else _no_json(kind)
        refusal.headers["Connection"] = "close"
        await refusal(scope, receive, send)

    async def _body(self, headers: Headers, receive: Receive, *, wanted: bool) -> bytes | None:
        """The body; None for one that is refused.

        Such a one is received and dropped, unless its client asked before sending it.
        """
        length = headers.get("content-length", "")
        wanted = wanted and not (length.isdecimal() and int(length) > self.most_bytes)
        if not wanted and "expect" in headers:
            return None
        found, size, more = bytearray(), 0, True
        while more and size <= max(MOST_DRAINED, self.most_bytes):
            message = await receive()
            part, more = message.get("body", b""), message.get("more_body", False)
            size += len(part)
            if size > self.most_bytes:
                wanted = False
                found.clear()
            if wanted:
                found += part
        return bytes(found) if wanted else None

    def _too_large(self) -> JSONResponse:
        return refuse(
            413,
            f"the body is larger than {self.most_bytes:,} bytes; send it in parts, or start the "
            "server with a larger --max-body.",
        )


def _no_json(kind: str) -> JSONResponse:
    has = f"is {kind}" if kind else "has no Content-Type"
    return refuse(415, f"the body {has}; send JSON as Content-Type: {JSON}.")


def _replayed(body: bytes, receive: Receive) -> Receive:
    """A way to receive a body that is here already."""
    first = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return first.pop() if first else await receive()

    return replay


class Impatient(H11Protocol):
    """HTTP/1.1 that closes a connection on which no head of a request arrives in time."""

    def connection_made(self, transport: Any) -> None:
        """Begin to watch a connection."""
        super().connection_made(transport)
        self.loop.call_later(HEAD_SECONDS, self._watch, None)

    def _watch(self, seen: Any) -> None:
        """Close where the request that was seen last is still the last one, and is answered."""
        if self.transport.is_closing():
            return
        if self.cycle is seen and (seen is None or seen.response_complete):
            self.transport.close()
            return
        self.loop.call_later(HEAD_SECONDS, self._watch, self.cycle)
