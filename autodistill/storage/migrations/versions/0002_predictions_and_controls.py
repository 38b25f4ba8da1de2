"""Columns for each run's predictions on the validation rows and for its baseline."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns for trial results and one table for the validation rows."""
    op.add_column(
        "ad_outcome", sa.Column("control", sa.String(32), nullable=False, server_default="")
    )
    op.add_column("ad_outcome", sa.Column("guesses", sa.LargeBinary))
    op.create_table(
        "ad_selection",
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("labels", sa.LargeBinary, nullable=False),
        sa.Column("teacher", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("study", name="pk_ad_selection"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("ad_selection")
    with op.batch_alter_table("ad_outcome") as batch:
        batch.drop_column("guesses")
        batch.drop_column("control")
