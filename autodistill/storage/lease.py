"""Who searches a study right now: one coordinator at a time, told apart from one that died."""

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
"""A process's time of birth is computed from the time of boot and wanders a little."""


@dataclass(frozen=True)
class Lease:
    """The right of this process to search one study; give it back with `release`, or use `with`."""

    database: Database
    study: str
    host: str
    pid: int
    started_at: str
    spent_before: float
    """Seconds of all earlier sittings."""
    clock: Callable[[], datetime]

    def beat(self, spent_seconds: float) -> None:
        """Say that this process lives, and the total of seconds over all sittings.

        Raises StorageError when another coordinator took the study over, because it heard nothing for too long.
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
                    f"process {self.pid} on host '{self.host}' lost study '{self.study}' to another one, after a long silence "
                    f"or a removal. What was recorded is kept; run the same command again when the other has ended."
                )

    def release(self) -> None:
        """Let others search; the seconds stay. Harmless when the lease is already gone."""
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
    """Become the coordinator of `study`; raises StorageError while another process is.

    On this host a process counts as gone when it has ended, on another one when it was silent for `heartbeat_seconds`.
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
                f"study '{study}' is being searched by process {row.pid} on host '{row.host}' since {row.started_at[:19]} UTC. "
                f"Wait until it ends, or stop it (kill {row.pid}) and run the same command again: it goes on where that one stopped."
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
