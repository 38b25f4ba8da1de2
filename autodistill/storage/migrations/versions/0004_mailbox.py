"""The mailbox of a search that other machines join."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add tables for searches, the workers that joined them, and their orders."""
    op.create_table(
        "ad_search",
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("offer", sa.JSON, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("study", name="pk_ad_search"),
    )
    op.create_table(
        "ad_worker",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("host", sa.String(512), nullable=False),
        sa.Column("process", sa.Integer, nullable=False),
        sa.Column("device", sa.String(255), nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.Column("heartbeat", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ad_worker"),
    )
    op.create_index("ix_ad_worker_study", "ad_worker", ["study"])
    op.create_table(
        "ad_order",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("spec", sa.JSON, nullable=False),
        sa.Column("step", sa.Integer),
        sa.Column("value", sa.Double),
        sa.Column("stop", sa.Boolean),
        sa.Column("ended", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_ad_order"),
    )
    op.create_index("ix_ad_order_study", "ad_order", ["study"])
    op.create_index("ix_ad_order_worker", "ad_order", ["worker"])


def downgrade() -> None:
    """Drop them."""
    for table in ("ad_order", "ad_worker", "ad_search"):
        op.drop_table(table)
