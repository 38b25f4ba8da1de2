"""The mailbox of a search, as its coordinator sees it: who joined, orders, what came of them.

Each call is one short transaction, and is made again where a refusal may pass. An order belongs to
one worker until its row is gone: an answer that comes later finds no row, and is refused. All
times are the database's.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from autodistill.storage.clock import database_now
from autodistill.storage.database import Database, insert_new
from autodistill.storage.patience import patient
from autodistill.storage.rows import plain
from autodistill.storage.tables import ORDER, SEARCH, WORKER


@dataclass(frozen=True)
class Joined:
    """A worker that joined the search."""

    id: str
    host: str
    process: int
    """Its number on that host."""
    places: int
    """Trials at once; 0: it has left."""
    silent_seconds: float
    """Seconds since it was last heard, by the database's clock."""


@dataclass(frozen=True)
class Order:
    """A trial that a worker runs, and how far it came."""

    id: str
    worker: str
    spec: Mapping[str, Any]
    step: int | None
    value: float | None
    """The last report."""
    stop: bool | None
    """The reply to it; None before there is one."""
    ended: Mapping[str, Any] | None


@patient
class Mailbox:
    """The mailbox of one study's search."""

    def __init__(self, database: Database, study: str) -> None:
        self.database = database
        self.study = study

    def open(self, offer: Mapping[str, Any]) -> None:
        """Begin a sitting: workers and orders of an earlier one are gone.

        `offer` holds the requirements on a worker. To be called by the holder of the study's lease.
        """
        row = {"token": secrets.token_hex(16), "offer": plain(offer), "is_over": False}
        with self.database.writing() as connection:
            for table in (SEARCH, WORKER, ORDER):
                connection.execute(sa.delete(table).where(table.c.study == self.study))
            connection.execute(sa.insert(SEARCH).values(study=self.study, **row))

    def close(self) -> None:
        """Tell the workers that the search is over."""
        with self.database.writing() as connection:
            here = SEARCH.c.study == self.study
            connection.execute(sa.update(SEARCH).where(here).values(is_over=True))

    def workers(self) -> list[Joined]:
        """Those that joined, the longest known first; those that left are among them."""
        with self.database.reading() as connection:
            query = sa.select(WORKER).where(WORKER.c.study == self.study).order_by(WORKER.c.id)
            rows = connection.execute(query).all()
            now = database_now(connection, self.database.url)
        return [
            Joined(
                row.id,
                row.host,
                row.process,
                row.places,
                (now - datetime.fromisoformat(row.heartbeat)).total_seconds(),
            )
            for row in rows
        ]

    def orders(self) -> list[Order]:
        """All orders that were not taken back."""
        with self.database.reading() as connection:
            rows = connection.execute(sa.select(ORDER).where(ORDER.c.study == self.study)).all()
        return [order_of(row) for row in rows]

    def give(self, order: str, worker: str, spec: Mapping[str, Any]) -> None:
        """Order a trial, under a new id; the same order again changes nothing."""
        row = {"id": order, "study": self.study, "worker": worker, "spec": plain(spec)}
        with self.database.writing() as connection:
            insert_new(connection, ORDER, **row)

    def reply(self, order: str, step: int, stop: bool) -> None:
        """Answer the report of this step; no effect where the order is gone."""
        with self.database.writing() as connection:
            here = sa.and_(ORDER.c.id == order, ORDER.c.step == step)
            connection.execute(sa.update(ORDER).where(here).values(stop=stop))

    def take(self, order: str) -> None:
        """Remove an order that has ended."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(ORDER).where(ORDER.c.id == order))

    def take_back(self) -> None:
        """Remove all orders: what their workers still say of them is refused."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(ORDER).where(ORDER.c.study == self.study))

    def dismiss(self, worker: str) -> None:
        """Remove a worker and its orders; it may join again."""
        with self.database.writing() as connection:
            connection.execute(sa.delete(ORDER).where(ORDER.c.worker == worker))
            connection.execute(sa.delete(WORKER).where(WORKER.c.id == worker))


def order_of(row: sa.Row[Any]) -> Order:
    """The order of a row of `ad_order`."""
    return Order(row.id, row.worker, row.spec, row.step, row.value, row.stop, row.ended)
