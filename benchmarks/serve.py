"""Throughput and latency of `autodistill serve` for one client and for many at the same time.

Server and clients share the machine; each client keeps its connection and asks again as soon as it
is answered, one short text at a time.
"""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.predict import small_student


def serve(
    student: Path | None, engine: str, clients: int, seconds: float, say: Callable[[str], None]
) -> dict[str, Any]:
    """Figures of one client, of many, and the ratio of their requests a second.

    The ratio of computed seconds says the same on a machine that does something else, too.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = student or small_student(Path(place) / "student")
        with served(folder, engine) as (server, address, network):
            ask(server, address, 1, min(2.0, seconds))  # the first requests find empty caches
            one, many = (ask(server, address, count, seconds) for count in (1, clients))
    for found in (one, many):
        say(
            f"{found['clients']} clients: {found['per_second']:,.0f} a second, p50 "
            f"{found['p50_ms']:.1f} ms, p99 {found['p99_ms']:.1f} ms, {found['errors']} errors, "
            f"{found['server_cpu_ms']:.2f} ms of the server's processor for each"
        )
    return {
        "engine": network,
        "seconds": seconds,
        "one": one,
        "many": many,
        "ratio": many["per_second"] / one["per_second"],
        "cpu_ratio": one["server_cpu_ms"] / many["server_cpu_ms"],
    }


@contextmanager
def served(folder: Path, engine: str) -> Iterator[tuple[psutil.Process, str, str]]:
    """A server in a process of its own, its address, and the engine that it names."""
    words = ("serve", str(folder), "--port", "0", "--engine", engine)
    command = [sys.executable, "-m", "autodistill", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("http://"), "the server did not start"
        address, _, rest = line.partition("  ")
        try:
            yield psutil.Process(server.pid), address, rest.partition(";")[0]
        finally:
            server.send_signal(signal.SIGINT)
            server.stdout.read()
    assert server.returncode == 0, server.returncode


def ask(server: psutil.Process, address: str, clients: int, seconds: float) -> dict[str, Any]:
    """The figures of so many clients, in a process of their own."""
    words = (address, str(clients), str(seconds))
    command = [sys.executable, "-m", "benchmarks.serve_clients", *words]
    before = server.cpu_times()
    ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    after = server.cpu_times()
    found: dict[str, Any] = json.loads(ran.stdout)
    spent = after.user + after.system - before.user - before.system
    return found | {"server_cpu_ms": 1000 * spent / max(1, found["requests"])}
