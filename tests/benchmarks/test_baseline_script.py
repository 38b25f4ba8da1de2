"""The program to compare with: what it is asked, which answers count."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from autodistill.datasets import load
from autodistill.errors import DataError, SpecError
from benchmarks.baseline.rows import write_rows
from benchmarks.baseline.script import Answer, Ask, layers_of, run_script


@pytest.fixture
def ask(root: Path, classifier: Path) -> Ask:
    return Ask("glue/sst2", root, classifier, 200, (1,), 16, 4, seeds=5, threads=1, cache=False)


def answer(**changes: Any) -> Answer:
    """With two trials and five seeds, of both the recipe and the student without a teacher."""
    values = {
        "args": {"seeds": 5},
        "search_seconds": 100,
        "kd_test": (0.8, 0.01),
        "control_test": (0.7, 0.01),
    }
    return Answer(**{**values, "curve": [(40, 0.7), (70, 0.8)], **changes})


def test_the_program_gets_every_option_and_its_answer_is_kept_with_its_seconds(
    ask: Ask, fake: Path, tmp_path: Path
) -> None:
    found = run_script(fake, ask, tmp_path / "naive.json")

    kept = json.loads((tmp_path / "naive.json").read_text())
    assert {k: kept["args"][k] for k in ask.values()} == ask.values()
    assert found.kd_test == (0.6, 0.02)
    assert found.wall_seconds == kept["wall_seconds"]
    assert Answer.load(tmp_path / "naive.json", ask) == found


def test_the_cache_is_passed_on(ask: Ask, fake: Path, tmp_path: Path) -> None:
    assert run_script(fake, replace(ask, cache=True), tmp_path / "naive.json").args["cache"] is True


def test_a_program_that_fails_is_reported_with_its_command(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise SystemExit(3)")

    with pytest.raises(
        SpecError, match=r"broken\.py ended with exit code 3.*--rows 200 --layers 1"
    ):
        run_script(tmp_path / "broken.py", ask, tmp_path / "naive.json")


def test_an_answer_to_another_question_is_refused(ask: Ask, fake: Path, tmp_path: Path) -> None:
    run_script(fake, ask, tmp_path / "naive.json")

    with pytest.raises(SpecError) as caught:
        Answer.load(tmp_path / "naive.json", replace(ask, trials=20, cache=True))

    assert caught.value.problems[0].endswith("trials was 16, now it is 20.")
    assert caught.value.problems[1].endswith("cache was False, now it is True.")


@pytest.mark.parametrize(
    ("text", "part"), [("{", "the text"), ('{"args": {}}', "search_seconds: field required")]
)
def test_what_is_no_answer_is_refused(ask: Ask, tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "naive.json").write_text(text)

    with pytest.raises(SpecError, match=part):
        Answer.load(tmp_path / "naive.json", ask)


def test_one_training_is_a_share_of_what_followed_the_search() -> None:
    # 5 trainings of the recipe and 5 of its control in 160 - 100 s
    assert answer(wall_seconds=160).fit_seconds == 6
    assert answer(wall_seconds=160, control_test=None).fit_seconds == 12
    assert answer().fit_seconds == 30  # the shortest step of the curve


def test_layers_are_numbers() -> None:
    assert layers_of("0, 5") == (0, 5)
    with pytest.raises(SpecError, match="--layers 0-5"):
        layers_of("0-5")


def test_autodistill_is_given_the_rows_that_the_program_draws(
    ask: Ask, root: Path, tmp_path: Path
) -> None:
    folder = write_rows(ask, tmp_path)

    drawn = pd.read_parquet(root / "glue/sst2/train-00000-of-00001.parquet").sample(
        2200, random_state=0
    )
    written = pd.read_parquet(folder / "train.parquet")
    task = load(str(folder), rows=200)
    assert written["sentence"].tolist() == drawn["sentence"].tolist()
    assert written["label"].tolist() == drawn["label"].tolist()
    assert (len(task.train), len(task.selection), len(task.test)) == (200, 440, 100)
    assert task.label_names == ("negative", "positive")
    assert set(task.train.first) <= set(drawn["sentence"])


def test_a_dataset_that_is_absent_or_too_small_is_refused(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(
        DataError, match=r"glue/rte has no train-00000-of-00001\.parquet and no validation"
    ):
        write_rows(replace(ask, data="glue/rte"), tmp_path)
    with pytest.raises(DataError, match="has 2,400 rows; --rows 401 needs 2,401"):
        write_rows(replace(ask, rows=401), tmp_path)
