"""Sixteen students with proxies, and the study of their short trainings."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from autodistill.search.screening.entries import Entry
from autodistill.study.facts import StudyFacts
from autodistill.study.pipeline import Part, Pipeline, Term
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study

SPACE = """
[student.cut]
keep = [0.5, 1.0]
vocabulary = ["full"]
embeddings = ["frozen"]
dropout = [0.0]
[student.scratch]
layers = [1, 2]
width = [64, 128]
heads = [2]
feed_forward = [2]
vocabulary = ["full"]
dropout = [0.0]
[student.bag]
width = [32, 64]
layers = [1, 1]
rank = [32]
vocabulary = ["full"]
dropout = [0.1]
[hard.ce]
[logit.kl]
[feature.none]
[mapping.skip]
[optimizer.adamw]
lr = [1e-4, 1e-3]
batch = [16]
[default]
student = "cut"
"optimizer.adamw.lr" = 3e-4
"""
SIZES = np.geomspace(1e6, 1e7, 16)
QUALITY = np.random.default_rng(3).normal(size=16)


def entry(place: int) -> Entry:
    """One of sixteen students; `sees` knows what size does not, `guess` nothing."""
    scores = {
        "params": SIZES[place],
        "sees": float(np.log(SIZES[place]) + 2 * QUALITY[place]),
        "guess": float(place * 7 % 16),
    }
    return Entry(
        Part("cut", {"keep": place}),
        {"params": SIZES[place], "latency_ms": place + 1.0},
        {n: (v, 0.1) for n, v in scores.items()},
    )


def run(place: int, seed: int, score: float) -> Trial:
    """A short training of it."""
    pipeline = Pipeline(entry(place).student, (Term(Part("ce"), 1.0),), Part("adamw"))
    return Trial(10 * place + seed, pipeline, seed, "complete", score=score)


def record(trained: Sequence[int], seeds: int = 1, **facts: Any) -> StudyResult:
    """The study after short trainings of these students."""
    runs = [
        run(p, s, float(0.7 + 0.01 * np.log(SIZES[p]) + 0.02 * QUALITY[p] + 0.0001 * s))
        for p in trained
        for s in range(seeds)
    ]
    known = StudyFacts(students=[entry(p).to_dict() for p in range(16)], **facts)
    return StudyResult(
        Study("reviews.csv", students="each", metric="accuracy"), tuple(runs), 1.0, known
    )
