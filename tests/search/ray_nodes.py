"""A Ray cluster of two machines in a network of their own, which share nothing but the code."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.search.joined import until

TRIAL = "ray::run_there"
"""The title of a process in which a trial runs."""
PORT = "6379"
ADDRESS = f"127.0.0.1:{PORT}"
QUIET = {
    "RAY_AUTH_MODE": "disabled",
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "3",
}
HIDDEN = 'mount -t tmpfs none "$0" && exec "$@"'
"""A shell's command: run another one, to which a folder seems empty."""
RAY = (sys.executable, "-c", "from ray.scripts.scripts import main; main()", "start", "--block")


@dataclass
class Nodes:
    """Machines of a cluster."""

    within: tuple[str, ...]
    """The command that enters their network."""
    folder: Path
    home: Path
    """The cache of the first machine, which the second one cannot see."""
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def second_home(self) -> Path:
        """The cache of the second machine."""
        return self.folder / "second home"

    def start(self) -> None:
        """Start both."""
        head = ("--head", "--port", PORT, "--temp-dir", str(self.folder))
        self._start(*head, "--include-dashboard=false", at=1)
        self._reached(1)
        self.second_home.mkdir()
        hidden = ("unshare", "-m", "bash", "-c", HIDDEN, str(self.home))
        self._start("--address", ADDRESS, at=2, wrap=hidden, AUTODISTILL_HOME=str(self.second_home))
        self._reached(2)

    def runs_a_trial(self) -> None:
        """Wait until the second machine runs one."""
        until(lambda: TRIAL in self._titles(1), lambda: "")

    def is_idle(self) -> None:
        """Wait until no machine runs one."""
        until(lambda: TRIAL not in {*self._titles(0), *self._titles(1)}, lambda: "")

    def kill_second(self) -> None:
        """Pull its plug while a trial runs there."""
        self.runs_a_trial()
        _kill(psutil.Process(self.processes[1].pid))

    def stop(self) -> None:
        """End all of their processes."""
        for each in self.processes:
            if psutil.pid_exists(each.pid):
                _kill(psutil.Process(each.pid))
            each.wait()

    def _titles(self, number: int) -> set[str]:
        return set(map(title, psutil.Process(self.processes[number].pid).children(recursive=True)))

    def _start(self, *words: str, at: int, wrap: tuple[str, ...] = (), **env: str) -> None:
        own = ("--num-cpus", "1", "--node-ip-address", f"127.0.0.{at}")
        with (self.folder / f"node-{at}.log").open("wb") as log:
            process = subprocess.Popen(
                [*self.within, *wrap, *RAY, *words, *own],
                env={**os.environ, **env},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)

    def _reached(self, count: int) -> None:
        """Wait until so many machines are there."""
        script = f"import ray; ray.init('{ADDRESS}'); assert len(ray.nodes()) == {count}"
        asked = [*self.within, sys.executable, "-c", script]
        log = self.folder / f"node-{count}.log"

        def is_there() -> bool:
            assert self.processes[-1].poll() is None, log.read_text()
            return subprocess.run(asked, capture_output=True, check=False).returncode == 0

        until(is_there, log.read_text)


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """Two machines; skips where no network of one's own can be made."""
    name = f"ray{secrets.token_hex(4)}"
    made = shutil.which("ip") and subprocess.run(
        ["ip", "netns", "add", name], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("no network of one's own can be made: `ip netns add` is missing or refused")
    within = ("ip", "netns", "exec", name)
    folder = Path(tempfile.mkdtemp(prefix="ray"))  # its sockets have names of 107 letters at most
    nodes = Nodes(within, folder, Path(os.environ["AUTODISTILL_HOME"]))
    try:
        subprocess.run([*within, "ip", "link", "set", "lo", "up"], check=True)
        with pytest.MonkeyPatch.context() as patch:
            for key, value in QUIET.items():
                patch.setenv(key, value)
            nodes.start()
            yield nodes
    finally:
        nodes.stop()
        subprocess.run(["ip", "netns", "del", name], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def title(process: psutil.Process) -> str:
    """The name that a process goes by; empty for one that has ended."""
    try:
        return next(iter(process.cmdline()), "")
    except psutil.Error:
        return ""


def _kill(process: psutil.Process) -> None:
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            each.kill()
