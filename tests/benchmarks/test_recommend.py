"""The measurement of recommendations.

On evidence with a known truth, and on a table in the published layout.
"""

from pathlib import Path

import numpy as np
import pytest

from autodistill.errors import SpecError
from autodistill.recommend.choice import at_random, judge
from autodistill.recommend.models import MODELS
from benchmarks.recommend import coverage, intervals, read_table
from tests.recommend.planted import planted

KNOWN = planted()
JUDGED = judge(KNOWN, makers={"linear": MODELS["linear"]})
HEAD = (
    "Model,Teacher,intermediate_loss_type,alpha,intermediate_strategy,kd_loss_type,mixup,repeated_aug,aug_p,#example,score,task,ratio,"
    "baseline_score,contextual,backtranslation,random\n"
)


@pytest.mark.slow
def test_pipelines_at_random_are_as_good_as_the_mean_of_all() -> None:
    here = KNOWN.only("d0")
    expected = (here.scores - here.scores.min()).mean() / np.ptp(here.scores)

    assert at_random(here, 2000).rec_at_1 == pytest.approx(expected, abs=0.02)
    assert abs(at_random(here, 2000).spearman) < 0.02


def test_an_interval_holds_its_mean_and_says_that_the_truth_beats_chance() -> None:
    found = intervals([JUDGED.nested], KNOWN)

    for told in found.values():
        for mean, low, high in told.values():
            assert low <= mean <= high
    assert found["rec_at_1"]["difference"][1] > 0
    assert found["regret_1"]["difference"][2] < 0


def test_intervals_of_errors_cover_about_what_they_say() -> None:
    assert 0.6 < coverage(KNOWN, JUDGED) < 0.95


def test_the_published_layout_is_read_duplicates_averaged_and_a_silent_loss_known(
    tmp_path: Path,
) -> None:
    row = "TinyBERT4,BERT_BASE,{},0.1,skip,{},FALSE,1,0.3,100,{},{},1,0,0,2,1\n"
    rows = [
        ("mse", "ce", 0.5, "cola"),
        ("mse", "ce", 0.7, "cola"),
        ("mi", "mse", 0.9, "cola"),
        ("mse", "ce", 0.1, "stsb"),
    ]
    others = "BERT_TINY,BERT_BASE,mse,0.1,skip,ce,FALSE,1,0.3,100,0.2,cola,1,0,0,0,0\n"
    (tmp_path / "pipelines.csv").write_text(
        HEAD + "".join(row.format(*r) for r in rows) + others, encoding="utf-8"
    )
    (tmp_path / "dataset_features.csv").write_text(
        "task,#example,#label\ncola,1000,2\nstsb,100,1\n", encoding="utf-8"
    )

    found = read_table(tmp_path)

    assert sorted(found.scores.tolist()) == pytest.approx([0.1, 0.6, 0.9])
    assert found.hopeless is not None
    assert found.datasets[found.hopeless].tolist() == ["stsb"]
    by_score = dict(zip(found.scores.round(3).tolist(), found.features.to_dict("records")))
    assert by_score[0.6]["alpha"] == 0.5  # says nothing beside squares
    assert by_score[0.9]["alpha"] == 0.1
    assert by_score[0.9]["log rows"] == 3.0
    assert by_score[0.9]["operators"] == 2.0


def test_a_folder_without_the_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"pipelines\.csv, dataset_features\.csv missing"):
        read_table(tmp_path)
