"""Share of a text that looks personal: addresses, numbers, handles, names."""

import re

import numpy as np
from numpy.typing import NDArray

from autodistill.datasets import Rows

PERSONAL = re.compile(
    r"(?<!\S)\S[^\s@]*+@\S[^\s.]*+\.\S++|https?://\S+|www\.\S+|@\w+|[+(]?\d[\d()./:-]{3,}\d"
    r"|(?<=[a-z,] )(?:[A-Z][a-z]+ )+[A-Z][a-z]+"
)
"""Mail and web addresses, handles, long numbers and names inside a sentence.

Numbers count from five characters, names from two capitalised words. A mail address is looked for
where a word begins, and no part of it is tried twice: time is linear in the text's length.
"""


def personal_share(rows: Rows) -> NDArray[np.float32]:
    """Share of each row's words that looks personal, 0 to 1."""
    texts = (
        rows.first
        if rows.second is None
        else tuple(f"{a} {b}" for a, b in zip(rows.first, rows.second))
    )
    return np.array([_share(text) for text in texts], dtype=np.float32)


def _share(text: str) -> float:
    words = len(text.split())
    return (
        min(1.0, sum(len(found.split()) for found in PERSONAL.findall(text)) / words)
        if words
        else 0.0
    )
