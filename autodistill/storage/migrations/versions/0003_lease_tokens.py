"""Columns that tell the holder of a lease from any other process."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the lease's token, and its process beyond host name and number."""
    op.add_column("ad_coordinator", sa.Column("token", sa.String(64)))
    op.add_column("ad_coordinator", sa.Column("process", sa.String(255)))


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("ad_coordinator") as batch:
        batch.drop_column("process")
        batch.drop_column("token")
