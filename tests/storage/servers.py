"""A PostgreSQL server for tests: the one that is named, or one of its own where it is installed."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from autodistill.errors import SpecError
from autodistill.storage import as_url

NAMED = os.environ.get("AUTODISTILL_TEST_POSTGRES")
USER = "postgres"
"""Who runs the server when root starts it: as root it would not."""
MISSING = "PostgreSQL's initdb and pg_ctl, or the package psycopg, are not installed"
ENDS_SECONDS = 30.0
"""The longest that the processes of a killed server take to end on a busy machine."""


def _tool(name: str) -> str | None:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(installed[-1]) if installed else None)


@dataclass(frozen=True)
class OwnServer:
    """A server in a folder."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        """Its first database."""
        return f"postgresql://tester@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, also after it was killed."""
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        end = time.monotonic() + ENDS_SECONDS
        while not self._starts("-o", options, "-l", self.folder / "log", "-w"):
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.5)  # processes of the killed one still end

    @property
    def process(self) -> int:
        """The number of its first process."""
        return int((self.folder / "data" / "postmaster.pid").read_text().split()[0])

    def _starts(self, *words: object) -> bool:
        try:
            self.control(*words, "start")
        except subprocess.CalledProcessError:
            return False
        return True

    def control(self, *words: object) -> None:
        """Run pg_ctl."""
        _run([_tool("pg_ctl"), "-D", self.folder / "data", *words], _user(), self.folder)


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a server's database; skips the test where there is neither server nor driver."""
    if NAMED:
        yield NAMED
    elif not is_installed():
        pytest.skip(MISSING)
    else:
        with own_server() as server:
            yield server.url


def is_installed() -> bool:
    """Whether a server of one's own can be started."""
    tools = all(map(_tool, ("initdb", "pg_ctl")))
    return tools and importlib.util.find_spec("psycopg") is not None


needs_a_server = pytest.mark.skipif(not is_installed(), reason=MISSING)


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server, stopped and removed at the end; raises SpecError where none can be started."""
    if not is_installed():
        raise SpecError(f"{MISSING}.")
    folder = Path(tempfile.mkdtemp(prefix="ad-pg-"))
    if user := _user():
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        server = OwnServer(folder, free.getsockname()[1])
    _run([_tool("initdb"), "-D", folder / "data", "-A", "trust", "-U", "tester"], user, folder)
    server.start()
    try:
        yield server
    finally:
        server.control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def empty_databases(url: str, count: int, name: str = "race") -> list[str]:
    """The URLs of new databases of this server."""
    engine = sa.create_engine(as_url(url), isolation_level="AUTOCOMMIT")
    names = [f"{name}{n}" for n in range(count)]
    with engine.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    made = sa.make_url(url)
    return [made.set(database=name).render_as_string(hide_password=False) for name in names]


def _user() -> str | None:
    return USER if os.name != "nt" and os.geteuid() == 0 else None


def _run(command: Sequence[object], user: str | None, folder: Path) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)
