"""A study as files: nothing that the answer needs is lost."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autodistill.analysis.recommendation import recommend
from autodistill.errors import SpecError
from autodistill.storage.files import FILES, publish, read
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Selection, StudyResult, Trial, as_bytes
from autodistill.study.study import Study
from tests.commands import run_cli
from tests.paths import ROOT
from tests.records import FACTS, outcome, pipeline, write_study


def record() -> StudyResult:
    """Complete, stopped, rejected and failed runs.

    One has a comma and a line break in its error.
    """
    classes = np.arange(20) % 2
    done = [
        replace(
            outcome(n, 0.8 + n / 100),
            predictions=as_bytes(classes),
            curve=((1, 0.5), (4, 0.8 + n / 100)),
        )
        for n in range(3)
    ]
    failed = Trial(4, pipeline(9.0), 0, "failed", error='ValueError: "a, b"\nat c')
    rejected = Trial(5, pipeline(9.5), 0, "rejected", cost={"params": 1e9})
    study = Study(
        "reviews.csv", metric="accuracy", columns={"text": "review"}, limits={"params": 5e6}
    )
    return StudyResult(
        study,
        (*done, outcome(3, 0.7, "stopped"), failed, rejected),
        12.5,
        StudyFacts(**FACTS),
        Selection(as_bytes(classes), as_bytes(1 - classes)),
    )


def test_what_is_read_back_is_what_was_published(tmp_path: Path) -> None:
    publish(record(), "mine", tmp_path / "mine")

    assert {p.name for p in (tmp_path / "mine").iterdir()} == set(FILES)
    assert read(tmp_path / "mine") == record()


def test_predictions_of_many_rows_are_read_back(tmp_path: Path) -> None:
    classes = np.random.default_rng(0).integers(0, 60_000, 100_000)
    many = replace(record(), selection=Selection(as_bytes(classes), as_bytes(classes)))
    publish(many, "mine", tmp_path / "mine")

    assert read(tmp_path / "mine").selection == many.selection


def test_scores_alone_are_read_without_predictions(tmp_path: Path) -> None:
    publish(record(), "mine", tmp_path / "mine")

    scores = read(tmp_path / "mine", predictions=False)

    assert scores == replace(
        record(),
        outcomes=tuple(replace(o, predictions=b"") for o in record().outcomes),
        selection=None,
    )


def test_the_answer_is_the_same(tmp_path: Path) -> None:
    publish(record(), "mine", tmp_path / "mine")

    assert recommend(read(tmp_path / "mine"), "mine")[0] == recommend(record(), "mine")[0]


def test_a_study_that_went_on_replaces_its_files_and_another_does_not(tmp_path: Path) -> None:
    publish(replace(record(), outcomes=record().outcomes[:2]), "mine", tmp_path / "mine")
    publish(record(), "mine", tmp_path / "mine")
    assert read(tmp_path / "mine") == record()

    with pytest.raises(SpecError, match="holds another study; give another folder with --to"):
        publish(replace(record(), study=Study("other.csv")), "other", tmp_path / "mine")
    assert read(tmp_path / "mine") == record()


def test_a_folder_that_is_no_study_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        SpecError,
        match=r"is not a published study: study\.toml, outcomes\.csv, guesses\.csv missing",
    ):
        read(tmp_path)


def test_the_command_writes_a_study_of_the_database(folder: Path) -> None:
    write_study(folder / "autodistill.db", outcome(0, 0.9), outcome(1, 0.8))

    ran = run_cli("studies", "publish", "tiny")

    assert ran.code == 0, ran.err
    assert "Written to studies/tiny: study.toml, outcomes.csv (2 runs), guesses.csv" in ran.out
    assert [o.score for o in read(folder / "studies" / "tiny").outcomes] == [0.9, 0.8]
    assert run_cli("studies", "publish", "tin").code == 2


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "studies").glob("*/study.toml")),
    ids=lambda p: p.parent.name,
)
def test_a_study_that_ships_can_be_read_and_names_no_path(path: Path) -> None:
    found = read(path.parent)

    assert found.finished
    named = (found.study.dataset, found.study.teacher, found.study.space)
    assert all(re.fullmatch(r"[\w-]+(/[\w-]+)?", value) for value in named), (
        "a name, or a hub's name with its owner: never a path"
    )
