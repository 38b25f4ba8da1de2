"""Commands that serve until they are ended, in a process of their own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.paths import ROOT


def start(
    words: list[str], folder: Path = ROOT, env: Mapping[str, str] | None = None
) -> tuple[subprocess.Popen[str], str]:
    """`autodistill WORDS` on a free port, and its line when it is ready; empty where it ended."""
    server = subprocess.Popen(
        [sys.executable, "-m", "autodistill", *words, "--port", "0"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    return server, server.stdout.readline()
