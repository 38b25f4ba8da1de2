"""The fork server before it loads libraries; see `launch.preloading`.

No time goes into garbage meanwhile. A coordinator that is killed takes the server with it, which
would hear of that only when all is loaded, and its folder with the server's socket.
"""

import atexit
import gc
import os
import shutil
import threading
import time

from autodistill.runtime.launch import COORDINATOR, SOCKET_FOLDER

EVERY_SECONDS = 0.5
GONE_SECONDS = 1.0
"""A killed process closes its files before it counts as gone."""
PARENT = int(os.environ.get(COORDINATOR, os.getppid()))
FOLDER = os.environ.get(SOCKET_FOLDER, "")
LOADED = threading.Event()


def _watch() -> None:
    """End where the coordinator has ended before all is loaded."""
    while not LOADED.wait(EVERY_SECONDS):
        if _is_alone():
            _tidy()
            os._exit(1)


def _tidy() -> None:
    """Remove the folder of a coordinator that was killed and could not do so itself."""
    end = time.monotonic() + GONE_SECONDS
    while not _is_alone() and time.monotonic() < end:
        time.sleep(0.02)
    if FOLDER and _is_alone():
        shutil.rmtree(FOLDER, ignore_errors=True)


def _is_alone() -> bool:
    return os.getppid() != PARENT


gc.disable()
atexit.register(_tidy)
WATCH = threading.Thread(target=_watch, daemon=True)
WATCH.start()
