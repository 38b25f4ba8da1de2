"""A student as a web application: /predict, /health, and a page to try it.

Answers are JSON; what is refused has one message under `detail`.
"""

import asyncio
from importlib.resources import files
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import ValidationError
from starlette.middleware.trustedhost import TrustedHostMiddleware

from autodistill.deploy.serve_guard import AGAIN, Guard, refuse
from autodistill.deploy.serve_passes import BusyError, Passes, Question
from autodistill.deploy.serve_questions import Desk, fault_of
from autodistill.deploy.serving import Limits
from autodistill.deploy.student import Student
from autodistill.errors import DataError, SpecError
from autodistill.runtime.packages import versions_here
from autodistill.runtime.version import __version__

LIBRARIES = ("torch", "transformers", "tokenizers", "onnxruntime", "fastapi", "uvicorn")
LOCAL = ("localhost", "127.0.0.1", "[::1]", "[")
"""Names by which a server for this machine alone is called; `[` is all that Starlette before 1.10
reads of `[::1]:8000`, and no name of a site.

A page of another site may give its own name the address 127.0.0.1; its requests bear that name.
"""
BROWSER = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
"""Headers of the page: it loads nothing, and speaks to this server alone."""


def make_app(student: Student, limits: Limits, *, local: bool) -> FastAPI:
    """The application; `local`: for clients on this machine alone."""
    desk = Desk(student)
    passes = Passes(desk.answer, most_rows=limits.most_rows)
    # the pages of documentation would load scripts from elsewhere
    app = FastAPI(title="autodistill", version=__version__, docs_url=None, redoc_url=None)
    app.state.passes = passes
    page = files("autodistill.deploy").joinpath("serve_page.html").read_text(encoding="utf-8")

    @app.post("/predict", openapi_extra=desk.described())
    async def predict(request: Request) -> JSONResponse:
        """A label, and a probability for each class, for each input in their order."""
        try:
            question = await _read(desk, await request.body())
        except (ValidationError, SpecError, DataError) as error:
            return refuse(*fault_of(error))
        if not question.inputs:
            return JSONResponse({"predictions": []})
        try:
            answers = await passes.submit(question)
        except BusyError:
            return refuse(503, "too many requests wait; ask again in a second.", AGAIN)
        return JSONResponse({"predictions": answers})

    @app.get("/health")
    async def health() -> dict[str, Any]:
        """Whether it answers, what it reads, and what it is made of."""
        return {
            "ready": True,
            "engine": student.network.name,
            "reads": desk.reads,
            "labels": list(student.labels),
            "limits": {"inputs": desk.most, "body_bytes": limits.most_bytes} | _tokens(student),
            "versions": {"autodistill": __version__} | versions_here(LIBRARIES),
        }

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    async def root() -> HTMLResponse:
        return HTMLResponse(page, headers=BROWSER)

    @app.exception_handler(Exception)
    async def fail(_: Request, error: Exception) -> JSONResponse:
        return refuse(500, f"{type(error).__name__}: this is a fault of the server; see its log.")

    app.add_middleware(Guard, most_bytes=limits.most_bytes)
    if local:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOCAL, www_redirect=False)
    return app


async def _read(desk: Desk, body: bytes) -> Question:
    """The question; images are read in a thread, as they take long."""
    return await asyncio.to_thread(desk.read, body) if desk.student.of_images else desk.read(body)


def _tokens(student: Student) -> dict[str, int]:
    return {} if student.of_images else {"tokens": student.longest}
