"""Simple baselines: classifiers that need no network and train in seconds.

A student that does not beat them is not worth its training.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from autodistill.study.packed import pack, unpack

TITLES = {
    "majority": "the most frequent class",
    "tfidf": "TF-IDF with logistic regression",
    "tfidf_ridge": "TF-IDF with ridge regression",
    "pixels": "logistic regression on pixels",
}
"""Each kind in a sentence."""
SHORT = {"majority": "majority", "tfidf": "TF-IDF", "tfidf_ridge": "TF-IDF", "pixels": "pixels"}
"""Each kind in a column of a table."""


@dataclass(frozen=True)
class SimpleBaseline:
    """A simple baseline's score on the validation rows."""

    kind: str
    """One of TITLES."""
    score: float
    """The study's metric."""
    rows: int
    """Training rows that it was fitted on."""
    predictions: bytes = field(default=b"", repr=False)
    """Predicted class of each validation row; see results.as_bytes."""

    @property
    def title(self) -> str:
        """The baseline in a sentence."""
        return TITLES.get(self.kind, self.kind)

    def to_dict(self) -> dict[str, Any]:
        """Plain data, as a study's facts hold it."""
        known = {"kind": self.kind, "score": self.score, "rows": self.rows}
        return {**known, "predictions": pack(self.predictions)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The baseline of plain data."""
        return cls(data["kind"], data["score"], data["rows"], unpack(data["predictions"]))


def below(teacher: float, baseline: SimpleBaseline) -> str:
    """A sentence on a teacher that scores below a simple baseline; empty for any other."""
    if teacher >= baseline.score:
        return ""
    return (
        f"The teacher scores {teacher:.4f} on the validation rows, below {baseline.title} "
        f"({baseline.score:.4f}, fitted in seconds on {baseline.rows:,} training rows): students "
        "may learn its errors. Name a better one with --teacher, or give it more labelled rows."
    )
