"""How databases are reached, PostgreSQL servers above all."""

from typing import Any

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.patience import shown

CONNECT_SECONDS = 15
"""Seconds after which a server that does not answer is given up."""


def server_options(url: str) -> dict[str, Any]:
    """Few connections, tested before they are used, and no endless wait for a new one."""
    options: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 2, "max_overflow": 2}
    return options | connect_options(url)


def connect_options(url: str) -> dict[str, Any]:
    """The time to wait for a server, unless the URL says it."""
    if "connect_timeout" in sa.make_url(url).query:
        return {}
    return {"connect_args": {"connect_timeout": CONNECT_SECONDS}}


def make_engine(url: str, **options: Any) -> sa.Engine:
    """An engine for a URL; StorageError where the driver is missing."""
    try:
        return sa.create_engine(url, **options)
    except ModuleNotFoundError as error:
        raise StorageError(
            f"the database {shown(url)} needs the package {error.name}; "
            "pip install 'kd-autodistill[postgres]', or name a file."
        ) from error
