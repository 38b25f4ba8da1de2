"""Transactions, and the few statements shared by several tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from autodistill.storage.engine import as_url, open_engine
from autodistill.storage.patience import refusals


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


class Database:
    """An open database; transactions are short, because SQLite has one writer."""

    def __init__(self, text: str) -> None:
        self.url = as_url(text)
        self.engine = open_engine(self.url)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction with exclusive write access; rolled back by an exception."""
        with refusals(self.url), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that reads one snapshot and blocks nobody."""
        with refusals(self.url), self.engine.execution_options(reading=True).begin() as connection:
            yield connection


def insert_new(connection: sa.Connection, table: sa.Table, **row: Any) -> bool:
    """Insert a row unless its primary key exists; True if it was inserted."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).values(row).on_conflict_do_nothing().returning(*table.primary_key)
    return connection.execute(statement).first() is not None  # rowcount is not reliable for inserts


def put(connection: sa.Connection, table: sa.Table, key: str, content: dict[str, Any]) -> None:
    """Write `content` under `key` in a key-content table; the last writer wins."""
    column = next(iter(table.primary_key))
    if not insert_new(connection, table, **{column.name: key, "content": content}):
        connection.execute(sa.update(table).where(column == key).values(content=content))


def fetch(connection: sa.Connection, table: sa.Table, key: str) -> dict[str, Any] | None:
    """The content under `key`, or None."""
    column = next(iter(table.primary_key))
    found: dict[str, Any] | None = connection.scalar(
        sa.select(table.c.content).where(column == key)
    )
    return found
