"""Candidate students of a space."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.datasets import Rows
from autodistill.search.screening.candidates import Candidates
from autodistill.study import spaces
from autodistill.study.pipeline import Part
from tests.fakes import sentences
from tests.search.screening.test_scoring import SPACE
from tests.training.materials import materials


def test_a_student_that_is_drawn_again_is_not_built_again(
    tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "small.toml").write_text(SPACE, encoding="utf-8")
    texts, labels = zip(*sentences(60), strict=True)
    rows = Rows(texts, None, np.array([x == "pos" for x in labels], int))
    data = materials(teacher, ("neg", "pos"), rows, 20, tmp_path)
    drawn = Candidates(spaces.space(str(tmp_path / "small.toml")), data, {})
    built = list[Part]()

    def build(part: Part, really: Any = drawn.build) -> Any:
        built.append(part)
        return really(part)

    monkeypatch.setattr(drawn, "build", build)
    found = drawn.draw(10)

    assert {c.student.name for c in found} == {"cut", "scratch"}
    assert len(found) < len(built) == len({repr(part) for part in built})
