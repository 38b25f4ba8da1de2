"""Readings of the held-out test in the database: one row a study, later ones inside the first."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from autodistill.storage.database import insert_new
from autodistill.storage.tables import TEST_READING
from autodistill.study.reading import Reading, in_order

LATER = "later"
"""The entry of a first reading's content that lists the readings after it."""


def readings_of(connection: sa.Connection, name: str, *, lock: bool = False) -> tuple[Reading, ...]:
    """All readings of a study, the first one first."""
    query = sa.select(TEST_READING).where(TEST_READING.c.study == name)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return ()
    first = {k: v for k, v in row.content.items() if k != LATER}
    first |= {"recipe_key": row.recipe_key, "date": row.date}
    return in_order([first, *row.content.get(LATER, ())])


def add_reading(
    connection: sa.Connection,
    name: str,
    entry: Mapping[str, Any],
    *,
    again: bool,
) -> bool:
    """Store a reading: the first, or with `again` a further one; whether it was stored.

    `entry` has scores, recipe_key and date.
    """
    known = {"recipe_key": entry["recipe_key"], "date": entry["date"]}
    scores = {k: v for k, v in entry.items() if k not in known}
    if insert_new(connection, TEST_READING, study=name, **known, content=scores):
        return True
    if not again:
        return False
    first, *later = readings_of(connection, name, lock=True)
    told = [{**r.scores, "recipe_key": r.recipe_key, "date": r.date} for r in later]
    content = {**first.scores, LATER: [*told, dict(entry)]}
    connection.execute(
        sa.update(TEST_READING).where(TEST_READING.c.study == name).values(content=content)
    )
    return True
