"""Programs in processes of their own, as a user starts them."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import autodistill
from autodistill.errors import SpecError
from autodistill.runtime.progress import Screen, short

SECONDS_BETWEEN_LINES = 60.0


def run_process(
    command: Sequence[str], folder: Path, threads: int, what: str, env: Mapping[str, str] = {}
) -> float:
    """Run a command in a folder; returns wall seconds, SpecError when it fails.

    Its output goes to standard error. Numerical libraries get `threads` threads, `autodistill` is
    the package that is imported here, and no setting of the user who measures changes the command.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AUTODISTILL_")}
    ours = str(Path(autodistill.__file__).resolve().parents[1])
    paths = os.pathsep.join([ours, *filter(None, [kept.get("PYTHONPATH", "")])])
    settings = {**kept, "PYTHONPATH": paths, "OMP_NUM_THREADS": str(threads), **env}
    screen, begin = Screen(), time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=settings, stdout=2, stdin=subprocess.DEVNULL
    ) as process:
        try:
            while True:
                try:
                    code = process.wait(SECONDS_BETWEEN_LINES)
                    break
                except subprocess.TimeoutExpired:
                    screen.line(f"{what}: running for {short(time.perf_counter() - begin)}")
        except BaseException:
            process.kill()
            raise
    if code:
        raise SpecError(
            f"{what} ended with exit code {code}; its output is above. The command: "
            f"{' '.join(command)}"
        )
    return time.perf_counter() - begin
