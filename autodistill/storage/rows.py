"""Trial results as rows and back, without losing a bit of a float."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from autodistill.errors import SpecError, StorageError
from autodistill.study.pipeline import Pipeline
from autodistill.study.results import Trial


def plain(value: Any) -> Any:
    """The value as JSON can hold it: tuples become lists.

    Numbers that are not finite are left out of mappings and become None in lists.
    """
    match value:
        case Mapping():
            return {str(k): plain(v) for k, v in value.items() if not _is_odd(v)}
        case list() | tuple():
            return [plain(v) for v in value]
        case float():
            return float(value) if math.isfinite(value) else None
    return value


def as_stored(outcome: Trial) -> Trial:
    """The result as a database returns it: unchanged, except for what it cannot hold.

    A score that is not finite becomes None, such metrics, costs and curve points are left out; of
    two curve points at one step the later stays.
    """
    steps = {int(step): float(value) for step, value in outcome.curve if math.isfinite(value)}
    return replace(
        outcome,
        pipeline=Pipeline.from_dict(plain(outcome.pipeline.to_dict())),
        score=plain(outcome.score),
        fidelity=dict(outcome.fidelity),
        metrics=plain(outcome.metrics),
        curve=tuple(sorted(steps.items())),
        cost=plain(outcome.cost),
        environment=plain(outcome.environment),
        error=outcome.error.replace("\0", "").encode("utf-8", "replace").decode(),
    )


def outcome_row(outcome: Trial) -> dict[str, Any]:
    """The columns of `ad_outcome` without study and finished_at, of a stored result."""
    if extra := set(outcome.fidelity) - {"rows", "epochs"}:
        raise ValueError(
            "a trial's fidelity is rows and epochs; there is no column for "
            f"{', '.join(sorted(extra))}"
        )
    return {
        "number": outcome.number,
        "pipeline": outcome.pipeline.to_dict(),
        "pipeline_key": outcome.pipeline.key,
        "seed": outcome.seed,
        "status": outcome.status,
        "score": outcome.score,
        "rows": outcome.fidelity.get("rows"),
        "epochs": outcome.fidelity.get("epochs"),
        "metrics": outcome.metrics,
        "cost": outcome.cost,
        "environment": content_hash(outcome.environment) if outcome.environment else None,
        "error": outcome.error,
        "control": outcome.baseline,
        "guesses": outcome.predictions or None,
    }


@contextmanager
def rows_read(what: str, database: str) -> Iterator[None]:
    """A context that turns rows which do not hold what they should into one message."""
    try:
        yield
    except (AttributeError, KeyError, SpecError, TypeError, ValueError) as error:
        why = " ".join(f"{type(error).__name__}: {error}".split())
        raise StorageError(
            f"the database {database} is damaged: {what} cannot be read ({why[:200]}). Restore a "
            "copy, or remove what is damaged."
        ) from error


def outcome_of(
    row: sa.Row[Any],
    curve: Sequence[tuple[int, float]],
    environments: Mapping[str, Mapping[str, str]],
) -> Trial:
    """The trial of a row of `ad_outcome`, with environments by their hash."""
    fidelity = {"rows": row.rows, "epochs": row.epochs}
    return Trial(
        number=row.number,
        pipeline=Pipeline.from_dict(row.pipeline),
        seed=row.seed,
        status=row.status,
        score=row.score,
        fidelity={k: v for k, v in fidelity.items() if v is not None},
        metrics=row.metrics,
        curve=tuple(curve),
        cost=row.cost,
        environment=environments.get(row.environment, {}),
        error=row.error,
        baseline=row.control,
        predictions=row.guesses or b"",
    )


def content_hash(content: Mapping[str, Any]) -> str:
    """Content hash: equal contents have equal hashes."""
    return hashlib.sha256(json.dumps(dict(content), sort_keys=True).encode()).hexdigest()[:16]


def _is_odd(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
