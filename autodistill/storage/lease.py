"""Leases on studies: one live coordinator at a time; dead ones lose theirs."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import psutil
import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.database import Database, insert_new
from autodistill.storage.tables import COORDINATOR

SLACK_SECONDS = 5.0
"""Tolerance for process start times: computed from boot time, they drift."""


@dataclass(frozen=True)
class Lease:
    """The right of this process to search one study; end it with `release` or `with`."""

    database: Database
    study: str
    host: str
    pid: int
    started_at: str
    spent_before: float
    """Seconds of all earlier sessions."""
    clock: Callable[[], datetime]

    def beat(self, spent_seconds: float) -> None:
        """Report that this process is alive, and the total of seconds over all sessions.

        Raises StorageError when another coordinator took the study over after too long without a
        heartbeat.
        """
        values = {"heartbeat": self.clock().isoformat(), "spent_seconds": float(spent_seconds)}
        with self.database.writing() as connection:
            if (
                connection.execute(
                    sa.update(COORDINATOR).where(self._mine()).values(values)
                ).rowcount
                == 0
            ):
                raise StorageError(
                    f"process {self.pid} on host '{self.host}' lost study '{self.study}' to "
                    "another "
                    "process, after too long without a heartbeat or after a removal. Everything "
                    "recorded is kept; run the same command again when the other process has ended."
                )

    def release(self) -> None:
        """Let other processes search; the seconds stay. No effect if the lease is gone."""
        nobody = {"host": None, "pid": None, "started_at": None, "heartbeat": None}
        with self.database.writing() as connection:
            connection.execute(sa.update(COORDINATOR).where(self._mine()).values(nobody))

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
        c = COORDINATOR.c
        return sa.and_(
            c.study == self.study,
            c.host == self.host,
            c.pid == self.pid,
            c.started_at == self.started_at,
        )


def claim(
    database: Database, study: str, heartbeat_seconds: float, clock: Callable[[], datetime]
) -> Lease:
    """Become the coordinator of `study`; StorageError while another process is.

    On this host a process counts as gone when it has ended, on another host after
    `heartbeat_seconds` without a heartbeat.
    """
    now, host, pid = clock(), socket.gethostname(), os.getpid()
    with database.writing() as connection:
        insert_new(connection, COORDINATOR, study=study, spent_seconds=0.0)
        here = COORDINATOR.c.study == study
        row = connection.execute(sa.select(COORDINATOR).where(here).with_for_update()).one()
        if (
            row.pid is not None
            and (row.host, row.pid) != (host, pid)
            and _is_alive(row, host, now, heartbeat_seconds)
        ):
            raise StorageError(
                f"study '{study}' is being searched by process {row.pid} on host '{row.host}' "
                f"since {row.started_at[:19]} UTC. Wait until it ends, or stop it "
                f"(kill {row.pid}) and run the same command again: it resumes where that one "
                "stopped."
            )
        held = {
            "host": host,
            "pid": pid,
            "started_at": now.isoformat(),
            "heartbeat": now.isoformat(),
        }
        connection.execute(sa.update(COORDINATOR).where(here).values(held))
    return Lease(database, study, host, pid, now.isoformat(), row.spent_seconds, clock)


def _is_alive(row: sa.Row[Any], host: str, now: datetime, heartbeat_seconds: float) -> bool:
    if row.host != host:
        return (now - datetime.fromisoformat(row.heartbeat)).total_seconds() < heartbeat_seconds
    try:
        process = psutil.Process(row.pid)
        ended = process.status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
        recycled = (
            process.create_time()
            > datetime.fromisoformat(row.started_at).timestamp() + SLACK_SECONDS
        )
    except psutil.NoSuchProcess:
        return False
    return not ended and not recycled
