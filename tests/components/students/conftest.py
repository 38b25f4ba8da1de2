"""The tiny teacher with its two vocabularies."""

from pathlib import Path

import numpy as np
import pytest

from autodistill.components.students import Backbone, Vocabulary
from autodistill.datasets import Rows
from autodistill.prepare.tokens import vocabularies
from tests.fakes import sentences

TEXTS = tuple(text for text, _ in sentences(24, seed=5))


@pytest.fixture(scope="session")
def backbone(teacher: Path) -> Backbone:
    """The tiny teacher: two layers of width 32."""
    return Backbone(teacher, ("neg", "pos"), (0, 1), 2, 32)


@pytest.fixture(scope="session")
def words(teacher: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Vocabulary]:
    """The full vocabulary, and the one trimmed to TEXTS."""
    rows = Rows(TEXTS, None, np.zeros(len(TEXTS), dtype=np.int64))
    return vocabularies(teacher, rows, 64, tmp_path_factory.mktemp("home"))
