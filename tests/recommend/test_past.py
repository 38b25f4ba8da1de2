from dataclasses import replace

import pytest

from autodistill.recommend.past import CORE, ask, learn
from autodistill.study.pipeline import NONE
from tests.recommend.studies import ABOUT, COMMON, past, pipeline

KNOWN = learn({f"s{i}": past(i) for i in range(3)})


def test_seeds_are_averaged_and_controls_left_out() -> None:
    record = past(0)
    first = [o.score for o in record.outcomes if o.pipeline == COMMON[0] and not o.baseline]

    assert len(KNOWN.evidence) == 3 * len(COMMON)
    assert KNOWN.evidence.scores[0] == pytest.approx(sum(filter(None, first)) / 2)
    assert KNOWN.evidence.scores.max() < 0.99


def test_a_study_that_says_too_little_is_not_learned_from() -> None:
    bare, short = past(0), past(1)
    bare = replace(bare, facts={k: v for k, v in bare.facts.items() if k != "fingerprint"})
    short = replace(short, outcomes=short.outcomes[:5])

    assert list(learn({"bare": bare, "short": short, "whole": past(2)}).records) == ["whole"]


def test_what_a_dataset_is_like_stands_on_each_of_its_rows() -> None:
    assert KNOWN.evidence.features["log_rows"].unique() == pytest.approx([3.0, 3.1, 3.2])
    assert KNOWN.evidence.of_dataset == CORE


def test_the_portfolio_is_what_most_studies_have_the_best_first() -> None:
    found = KNOWN.portfolio(images=False)

    assert {p.key for p in found} == {p.key for p in COMMON}
    assert found[0].stage("mixup") != NONE
    assert found[0].student.knobs["keep"] == 1.0
    assert KNOWN.portfolio(images=True) == []


def test_what_won_is_the_best_of_what_was_run_again_and_not_what_was_run_most_often() -> None:
    record = past(0)
    better = max(
        COMMON,
        key=lambda p: sum(
            o.score or 0 for o in record.outcomes if o.pipeline == p and not o.baseline
        ),
    )
    often = [
        replace(record.outcomes[0], number=100 + n, seed=2 + n) for n in range(3)
    ]  # of the first, which is not the best
    lucky = replace(record.outcomes[0], number=200, pipeline=pipeline(8.0), score=0.98)  # once

    assert better != COMMON[0]
    assert (
        learn({"s": replace(record, outcomes=(*record.outcomes, *often, lucky))}).best("s")
        == better
    )
    assert (
        learn({"s": replace(past(0, seeds=1), outcomes=(*past(0, seeds=1).outcomes, lucky))}).best(
            "s"
        )
        == lucky.pipeline
    )


def test_a_question_has_the_columns_of_the_evidence() -> None:
    asked = ask(KNOWN, [pipeline(8.0, 0.75)], {**ABOUT, "log_rows": 5.0})

    assert asked.features.columns.tolist() == KNOWN.evidence.features.columns.tolist()
    assert asked.features["log_rows"].tolist() == [5.0]
    assert asked.features["student.cut.keep"].tolist() == [0.75]


def test_other_scores_are_other_evidence() -> None:
    assert (
        KNOWN.key
        == learn({f"s{i}": past(i) for i in range(3)}).key
        != learn({f"s{i}": past(i, noise=0.003) for i in range(3)}).key
    )
