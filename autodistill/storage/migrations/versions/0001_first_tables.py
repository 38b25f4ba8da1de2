"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table of version 0.1."""
    op.create_table(
        "ad_study",
        sa.Column("name", sa.String(512), nullable=False),
        sa.Column("question", sa.JSON, nullable=False),
        sa.Column("question_key", sa.String(64), nullable=False),
        sa.Column("created_at", sa.String(40), nullable=False),
        sa.Column("versions", sa.JSON, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_ad_study"),
    )
    _create_outcomes()
    for table, key in (
        ("ad_environment", sa.Column("hash", sa.String(64), nullable=False)),
        ("ad_dataset", sa.Column("fingerprint", sa.String(512), nullable=False)),
        ("ad_teacher", sa.Column("key", sa.String(512), nullable=False)),
    ):
        content = sa.Column("content", sa.JSON, nullable=False)
        op.create_table(table, key, content, sa.PrimaryKeyConstraint(key.name, name=f"pk_{table}"))
    op.create_table(
        "ad_test_reading",
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("recipe_key", sa.String(512), nullable=False),
        sa.Column("date", sa.String(40), nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("study", name="pk_ad_test_reading"),
    )
    op.create_table(
        "ad_coordinator",
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("host", sa.String(512)),
        sa.Column("pid", sa.Integer),
        sa.Column("started_at", sa.String(40)),
        sa.Column("heartbeat", sa.String(40)),
        sa.Column("spent_seconds", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("study", name="pk_ad_coordinator"),
    )


def _create_outcomes() -> None:
    op.create_table(
        "ad_outcome",
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("pipeline", sa.JSON, nullable=False),
        sa.Column("pipeline_key", sa.String(64), nullable=False),
        sa.Column("seed", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("score", sa.Double),
        sa.Column("rows", sa.Integer),
        sa.Column("epochs", sa.Integer),
        sa.Column("metrics", sa.JSON, nullable=False),
        sa.Column("cost", sa.JSON, nullable=False),
        sa.Column("environment", sa.String(64)),
        sa.Column("error", sa.Text, nullable=False),
        sa.Column("finished_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("study", "number", name="pk_ad_outcome"),
    )
    op.create_table(
        "ad_curve",
        sa.Column("study", sa.String(512), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("step", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("value", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("study", "number", "step", name="pk_ad_curve"),
    )
    for table in ("ad_outcome", "ad_curve"):
        op.create_index(f"ix_{table}_study", table, ["study"])


def downgrade() -> None:
    """Drop them all."""
    for table in (
        "coordinator",
        "test_reading",
        "teacher",
        "dataset",
        "environment",
        "curve",
        "outcome",
        "study",
    ):
        op.drop_table(f"ad_{table}")
