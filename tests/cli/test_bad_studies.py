"""Studies that cannot be used: unknown, unfinished, with another question."""

from pathlib import Path

import pytest

from tests.commands import refused, says
from tests.records import outcome, write_study

pytestmark = pytest.mark.usefixtures("folder")


def test_recommend_on_an_unknown_study_names_the_known_ones(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.9))

    says(
        refused("--study", "tinny", "--storage", "x.db", verb="recommend"),
        "unknown study 'tinny'",
        "'x.db'",
        "Did you mean 'tiny'?",
    )


def test_recommend_without_a_complete_run_says_how_to_go_on(folder: Path) -> None:
    write_study(folder / "x.db", outcome(0, 0.5, "stopped"))

    message = refused("--study", "tiny", "--storage", "x.db", "--out", "r.toml", verb="recommend")

    says(message, "study 'tiny' has no complete run yet", "Run the same search again")


def test_a_name_that_stands_for_another_question_is_refused(
    reviews: Path, teacher: Path, folder: Path
) -> None:
    write_study(folder / "x.db")

    message = refused(
        "--dataset", reviews, "--teacher", teacher, "--study", "tiny", "--storage", "x.db"
    )

    says(
        message,
        "study 'tiny' already exists with other settings",
        "give --study another name",
        "dataset: was 'reviews.csv'",
    )
