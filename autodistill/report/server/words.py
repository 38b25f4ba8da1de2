"""Values as pages write them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from autodistill.runtime.progress import short

NOTHING = ""


def score(value: float | None) -> str:
    """A score with four digits, as everywhere."""
    return NOTHING if value is None else f"{value:.4f}"


def seconds(value: float | None) -> str:
    """A time in the unit that suits it."""
    if value is None:
        return NOTHING
    return f"{value:.1f} s" if value < 60 else short(value)


def moment(text: str) -> str:
    """A time in ISO 8601 to the minute."""
    return text[:16].replace("T", " ")


def state_of(state: str) -> str:
    """How far a study is, in words."""
    return {"searching": "● searching"}.get(state, state)


def now() -> str:
    """The time of day, for pages that stay while it goes on."""
    return datetime.now(UTC).strftime("%H:%M:%S UTC")


WORDS: Mapping[str, Callable[..., str]] = {
    "score": score,
    "seconds": seconds,
    "moment": moment,
    "state_of": state_of,
    "now": now,
}
"""The names by which templates know them."""
