"""Tables of autodistill; a change here needs a new file in migrations/versions.

Times are UTC in ISO 8601 text. Keys are bounded because PostgreSQL indexes them.
"""

import sqlalchemy as sa

VERSION_TABLE = "autodistill_alembic_version"
"""Not `alembic_version`: that is Optuna's, which refuses versions unknown to it."""

METADATA = sa.MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

STUDY = sa.Table(
    "ad_study",
    METADATA,
    sa.Column("name", sa.String(512), primary_key=True),
    sa.Column("question", sa.JSON, nullable=False),
    sa.Column("question_key", sa.String(64), nullable=False),
    sa.Column("created_at", sa.String(40), nullable=False),
    sa.Column("versions", sa.JSON, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
)

OUTCOME = sa.Table(
    "ad_outcome",
    METADATA,
    sa.Column("study", sa.String(512), primary_key=True, index=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
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
    sa.Column("control", sa.String(32), nullable=False, server_default=""),
    sa.Column("guesses", sa.LargeBinary),
)

CURVE = sa.Table(
    "ad_curve",
    METADATA,
    sa.Column("study", sa.String(512), primary_key=True, index=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("value", sa.Double, nullable=False),
)

SELECTION = sa.Table(
    "ad_selection",
    METADATA,
    sa.Column("study", sa.String(512), primary_key=True),
    sa.Column("labels", sa.LargeBinary, nullable=False),
    sa.Column("teacher", sa.LargeBinary, nullable=False),
)
"""Classes of the validation rows, two bytes each: see study.results.as_bytes."""

ENVIRONMENT = sa.Table(
    "ad_environment",
    METADATA,
    sa.Column("hash", sa.String(64), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
)

DATASET = sa.Table(
    "ad_dataset",
    METADATA,
    sa.Column("fingerprint", sa.String(512), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
)

TEACHER = sa.Table(
    "ad_teacher",
    METADATA,
    sa.Column("key", sa.String(512), primary_key=True),
    sa.Column("content", sa.JSON, nullable=False),
)

TEST_READING = sa.Table(
    "ad_test_reading",
    METADATA,
    sa.Column("study", sa.String(512), primary_key=True),
    sa.Column("recipe_key", sa.String(512), nullable=False),
    sa.Column("date", sa.String(40), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
)

COORDINATOR = sa.Table(
    "ad_coordinator",
    METADATA,
    sa.Column("study", sa.String(512), primary_key=True),
    sa.Column("host", sa.String(512)),
    sa.Column("pid", sa.Integer),
    sa.Column("started_at", sa.String(40)),
    sa.Column("heartbeat", sa.String(40)),
    sa.Column("spent_seconds", sa.Double, nullable=False),
    sa.Column("token", sa.String(64)),
    sa.Column("process", sa.String(255)),
)
"""One row per study that was ever searched; all but the seconds is NULL when idle."""

SEARCH = sa.Table(
    "ad_search",
    METADATA,
    sa.Column("study", sa.String(512), primary_key=True),
    sa.Column("token", sa.String(64), nullable=False),
    sa.Column("offer", sa.JSON, nullable=False),
    sa.Column("is_over", sa.Boolean, nullable=False),
)
"""Searches that other machines may join: what a worker has to have; the token is a sitting's."""

WORKER = sa.Table(
    "ad_worker",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("study", sa.String(512), nullable=False, index=True),
    sa.Column("host", sa.String(512), nullable=False),
    sa.Column("process", sa.Integer, nullable=False),
    sa.Column("device", sa.String(255), nullable=False),
    sa.Column("versions", sa.JSON, nullable=False),
    sa.Column("places", sa.Integer, nullable=False),
    sa.Column("heartbeat", sa.String(40), nullable=False),
)
"""Workers that joined a search; one without places has left it."""

ORDER = sa.Table(
    "ad_order",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("study", sa.String(512), nullable=False, index=True),
    sa.Column("worker", sa.String(64), nullable=False, index=True),
    sa.Column("spec", sa.JSON, nullable=False),
    sa.Column("step", sa.Integer),
    sa.Column("value", sa.Double),
    sa.Column("stop", sa.Boolean),
    sa.Column("ended", sa.JSON(none_as_null=True)),
)
"""Trials that workers run: the last report, the reply to it (NULL: none yet), the end."""
