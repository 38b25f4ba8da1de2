"""The mailbox of a search, as a worker sees it: the offer, its own orders, its answers."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from autodistill.storage.clock import database_now
from autodistill.storage.database import Database, insert_new
from autodistill.storage.mailbox import Order, order_of
from autodistill.storage.patience import patient
from autodistill.storage.rows import plain
from autodistill.storage.tables import ORDER, SEARCH, WORKER


@dataclass(frozen=True)
class Offer:
    """A search that may be joined."""

    token: str
    """Another one whenever a coordinator begins."""
    content: Mapping[str, Any]
    """Requirements on a worker."""
    is_over: bool


@dataclass(frozen=True)
class News:
    """The state of the search that a worker finds when it looks."""

    is_over: bool
    orders: tuple[Order, ...]
    """Its orders that have not ended."""


@patient
class Desk:
    """A worker's place at the mailbox of one study; its id is new each time that it joins."""

    def __init__(self, database: Database, study: str) -> None:
        self.database = database
        self.study = study
        self.id = ""

    def offer(self) -> Offer | None:
        """The search of the study; None before there was one."""
        with self.database.reading() as connection:
            query = sa.select(SEARCH).where(SEARCH.c.study == self.study)
            row = connection.execute(query).one_or_none()
        return None if row is None else Offer(row.token, row.offer, row.is_over)

    def join(
        self, name: str, token: str, places: int, device: str, versions: Mapping[str, str]
    ) -> bool:
        """Join the search of this offer under a new id, which is `name`.

        False where another search took its place meanwhile, or it is over.
        """
        here = sa.and_(SEARCH.c.study == self.study, SEARCH.c.token == token)
        with self.database.writing() as connection:
            query = sa.select(SEARCH.c.is_over).where(here).with_for_update()
            if connection.execute(query).scalar_one_or_none() is not False:
                return False
            row = {
                "id": name,
                "study": self.study,
                "host": socket.gethostname(),
                "process": os.getpid(),
                "device": device,
                "versions": plain(versions),
                "places": places,
                "heartbeat": database_now(connection, self.database.url).isoformat(),
            }
            insert_new(connection, WORKER, **row)
        self.id = name
        return True

    def look(self) -> News | None:
        """The orders of this worker; None where the search does not know it any more."""
        mine = sa.and_(ORDER.c.worker == WORKER.c.id, ORDER.c.ended.is_(sa.null()))
        query = (
            sa.select(SEARCH.c.is_over, *ORDER.c)
            .select_from(WORKER)
            .join(SEARCH, SEARCH.c.study == WORKER.c.study)
            .outerjoin(ORDER, mine)
            .where(WORKER.c.id == self.id)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        if not rows:
            return None
        return News(rows[0].is_over, tuple(order_of(row) for row in rows if row.id is not None))

    def beat(self) -> None:
        """Say that this worker is alive; no effect where the search does not know it."""
        with self.database.writing() as connection:
            now = database_now(connection, self.database.url).isoformat()
            mine = WORKER.c.id == self.id
            connection.execute(sa.update(WORKER).where(mine).values(heartbeat=now))

    def report(self, order: str, step: int, value: float) -> None:
        """Report an intermediate value; no effect where the order is gone.

        The same step again, after a connection was lost, leaves a reply as it is.
        """
        new = sa.or_(ORDER.c.step.is_(None), ORDER.c.step != step)
        report = sa.update(ORDER).where(self._mine(order), new)
        with self.database.writing() as connection:
            connection.execute(report.values(step=step, value=value, stop=None))

    def end(self, order: str, ended: Mapping[str, Any]) -> bool:
        """Report the end of a trial; False where it is refused: the order is gone."""
        end = sa.update(ORDER).where(self._mine(order)).values(ended=plain(ended))
        with self.database.writing() as connection:
            return connection.execute(end).rowcount == 1

    def leave(self) -> None:
        """Give back the trials that run, and come for no more."""
        with self.database.writing() as connection:
            mine = WORKER.c.id == self.id
            connection.execute(sa.update(WORKER).where(mine).values(places=0))

    def _mine(self, order: str) -> sa.ColumnElement[bool]:
        return sa.and_(ORDER.c.id == order, ORDER.c.worker == self.id)
