"""A student's model card: README.md with the metadata that the Hugging Face hub reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from autodistill.report.sentences import metric_name

HUB_METRICS = {
    "accuracy": "accuracy",
    "f1": "f1",
    "macro_f1": "f1",
    "matthews": "matthews_correlation",
    "pearson": "pearsonr",
}
"""Names of metrics on the hub."""
EXAMPLES = (
    "The parcel came two days early and everything in it works.",
    "I waited for an hour, and nobody could tell me why.",
    "The committee meets again on Thursday to decide about the new bridge.",
)
"""Texts of our own; a card shows none of a person's dataset."""
HERE = "path/to/this/folder"
"""The student's place in the card's example."""
MOST_CLASSES = 12
"""Classes whose confusion matrix is shown whole."""
SHOWN_CONFUSIONS = 10


@dataclass(frozen=True)
class Confusion:
    """Counts of the held-out test rows by class: rows are labels, columns are predictions."""

    labels: Sequence[str]
    counts: Sequence[Sequence[int]]

    @property
    def is_small(self) -> bool:
        """Whether it is shown whole."""
        return len(self.labels) <= MOST_CLASSES

    @property
    def largest(self) -> list[tuple[str, str, int]]:
        """The most frequent errors: label, prediction, rows."""
        errors = [
            (self.labels[i], self.labels[j], count)
            for i, row in enumerate(self.counts)
            for j, count in enumerate(row)
            if i != j and count
        ]
        return sorted(errors, key=lambda error: -error[2])[:SHOWN_CONFUSIONS]


@dataclass(frozen=True)
class CardFacts:
    """All that a card says."""

    name: str
    dataset: str
    dataset_repository: str
    """On the hub; empty: not of the hub."""
    labels: Sequence[str]
    rows: Mapping[str, int]
    """train, validation, test."""
    teacher: str
    teacher_repository: str
    pipeline: str
    epochs: int
    seed: int
    metrics: Mapping[str, Any]
    """Content of metrics.json."""
    score_lines: Sequence[str]
    baselines: Sequence[tuple[str, float]]
    """Simple baselines in words, and their scores on the validation rows."""
    teacher_validation: float | None
    fingerprint: str
    key: str
    version: str
    max_length: int
    gain: str = ""
    """The gain of distillation, in a sentence."""
    confusion: Confusion | None = None
    licences: Mapping[str, str] = field(default_factory=dict)
    """The teacher's licence, where it is known."""
    plain: bool = False
    """Whether there is a modeling.py."""
    needs_version_5: bool = False
    pairs: bool = False

    @property
    def of_images(self) -> bool:
        """Whether it reads images."""
        return "image" in self.metrics

    @property
    def task(self) -> str:
        """The hub's name of the task."""
        return "image-classification" if self.of_images else "text-classification"


def render(facts: CardFacts) -> str:
    """The whole file: metadata between dashes, then Markdown."""
    environment = Environment(
        loader=PackageLoader("autodistill.report", "."),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["cell"] = _cell
    text = environment.get_template("model_card.md").render(
        facts=facts, m=facts.metrics, metric=metric_name(facts.metrics["metric"]), here=HERE
    )
    return f"---\n{_metadata(facts)}\n---\n\n{text.strip()}\n"


def _metadata(facts: CardFacts) -> str:
    """The YAML of the head, written by the hub's own library."""
    from huggingface_hub import EvalResult, ModelCardData

    m = facts.metrics
    kind = HUB_METRICS.get(m["metric"], m["metric"])
    scores = [("validation", m.get("validation")), ("test", m.get("student_test"))]
    results = [
        EvalResult(
            task_type=facts.task,
            dataset_type=facts.dataset_repository or facts.dataset,
            dataset_name=facts.dataset,
            dataset_split=split,
            metric_type=kind,
            metric_value=round(score, 6),
        )
        for split, score in scores
        if score is not None
    ]
    shows = not facts.of_images and not facts.pairs
    more: dict[str, Any] = {"widget": [{"text": text} for text in EXAMPLES]} if shows else {}
    data = ModelCardData(
        model_name=facts.name,
        library_name="transformers",
        pipeline_tag=facts.task,
        license=facts.licences.get("teacher", "unknown"),
        tags=["autodistill", "knowledge-distillation"],
        metrics=[kind],
        datasets=[facts.dataset_repository] if facts.dataset_repository else None,
        base_model=facts.teacher_repository or None,
        eval_results=results or None,
        **more,
    )
    return str(data.to_yaml())


def _cell(text: str) -> str:
    """A text in a cell of a table, on one line."""
    return " ".join(str(text).replace("|", "\\|").split())
