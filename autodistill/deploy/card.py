"""A student's model card: its facts from a finished training."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autodistill.datasets.hub import repository_of
from autodistill.deploy.folder import default_out
from autodistill.deploy.names import CARD, PLAIN
from autodistill.deploy.older import needs_version_5
from autodistill.deploy.score_lines import score_lines
from autodistill.deploy.scores import Known
from autodistill.deploy.seeds import TEST_LOGITS
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.report.headline import FOUND
from autodistill.report.model_card import CardFacts, Confusion
from autodistill.report.sentences import metric_name, short_name
from autodistill.runtime.version import __version__
from autodistill.study.facts import StudyFacts
from autodistill.study.simple_baselines import TITLES
from autodistill.training.simple_baselines import fit_simple_baselines, trial_rows


def baselines(workspace: PreparedWorkspace, facts: StudyFacts) -> dict[str, float]:
    """Simple baselines on the validation rows: as the study knows them, or fitted on all rows."""
    task = workspace.task
    if facts.simple_baselines and facts.whole_baseline:
        known = [*facts.simple_baselines, facts.whole_baseline]  # that on all rows is the last one
        return {each["kind"]: float(each["score"]) for each in known}
    metric = families.build("metrics", task.metric, {})
    rows = trial_rows(task.train, len(task.train))
    found = fit_simple_baselines(rows, task.selection, task.classes, metric)
    return {each.kind: each.score for each in found}


def card_facts(
    folder: Path, workspace: PreparedWorkspace, known: Known, metrics: dict[str, Any]
) -> CardFacts:
    """The facts about a student in its folder, none of them a row of the dataset."""
    study, task, recipe = workspace.study, workspace.task, known.recipe
    dataset, teacher = short_name(study.dataset), short_name(study.teacher)
    is_local = Path(study.dataset).exists(), Path(study.teacher).exists()
    licence, settings = _licence(workspace.found.folder), folder / "tokenizer_config.json"
    lengths = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
    return CardFacts(
        name=default_out(recipe).name,
        dataset=dataset,
        dataset_repository="" if is_local[0] else repository_of(study.dataset),
        labels=task.label_names,
        rows={
            "train": len(task.train),
            "validation": len(task.selection),
            "test": len(task.test),
        },
        teacher=teacher,
        teacher_repository=study.teacher if "/" in study.teacher and not is_local[1] else "",
        pipeline=_pathless(str(recipe.pipeline), study.student),
        epochs=recipe.epochs,
        seed=recipe.seed,
        metrics=metrics,
        score_lines=score_lines(metrics),
        baselines=[(_upper(TITLES.get(k, k)), score) for k, score in metrics["baselines"].items()],
        teacher_validation=workspace.teacher_score,
        fingerprint=study.fingerprint,
        key=known.key,
        version=__version__,
        max_length=lengths.get("model_max_length", 0),
        gain=_gain(recipe.evidence),
        confusion=_confusion(folder, workspace) if "student_test" in metrics else None,
        licences={"teacher": licence} if licence else {},
        plain=(folder / PLAIN).exists(),
        needs_version_5=needs_version_5(folder),
        pairs=task.train.second is not None,
    )


def _gain(evidence: Any) -> str:
    """The gain of distillation in the recipe's study; empty where it is not known."""
    if "gain" not in evidence or "gain_interval" not in evidence:
        return ""
    low, high = evidence["gain_interval"]
    finding = FOUND.get(evidence.get("distillation", ""), "Distillation")
    return (
        f"{finding} in the short trials of its study: {metric_name(evidence['metric'])} "
        f"{evidence['gain']:+.4f} (95% interval {low:+.4f} to {high:+.4f}) over the same student "
        "trained on the labels alone."
    )


def _confusion(folder: Path, workspace: PreparedWorkspace) -> Confusion:
    task = workspace.task
    metric = families.build("metrics", task.metric, {})
    predictions = metric.decide(np.load(folder / TEST_LOGITS))
    counts = np.zeros((task.classes, task.classes), dtype=np.int64)
    np.add.at(counts, (task.test.labels, predictions), 1)
    return Confusion(task.label_names, counts.tolist())


def _licence(folder: Path) -> str:
    """The licence that a network's own card names; empty where there is none."""
    from huggingface_hub import ModelCard

    if not (folder / CARD).is_file():
        return ""
    try:
        said = ModelCard.load(folder / CARD, ignore_metadata_errors=True).data.license
    except Exception:  # a stranger's YAML; a training is not thrown away for it
        return ""
    return said if isinstance(said, str) and said != "unknown" else ""


def _pathless(pipeline: str, networks: Sequence[str]) -> str:
    """The pipeline, in which folders of networks have their last names."""
    for network in networks:
        pipeline = pipeline.replace(network, short_name(network))
    return pipeline


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
