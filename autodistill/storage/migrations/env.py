"""Alembic's environment, run inside the transaction opened by `schema.upgrade`."""

from alembic import context

from autodistill.storage.tables import METADATA, VERSION_TABLE


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Whether a table is ours: comparisons must neither see nor drop Optuna's."""
    return (name or "").startswith("ad_") if kind == "table" else True


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    include_name=include_name,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
