"""The differences between two studies of one name, for people."""

from collections.abc import Mapping
from typing import Any

from autodistill.errors import SpecError

MEANINGS = (
    "the rows of the dataset differ.",
    "the unlabelled rows differ.",
    "the teacher differs. One that is tuned here differs between versions and kinds of processor: "
    "bring AUTODISTILL_HOME along from where the study was begun.",
    "the space has different members or ranges.",
    "a network that is named as a student differs: its files were changed.",
)
"""Messages for the differing parts of the fingerprint, in their order."""


def rows_key_of(fingerprint: str) -> str:
    """The content hash of the labelled rows in a study's fingerprint, or in a task's."""
    return fingerprint.partition("-")[0].partition(".")[0]


def teacher_key_of(fingerprint: str) -> str:
    """The teacher's content hash in a study's fingerprint; empty where it has none yet."""
    return dict(enumerate(fingerprint.split("-"))).get(1, "")


def network_keys_of(fingerprint: str) -> tuple[str, ...]:
    """Content hashes of the networks that are named as students, in a study's fingerprint."""
    return tuple(key for part in fingerprint.split("-")[3:4] for key in part.split("."))


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Differences between two studies given as plain data, a line each."""
    changed = {k: (before.get(k), now.get(k)) for k in {**before, **now}}
    parts = [_marks(str(mark)) for mark in changed.pop("fingerprint", ())]
    known = [why for why, old, new in zip(MEANINGS, *parts) if old != new]
    return [
        *(
            f"{field}: was {old!r}, now {new!r}"
            for field, (old, new) in changed.items()
            if old != new
        ),
        *known,
    ]


def _marks(fingerprint: str) -> list[str]:
    """The hashes of labelled rows, of unlabelled ones (empty for none), and the further ones."""
    rows, *others = fingerprint.split("-")
    labelled, _, pool = rows.partition(".")
    return [labelled, pool, *others]


def other_question(name: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> SpecError:
    """The error for a name that stands for another study, with the differences."""
    told = f"study '{name}' already exists with other settings; give --study another name."
    return SpecError([told, *differences(before, now)])
