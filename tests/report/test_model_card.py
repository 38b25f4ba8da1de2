"""A model card: its metadata are the hub's, its tables true, none of the person's texts in it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import ModelCard

from autodistill.report.model_card import EXAMPLES, CardFacts, Confusion, render

METRICS: dict[str, Any] = {
    "metric": "matthews",
    "params": 1_000,
    "teacher_params": 4_000,
    "size_bytes": 4_000_000,
    "latency_ms": 0.25,
    "latency_tokens": 11,
    "own_code": "",
    "trained_on_rows": 90,
    "train_seconds": 3.5,
    "validation": 0.75,
    "validation_interval": [0.7, 0.8],
    "validation_rows": 30,
    "validation_of": "recipe",
}
TEST = {
    "test_rows": 40,
    "student_test": 0.8125,
    "student_test_interval": [0.75, 0.875],
    "test_reading": 2,
    "test_recipes_before": 1,
}


def facts(**changed: Any) -> CardFacts:
    """A student of a dataset of the hub."""
    known: dict[str, Any] = {
        "name": "student-sst2",
        "dataset": "glue/sst2",
        "dataset_repository": "nyu-mll/glue",
        "labels": ("bad | worse", "good"),
        "rows": {"train": 60, "validation": 30, "test": 40},
        "teacher": "owner/big",
        "teacher_repository": "owner/big",
        "pipeline": "cut · kl",
        "epochs": 1,
        "seed": 0,
        "metrics": METRICS,
        "score_lines": ["a line about scores"],
        "baselines": [("The most frequent class", 0.0)],
        "teacher_validation": 0.875,
        "fingerprint": "abc-def",
        "key": "0123",
        "version": "0.1.0",
        "max_length": 64,
    }
    return CardFacts(**{**known, **changed})


def test_the_metadata_are_read_by_the_hub_s_own_library(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(render(facts(metrics=METRICS | TEST)), encoding="utf-8")

    data = ModelCard.load(tmp_path / "README.md").data

    assert (data.pipeline_tag, data.library_name) == ("text-classification", "transformers")
    assert (data.license, data.base_model) == ("unknown", "owner/big")
    assert (data.datasets, data.metrics) == (["nyu-mll/glue"], ["matthews_correlation"])
    assert [w["text"] for w in data.widget] == list(EXAMPLES)
    assert data.model_name == "student-sst2"
    scores = {each.dataset_split: each.metric_value for each in data.eval_results}
    assert scores == {"validation": 0.75, "test": 0.8125}


def test_a_student_that_was_not_scored_on_the_test_has_no_such_score_and_says_so() -> None:
    text = render(facts())

    assert "held-out test |" not in text.replace("| held-out test rows | 40 |", "")
    assert "It was not scored on the held-out test." in text
    assert "split: test" not in text


def test_a_later_reading_of_the_test_is_a_caveat() -> None:
    text = render(facts(metrics=METRICS | TEST))

    assert "reading 2 of the held-out test; 1 recipe had been scored on these rows before" in text


def test_the_confusion_of_few_classes_is_shown_whole() -> None:
    text = render(facts(confusion=Confusion(("bad | worse", "good"), [[5, 2], [1, 7]])))

    assert "| label \\ prediction | bad \\| worse | good |\n|---|---|---|\n" in text
    assert "| bad \\| worse | 5 | 2 |\n| good | 1 | 7 |\n" in text


def test_of_many_classes_the_most_frequent_errors_are_shown() -> None:
    labels = [f"class{i}" for i in range(13)]
    counts = [[0] * 13 for _ in labels]
    counts[0][0], counts[2][5], counts[1][0] = 50, 3, 4

    text = render(facts(labels=labels, confusion=Confusion(labels, counts)))

    assert "| class1 | class0 | 4 |\n| class2 | class5 | 3 |\n" in text
    assert "| class0 | class0 |" not in text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, 'pipeline("text-classification", "path/to/this/folder", truncation=True)'),
        ({"plain": True}, "from modeling import Network"),
        ({"needs_version_5": True}, "Transformers 5 or newer"),
        ({"pairs": True}, '"text_pair"'),
        ({"licences": {"teacher": "mit"}}, "license: mit"),
        ({"gain": "Distillation helped."}, "- Distillation helped."),
        ({"metrics": METRICS | {"own_code": "static.py"}}, "trust_remote_code=True)"),
        ({"metrics": METRICS | {"unlabelled_rows": 1234}}, "by the teacher | 1,234 |"),
        ({"metrics": METRICS | {"image": [8, 9]}}, "an image of 8 by 9 pixels"),
    ],
)
def test_what_is_known_is_said(changed: dict[str, Any], said: str) -> None:
    assert said in render(replace(facts(), **changed))


def test_an_image_s_card_has_no_texts() -> None:
    text = render(facts(metrics=METRICS | {"image": [8, 9]}))

    assert "widget" not in text
    assert "tokens" not in text
    assert "image-classification" in text
