"""How databases are reached, PostgreSQL servers above all."""

from typing import Any

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.patience import shown

CONNECT_SECONDS = 15
"""Seconds after which a server that does not answer is given up."""
LIBPQ = ("psycopg", "psycopg2")
CUT_OFF = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""When a connection counts as lost on a network that says nothing: half a minute, not a quarter of
an hour; words of libpq, which these drivers use."""


def server_options(url: str) -> dict[str, Any]:
    """Few connections, tested before they are used, and no endless wait for a new one."""
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 2, "max_overflow": 2}
    return options | connect_options(url)


def connect_options(url: str) -> dict[str, Any]:
    """The times to wait for a server, unless the URL says them."""
    made = sa.make_url(url)
    wanted = {"connect_timeout": CONNECT_SECONDS}
    if made.get_driver_name() in LIBPQ:
        wanted |= CUT_OFF
    return {"connect_args": {k: v for k, v in wanted.items() if k not in made.query}}


def make_engine(url: str, **options: Any) -> sa.Engine:
    """An engine for a URL; StorageError where the driver is missing."""
    try:
        return sa.create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise StorageError(
            f"the database {shown(url)} needs the package {error.name}; "
            "pip install 'kd-autodistill[postgres]', or name a file."
        ) from error
