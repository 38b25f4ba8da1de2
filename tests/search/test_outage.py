"""Outages while machines search together: the server restarts, a network is cut.

Needs the programs of a PostgreSQL server on this machine; see tests/storage/servers.py.
"""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.search.joined import Cluster, cluster, until
from tests.storage.servers import MISSING, OwnServer, is_installed, own_server

pytestmark = pytest.mark.skipif(not is_installed(), reason=MISSING)
TRIALS = ("--trials", "14")
TRYING = "Trying again for up to 10 min."


@pytest.fixture
def server() -> Iterator[OwnServer]:
    with own_server() as made:
        yield made


@pytest.fixture
def films(server: OwnServer, tmp_path: Path, reviews: Path, teacher: Path) -> Iterator[Cluster]:
    question = ("--dataset", str(reviews), "--teacher", str(teacher))
    with cluster(tmp_path, server.url, *question) as made:
        yield made


@pytest.mark.parametrize(
    "seconds", [pytest.param(10, marks=pytest.mark.slow), pytest.param(60, marks=pytest.mark.long)]
)
def test_a_server_that_restarts_loses_no_trial_and_is_told_in_one_line(
    films: Cluster, server: OwnServer, seconds: int
) -> None:
    search, worker = films.search(*TRIALS), films.worker()
    films.join(search, worker)
    worker.hears("\ntrial ")

    server.control("-m", "immediate", "stop")
    time.sleep(seconds)
    server.start()

    assert search.code() == 0, search.text
    assert worker.code() == 0, worker.text
    films.check(14)
    assert {o.status for o in films.outcomes()} <= {"complete", "stopped", "rejected"}
    for each in (search, worker):
        assert " ".join(each.text.split()).count(TRYING) == 1, each.text
    assert "put back" not in search.text
    assert "began anew" not in worker.text


@pytest.mark.long
def test_a_worker_that_a_network_cut_off_for_more_than_a_minute_joins_again(
    films: Cluster, server: OwnServer
) -> None:
    with cable(server.port) as (port, process):
        far = replace(films, url=films.url.replace(str(server.port), str(port)))
        search = films.search("--trials", "60")
        worker = far.worker()
        films.join(search, worker)
        worker.hears("\ntrial ")

        process.send_signal(signal.SIGSTOP)
        search.hears("is gone; trials put back: 1")
        process.send_signal(signal.SIGCONT)
        worker.hears("joined the search", times=2)

        assert search.code() == 0, search.text
        assert worker.code() == 0, worker.text
    films.check(60)
    assert search.text.count("is gone; trials put back") == 1, search.text


@contextmanager
def cable(server: int) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """The port of a network that leads to the server's, and the process that is the network."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "tests.search.cable", str(port), str(server)]
    process = subprocess.Popen(words, cwd=ROOT)

    def is_open() -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(is_open, lambda: "the cable does not open")
        yield port, process
    finally:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()
