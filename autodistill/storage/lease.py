"""Leases on studies: one live coordinator at a time; dead ones lose theirs.

A lease belongs to a random token. Whether its holder lives is seen from the process itself where it
can be seen from here, and from the database's clock everywhere else: neither names and numbers that
containers share, nor clocks that are wrong, let one coordinator take the study of another.
"""

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self
from weakref import WeakValueDictionary

import psutil
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.clock import database_now
from autodistill.storage.database import Database, insert_new
from autodistill.storage.identity import identity, process_space
from autodistill.storage.patience import patient
from autodistill.storage.tables import COORDINATOR

HEARTBEAT_SECONDS = 60.0
"""Silence after which a holder that cannot be seen from here counts as gone."""
SLACK_SECONDS = 5.0
"""Tolerance for process start times of older versions: computed from boot time, they drift."""
NOBODY = dict.fromkeys(("host", "pid", "started_at", "heartbeat", "token", "process"))
"""The columns of a study that nobody searches."""
_HELD: WeakValueDictionary[str, "Lease"] = WeakValueDictionary()
"""The leases of this process, by token."""


@patient
@dataclass(frozen=True, eq=False)
class Lease:
    """The right of this process to search one study; end it with `release` or `with`."""

    database: Database
    study: str
    token: str
    spent_before: float
    """Seconds of all earlier sessions."""

    def beat(self, spent_seconds: float) -> None:
        """Report that this process is alive, and the total of seconds over all sessions.

        Raises StorageError when another coordinator took the study over after too long without a
        heartbeat.
        """
        with self.database.writing() as connection:
            now = database_now(connection, self.database.url)
            values = {"heartbeat": now.isoformat(), "spent_seconds": float(spent_seconds)}
            beaten = connection.execute(sa.update(COORDINATOR).where(self._mine()).values(values))
            if beaten.rowcount == 0:
                raise StorageError(
                    f"process {os.getpid()} on host '{socket.gethostname()}' lost study "
                    f"'{self.study}' to another process, after too long without a heartbeat or "
                    "after a removal. Everything recorded is kept; run the same command again "
                    "when the other process has ended."
                )

    def release(self) -> None:
        """Let other processes search; the seconds stay. No effect if the lease is gone."""
        with self.database.writing() as connection:
            connection.execute(sa.update(COORDINATOR).where(self._mine()).values(NOBODY))
        _HELD.pop(self.token, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def _mine(self) -> sa.ColumnElement[bool]:
        return sa.and_(COORDINATOR.c.study == self.study, COORDINATOR.c.token == self.token)


def claim(database: Database, study: str, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> Lease:
    """Become the coordinator of `study`; StorageError while another is.

    Of a process that can be seen from here it is known whether it has ended; any other counts as
    gone after `heartbeat_seconds` without a heartbeat.
    """
    token = secrets.token_hex(16)
    with database.writing() as connection:
        insert_new(connection, COORDINATOR, study=study, spent_seconds=0.0)
        here = COORDINATOR.c.study == study
        row = connection.execute(sa.select(COORDINATOR).where(here).with_for_update()).one()
        now = database_now(connection, database.url)
        why = None if row.pid is None else _life_of(row, now, heartbeat_seconds)
        if why is not None:
            raise StorageError(
                f"study '{study}' is being searched by process {row.pid} on host '{row.host}' "
                f"since {row.started_at[:19]} UTC{why}. Wait until it ends, or stop it "
                f"(kill {row.pid}) and run the same command again: it resumes where that one "
                "stopped."
            )
        held = {
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "started_at": now.isoformat(),
            "heartbeat": now.isoformat(),
            "token": token,
            "process": identity(os.getpid()),
        }
        connection.execute(sa.update(COORDINATOR).where(here).values(held))
    lease = Lease(database, study, token, row.spent_seconds)
    _HELD[token] = lease
    return lease


def is_searched(row: sa.Row[Any]) -> bool:
    """Whether a process that lives holds the study of this row; by this machine's clock."""
    now = datetime.now(UTC)
    return row.pid is not None and _life_of(row, now, HEARTBEAT_SECONDS) is not None


def _life_of(row: sa.Row[Any], now: datetime, heartbeat_seconds: float) -> str | None:
    """A note on a holder that lives; None for one that has ended."""
    if row.process and row.process.startswith(f"{process_space()} "):
        if row.pid == os.getpid() and row.process == identity(row.pid):
            return " (this process)" if row.token in _HELD else None
        return "" if identity(row.pid) == row.process else None
    if not row.process and row.host == socket.gethostname():
        return "" if _runs(row) else None
    silent = now - datetime.fromisoformat(row.heartbeat)
    if abs(silent) >= timedelta(seconds=heartbeat_seconds):
        return None
    return (
        f" (it last reported {max(0.0, silent.total_seconds()):.0f} s ago, and counts as ended "
        f"after {heartbeat_seconds:.0f} s)"
    )


def _runs(row: sa.Row[Any]) -> bool:
    """Whether the process runs that an older version noted, by its number on this host."""
    try:
        process = psutil.Process(row.pid)
        ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        begun = datetime.fromisoformat(row.started_at).timestamp()
        return not ended and process.create_time() <= begun + SLACK_SECONDS
    except psutil.NoSuchProcess:
        return False
