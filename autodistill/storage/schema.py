"""Creation and upgrade of the database tables."""

from importlib.resources import files

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from autodistill.errors import StorageError
from autodistill.runtime.version import __version__
from autodistill.storage.tables import VERSION_TABLE


def config(connection: sa.Connection) -> Config:
    """Alembic's settings for one open connection; there is no alembic.ini."""
    made = Config()
    made.set_main_option(
        "script_location", str(files("autodistill.storage") / "migrations").replace("%", "%%")
    )
    made.attributes["connection"] = connection
    return made


def upgrade(connection: sa.Connection, shown: str) -> None:
    """Create or upgrade our tables; StorageError for those of a newer autodistill.

    `shown` is the database's name in messages.
    """
    settings = config(connection)
    scripts = ScriptDirectory.from_config(settings)
    found = MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE}
    ).get_current_heads()
    newest = scripts.get_current_head()
    if unknown := set(found) - {s.revision for s in scripts.walk_revisions()}:
        raise StorageError(
            f"the database {shown} was written by a newer autodistill: its tables have version "
            f"{', '.join(sorted(unknown))}, autodistill {__version__} knows up to {newest}. "
            "Upgrade autodistill (pip install --upgrade kd-autodistill), or name another "
            "database."
        )
    if found != (newest,):
        command.upgrade(settings, "head")
