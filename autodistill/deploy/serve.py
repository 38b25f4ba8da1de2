"""The command `autodistill serve`: a student behind HTTP until Ctrl-C or SIGTERM."""

import gc
import os
from pathlib import Path

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI

from autodistill.deploy.serve_app import make_app
from autodistill.deploy.serve_guard import Impatient
from autodistill.deploy.serve_questions import MOST_PIXELS
from autodistill.deploy.serving import Serving
from autodistill.deploy.student import Student, load
from autodistill.errors import Interrupted, SpecError
from autodistill.runtime import interrupts
from autodistill.runtime.listening import listen
from autodistill.runtime.progress import Screen

ENDING_SECONDS = 2
"""Time for answers that are under way when the server is asked to end."""


def serve(folder: Path, serving: Serving, screen: Screen) -> None:
    """Serve the student in a folder; raises AutodistillError where it cannot begin."""
    student = load(folder, engine=serving.engine)
    with listen(serving.host, serving.port) as listener:  # refused before anything slow
        if serving.threads:
            torch.set_num_threads(serving.threads)
        warm_up(student)
        app = make_app(student, serving.limits, local=serving.local)
        # 400,000 objects of libraries: to look through them takes half a second, again and again
        # while it serves, and seconds when it ends
        gc.freeze()
        if not serving.local:
            screen.line(
                f"note      everyone who reaches {serving.host} may ask: there is no log-in, and "
                "no encryption"
            )
        port = listener.getsockname()[1]
        host = f"[{serving.host}]" if ":" in serving.host else serving.host
        print(f"http://{host}:{port}/  {student.network.name}; Ctrl-C ends it", flush=True)
        try:
            make_server(app).run(sockets=[listener])
        except (Interrupted, KeyboardInterrupt):
            interrupts.waited_for()
            print("closed", flush=True)
            if app.state.passes.is_busy:
                # its clients are gone; Python cannot end a thread that is inside a network, and
                # aborts where it tries
                os._exit(0)


def make_server(app: FastAPI) -> uvicorn.Server:
    """A server that has yet to run."""
    config = uvicorn.Config(
        app,
        http=Impatient,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=ENDING_SECONDS,
    )
    return uvicorn.Server(config)


def warm_up(student: Student) -> None:
    """Load all that a first answer needs; raises AutodistillError."""
    if student.of_images:
        _limit_pixels(student)
        student.predict([np.zeros((8, 8, 3), dtype=np.uint8)])
        return
    student.predict([("a text", "another") if student.reads_pairs else "a text"])


def _limit_pixels(student: Student) -> None:
    """Have Pillow refuse images of more pixels than a request may have."""
    try:
        import PIL.Image
    except ImportError:
        raise SpecError(
            f"{student.folder} reads images, which needs Pillow: pip install "
            "'kd-autodistill[image]'"
        ) from None
    PIL.Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # it warns from here on, and refuses twice that
