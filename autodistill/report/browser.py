"""A page as PDF or PNG, by a Chromium that is installed on this machine."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autodistill.errors import ExportError
from autodistill.runtime import files

PROGRAMS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "msedge"),
)
"""Names of browsers that can print without a window, in the order in which they are looked for."""
WIDE, PAPER = 1280, 720
"""Pixels of a picture; of the text on a sheet of A4."""
TALLEST = 16_000
"""Pixels that a picture can be high."""
SECONDS = 120
DRAWING_MS = 5000
"""Milliseconds, by the browser's own clock, that figures have to be drawn in."""
MEASURE = (
    '<script>addEventListener("load", () => setTimeout(() => { document.documentElement.dataset'
    ".height = document.documentElement.scrollHeight; }, 1500));</script>"
)


def pdf_of(html: str) -> bytes:
    """The page on sheets of paper; raises ExportError."""
    with tempfile.TemporaryDirectory() as folder:
        page, made = _written(Path(folder), html), Path(folder) / "page.pdf"
        _run(
            page,
            f"--window-size={PAPER},1000",
            "--no-pdf-header-footer",
            f"--print-to-pdf={made}",
        )
        return _made(made)


def png_of(html: str) -> bytes:
    """The page as one picture, as high as it is; raises ExportError."""
    with tempfile.TemporaryDirectory() as folder:
        page, made = _written(Path(folder), html + MEASURE), Path(folder) / "page.png"
        text = _run(page, f"--window-size={WIDE},1000", "--dump-dom")
        height = re.search(r'<html[^>]*? data-height="(\d+)"', text)
        if height is None:
            raise ExportError("the browser did not say how high the page is; give --format html.")
        if int(height[1]) > TALLEST:
            raise ExportError(
                f"the page is {int(height[1]):,} pixels high, and a picture can have {TALLEST:,}; "
                "give --format pdf, or fewer studies."
            )
        _run(page, f"--window-size={WIDE},{height[1]}", "--hide-scrollbars", f"--screenshot={made}")
        return _made(made)


def dom_of(html: str) -> str:
    """The page as its scripts left it; raises ExportError."""
    with tempfile.TemporaryDirectory() as folder:
        return _run(_written(Path(folder), html), "--dump-dom")


def browser() -> str:
    """The path of an installed browser; raises ExportError."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise ExportError(
            "PDF and PNG are printed by Chromium or Chrome, and none is installed (looked in PATH "
            f"for {', '.join(PROGRAMS)}). Install one, or give --format html and print the page "
            "from any browser."
        )
    return found


def _written(folder: Path, html: str) -> Path:
    page = folder / "page.html"
    files.write_text(page, html)
    return page


def _run(page: Path, *options: str) -> str:
    """The browser's output; it has a profile of its own and needs no network."""
    command = [
        browser(),
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        f"--user-data-dir={page.parent / 'profile'}",
        f"--virtual-time-budget={DRAWING_MS}",
        *_as_root(),
        *options,
        page.as_uri(),
    ]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise ExportError(
            f"{command[0]} did not print the page within {SECONDS} seconds."
        ) from None
    except OSError as error:
        raise ExportError(f"{command[0]} cannot be started: {error}.") from None
    if done.returncode:
        raise ExportError(f"{command[0]} did not print the page: {_last(done.stderr)}")
    return done.stdout.decode(errors="replace")


def _as_root() -> Sequence[str]:
    """Chromium has no sandbox for root, and refuses to start with one."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []


def _last(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _made(place: Path) -> bytes:
    if not place.is_file():
        raise ExportError(f"the browser wrote no {place.suffix[1:].upper()}; give --format html.")
    return place.read_bytes()
