"""Teachers that do not fit: labels unknown, too many or flipped, files missing."""

import json
import shutil
from pathlib import Path

import pytest

from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Screen
from autodistill.study.study import Study
from tests.commands import refused, says
from tests.fakes import sentences, write_csv

pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def renamed(folder: Path) -> Path:
    """The sentences with labels that the teacher has never heard of."""
    return write_csv(
        folder / "renamed.csv",
        [(text, {"neg": "bad", "pos": "good"}[label]) for text, label in sentences(200)],
    )


def score(data: Path, teacher: Path, labels: tuple[str, ...]) -> float:
    """The teacher's score with these names for its outputs."""
    study = Study(str(data), str(teacher), labels=labels)
    found = prepare(open_workspace(study, Screen(), None), Screen()).teacher_score
    assert found is not None
    return found


def test_labels_that_do_not_match_are_shown_from_both_sides_and_the_option_helps(
    renamed: Path, teacher: Path
) -> None:
    message = refused("--dataset", renamed, "--teacher", teacher)

    says(message, "(neg, pos) are not the task's (bad, good)", "--teacher-labels bad,good")
    assert score(renamed, teacher, ("bad", "good")) > 0.9


def test_a_wrong_number_of_teacher_labels_is_refused(renamed: Path, teacher: Path) -> None:
    message = refused(
        "--dataset", renamed, "--teacher", teacher, "--teacher-labels", "bad,good,ugly"
    )

    says(message, "bad, good, ugly", "bad, good)")


def test_flipped_labels_are_caught_and_the_proposed_order_is_right(
    reviews: Path, teacher: Path, folder: Path
) -> None:
    flipped = Path(shutil.copytree(teacher, folder / "flipped"))
    config = json.loads((flipped / "config.json").read_text())
    (flipped / "config.json").write_text(
        json.dumps(
            {**config, "id2label": {"0": "pos", "1": "neg"}, "label2id": {"pos": 0, "neg": 1}}
        )
    )

    message = refused("--dataset", reviews, "--teacher", flipped)

    says(message, "flipped", "in another order", "seem to be mixed up", "--teacher-labels neg,pos")
    assert score(reviews, flipped, ("neg", "pos")) > 0.9


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("config.json", "no config.json"),
        ("model.safetensors", "holds no weights"),
        ("tokenizer.json", "no tokenizer"),
    ],
)
def test_a_teacher_folder_that_is_not_complete_is_named_with_what_it_lacks(
    name: str, said: str, reviews: Path, teacher: Path, folder: Path
) -> None:
    partial = Path(shutil.copytree(teacher, folder / "partial"))
    (partial / name).unlink()

    says(refused("--dataset", reviews, "--teacher", partial), "partial", said)
