"""A PostgreSQL server for tests: the one that is named, or one of its own where it is installed."""

import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from autodistill.storage import as_url

NAMED = os.environ.get("AUTODISTILL_TEST_POSTGRES")
USER = "postgres"
"""Who runs the server when root starts it: as root it would not."""


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a server's database; skips the test where there is neither server nor driver."""
    if NAMED:
        yield NAMED
        return
    tools = {name: _tool(name) for name in ("initdb", "pg_ctl")}
    if not all(tools.values()) or importlib.util.find_spec("psycopg") is None:
        pytest.skip("PostgreSQL's initdb and pg_ctl, or the package psycopg, are not installed")
    user = USER if os.name != "nt" and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="ad-pg-"))
    if user is not None:
        shutil.chown(folder, user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = folder / "data"
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run([tools["initdb"], "-D", data, "-A", "trust", "-U", "tester"], user, folder)
    start = [tools["pg_ctl"], "-D", data, "-o", options, "-l", folder / "log", "-w", "start"]
    _run(start, user, folder)
    try:
        yield f"postgresql://tester@127.0.0.1:{port}/postgres"
    finally:
        _run([tools["pg_ctl"], "-D", data, "-m", "immediate", "stop"], user, folder)
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


def _run(command: Sequence[object], user: str | None, folder: Path) -> None:
    words = [str(word) for word in command]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, user=user, cwd=folder)


def _tool(name: str) -> str | None:
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(installed[-1]) if installed else None)
