"""Whose tables a database holds: those of another program are left alone."""

from typing import Any

import sqlalchemy as sa

from autodistill.errors import StorageError
from autodistill.storage.patience import BUSY_SECONDS, shown
from autodistill.storage.server import connect_options, make_engine
from autodistill.storage.tables import VERSION_TABLE

_INFO, _VERSIONS = "version_info", "alembic_version"
"""Two tables of Optuna; the second one shares its name with many other programs."""
_NAMED = 5


def check_database(url: str) -> None:
    """Refuse to write into another program's database; raises StorageError.

    A database file is ours, Optuna's or empty. A server's database may hold other tables, but not
    ones that Optuna would take for its own.
    """
    on_file = sa.make_url(url).get_backend_name() == "sqlite"
    options: dict[str, Any] = (
        {"connect_args": {"timeout": BUSY_SECONDS}} if on_file else connect_options(url)
    )
    engine = make_engine(url, poolclass=sa.NullPool, **options)
    with engine.connect() as connection:
        found = sa.inspect(connection)
        tables = sorted(found.get_table_names())
        optuna = {_INFO, "studies"} <= set(tables) and {"study_id", "study_name"} <= {
            column["name"] for column in found.get_columns("studies")
        }
        clash = _VERSIONS in tables and not optuna
        if clash or (on_file and tables and VERSION_TABLE not in tables and not optuna):
            some = ", ".join(tables[:_NAMED]) + (", ..." if len(tables) > _NAMED else "")
            raise StorageError(
                f"the database {shown(url)} belongs to another program: its tables are {some}. "
                "Nothing was written to it; name another database."
            )
        if _VERSIONS in tables:
            _check_versions(connection, url)


def _check_versions(connection: sa.Connection, url: str) -> None:
    """Optuna reads one version and stops with a bug where there are several."""
    versions = list(connection.scalars(sa.text(f"SELECT version_num FROM {_VERSIONS}")))
    if len(versions) > 1:
        raise StorageError(
            f"the database {shown(url)} is damaged: Optuna's table {_VERSIONS} has "
            f"{len(versions)} versions ({', '.join(map(str, versions[:_NAMED]))}), not one. "
            "Restore a copy, or name another database."
        )
