"""Gains on other datasets with few labels and many texts, weighed against those on this one."""

import re
from dataclasses import replace
from statistics import fmean, stdev
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from autodistill.analysis.elsewhere import GAINS, Elsewhere, gained_elsewhere
from autodistill.analysis.gain import GUESS
from autodistill.analysis.verdict import Verdict, judge
from autodistill.registry import families
from autodistill.report.sentences import distillation_gain
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import StudyResult
from autodistill.study.study import Study
from benchmarks.ties import PIPELINES, simulate
from tests.paths import ROOT

FEW = StudyFacts(train_rows=200, pool_rows=2000)
ALL = {"transfer": Part("all")}
TAUGHT = Pipeline(Part("static"), (Term(Part("kl"), 1.0),), Part("adamw"), ALL)


def test_two_pieces_of_evidence_are_weighed_as_densities_are_multiplied() -> None:
    gains, low, value, high = (0.02, 0.05, 0.08), -0.05, 0.01, 0.07
    grid = np.linspace(-1, 1, 200_001)
    prior = norm.pdf(grid, fmean(gains), stdev(gains) * (4 / 3) ** 0.5)
    product = prior * norm.pdf(grid, value, (high - low) / 3.92)

    found = Elsewhere(gains).chance(value, low, high)

    assert found == pytest.approx(product[grid > 0].sum() / product.sum(), abs=1e-4)


def test_what_is_seen_precisely_counts_alone_and_what_is_not_seen_leaves_the_others() -> None:
    elsewhere = Elsewhere((0.02, 0.05, 0.08))

    assert elsewhere.chance(-0.01, -0.011, -0.009) < 0.001
    assert elsewhere.chance(-0.01, -0.01, -0.01) == 0
    spread = 0.03 * (4 / 3) ** 0.5
    assert elsewhere.chance(-0.5, -100.0, 99.0) == pytest.approx(norm.cdf(0.05 / spread), abs=1e-3)


@pytest.mark.parametrize(
    ("facts", "metric", "student", "stages", "applies"),
    [
        ({}, "accuracy", "static", ALL, True),
        ({"teacher_score": 0.9}, "accuracy", "slim", ALL, True),
        ({"teacher_score": 0.7}, "accuracy", "static", ALL, False),
        (
            {"train_rows": 2000, "pool_rows": 20_000},
            "accuracy",
            "static",
            {"transfer": Part("all")},
            False,
        ),
        ({"pool_rows": 500}, "accuracy", "static", ALL, False),
        ({"pool_rows": None}, "accuracy", "static", {}, False),
        ({}, "matthews", "static", ALL, False),
        ({}, "accuracy", "bag", ALL, False),
        ({}, "accuracy", "static", {}, False),
    ],
)
def test_it_counts_only_in_studies_like_those_that_were_measured(
    facts: dict[str, Any],
    metric: str,
    student: str,
    stages: dict[str, Part],
    applies: bool,
) -> None:
    record = StudyResult(Study("few", metric=metric), (), facts=FEW.updated(**facts))
    pipeline = replace(TAUGHT, student=Part(student), stages=stages)

    assert (gained_elsewhere(record, pipeline, alone=0.8) is not None) is applies


def unclear() -> list[StudyResult]:
    """Simulated studies of word vectors with a pool in which nothing differs."""
    draw, found = np.random.default_rng(1), []
    for _ in range(8):
        record, _ = simulate(np.zeros(PIPELINES), draw)
        outcomes = tuple(
            replace(
                o,
                pipeline=replace(
                    o.pipeline,
                    student=Part("static"),
                    stages={} if o.baseline else ALL,
                ),
            )
            for o in record.outcomes
        )
        found.append(replace(record, study=Study("few", metric="accuracy"), outcomes=outcomes))
    return found


def verdict(record: StudyResult, facts: StudyFacts) -> Verdict:
    score = families.build("metrics", "accuracy", {}).of_rows
    return judge(replace(record, facts=facts), score)


def test_a_recipe_that_is_not_shown_to_help_here_is_recommended_for_what_it_gained_elsewhere() -> (
    None
):
    before = [verdict(record, StudyFacts()) for record in unclear()]
    after = [verdict(record, FEW) for record in unclear()]

    changed = [
        (a, b)
        for a, b in zip(before, after)
        if b.gain and b.gain.finding == "elsewhere" and a.gain and a.gain.finding == "no"
    ]
    assert changed
    for was, now in changed:
        assert was.recommended.baseline == "alone"
        assert now.recommended in now.ties
        assert now.gain is not None
        assert now.gain.chance < GUESS
        text = distillation_gain(now, "accuracy")
        assert "not shown to help here, but is recommended" in text
        assert f"+0.093 on {len(GAINS['static'])} datasets)" in text
    same = [(a, b) for a, b in zip(before, after) if a.gain and a.gain.finding != "no"]
    assert all(a.gain and b.gain and a.gain.finding == b.gain.finding for a, b in same)


def test_the_gains_are_those_of_the_table() -> None:
    text = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    table = text[text.index("## unlabelled") : text.index("## shipped")]

    for kind, gains in GAINS.items():
        rows = re.findall(rf"\| {kind} \|.*?\| ([+-]0\.\d+) \(", table)
        assert tuple(map(float, rows[: len(gains)])) == gains
