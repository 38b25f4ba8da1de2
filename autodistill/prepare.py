"""Everything that a study's trials need, on disk: the task's rows as tokens, the teacher's signals, the space."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill import cache, catalog, family, tasks, teachers
from autodistill.arrays import Shard, Signals, TokenTable
from autodistill.record import Selection, as_bytes
from autodistill.screen import Screen, short
from autodistill.space import Conditions, Space
from autodistill.students import Backbone
from autodistill.study import Study
from autodistill.tasks import Rows, Task
from autodistill.teach.labels import check_floor, match
from autodistill.teach.signals import Recorded, record
from autodistill.teach.soft_labels import record_soft_labels
from autodistill.teach.tokens import tokenize, vocabularies
from autodistill.teachers import Found
from autodistill.train.full import tune, tuning
from autodistill.train.trial import TrialData


@dataclass(frozen=True)
class Prepared:
    """A study with its materials."""

    study: Study
    task: Task
    teacher: Found
    space: Space
    data: TrialData
    teacher_score: float
    """The study's metric on the selection rows."""
    selection: Selection
    recorded: Recorded
    home: Path

    def test_shard(self, tokenizer: Path) -> Shard:
        """The locked test rows as tokens of this tokenizer."""
        tokens = tokenize(tokenizer, self.task.test, self.study.max_length, self.home)
        return Shard(tokens, _labels(self.task.test, self.home))


def prepare(study: Study, screen: Screen, data_root: Path | None) -> Prepared:
    """Load the task, find or tune the teacher, record its signals; what is on disk already is used again."""
    home, bfloat16 = cache.home(), fast_bfloat16()
    space = catalog.space(study.space)
    task = tasks.load(
        study.dataset, data_root=data_root, columns=study.columns, metric=study.metric, rows=study.rows
    )
    screen.line(
        f"task      {task.name}: {len(task.train):,} rows to train on, {len(task.selection):,} to choose by, "
        f"{len(task.test):,} locked for the test; "
        f"{task.classes} classes, {task.metric}"
    )
    for note in task.notes:
        screen.line(f"          {note}")
    found = teachers.find(study.teacher)
    if not found.tuned:
        found = _tuned(found, task, study, screen, home, bfloat16)
    backbone = _backbone(found, task, study)
    known = _join(task.train, task.selection)
    signals, recorded = _signals(found, backbone, known, task, study, screen, home, bfloat16)
    selection = np.asarray(signals.logits[len(task.train) :])
    check_floor(selection, task.selection.labels, task.label_names, backbone.order, found.name)
    score = family.build("metrics", task.metric, {})(selection.argmax(1), task.selection.labels)
    screen.line(f"teacher   {found.name}: {task.metric} {score:.4f} on the selection rows; {_cost(recorded)}")
    words = vocabularies(found.folder, task.train, study.max_length, home)
    shards = {
        name: Shard(tokenize(v.folder, known, study.max_length, home), _labels(known, home), recorded.folder) for name, v in words.items()
    }
    fitted = space.fit(Conditions(classes=task.classes, pooled=bool(signals.pooled)))
    data = TrialData(backbone, words, shards, len(task.train), len(task.selection), task.metric, bfloat16)
    named = replace(study, metric=task.metric, fingerprint=f"{task.fingerprint}-{found.key}-{fitted.key}")
    judged_by = Selection(as_bytes(task.selection.labels), as_bytes(selection.argmax(1)))
    return Prepared(named, task, found, fitted, data, score, judged_by, recorded, home)


def fast_bfloat16() -> bool:
    """Whether this CPU computes bfloat16 itself (emulated, it is slower than float32)."""
    flags = dict[str, Any](torch.cpu.get_capabilities())
    return bool(flags.get("avx512_bf16") or flags.get("amx_bf16"))


def _tuned(found: Found, task: Task, study: Study, screen: Screen, home: Path, bfloat16: bool) -> Found:
    """The same teacher after fine-tuning on this task's training rows."""
    how = hashlib.sha256(repr((tuning(len(task.train)), study.max_length, study.seed, bfloat16)).encode()).hexdigest()[:8]
    folder = home / "teachers" / f"{found.key}-{task.train.digest}-{_digest(task)}-{how}"

    def make(draft: Path) -> None:
        words = vocabularies(found.folder, task.train, study.max_length, home)["trimmed"]
        shard = Shard(tokenize(words.folder, task.train, study.max_length, home), _labels(task.train, home))
        screen.line(f"teacher   {found.name}: fine-tuning on {len(task.train):,} rows, once for this dataset")
        with screen.bar("fine-tuning the teacher") as tick:
            seconds = tune(found.folder, task.label_names, words, shard, draft, seed=study.seed, bfloat16=bfloat16, tick=tick)
        screen.line(f"teacher   {found.name}: fine-tuned in {short(seconds)}")

    cache.once(folder, make)
    return replace(found, folder=folder, key=teachers.sha256(folder / "model.safetensors")[:16], label_names=task.label_names, tuned=True)


def _backbone(found: Found, task: Task, study: Study) -> Backbone:
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(found.folder, local_files_only=True)
    order = () if found.labels_file else match(study.labels or found.label_names, task.label_names, found.name)
    return Backbone(found.folder, task.label_names, order, config.num_hidden_layers, config.hidden_size)


def _signals(
    found: Found, backbone: Backbone, known: Rows, task: Task, study: Study, screen: Screen, home: Path, bfloat16: bool
) -> tuple[Signals, Recorded]:
    if found.labels_file is not None:
        folder = home / "signals" / f"{found.key}-{known.digest}"
        fresh = record_soft_labels(found.labels_file, known, task.label_names, folder)
        return Signals.open(folder), Recorded(folder, len(known) if fresh else 0, 0 if fresh else len(known), 0, 0.0)
    tokens = tokenize(found.folder, known, study.max_length, home)
    with screen.bar("asking the teacher") as tick:
        recorded = record(backbone, found.key, tokens, home, bfloat16=bfloat16, tick=tick)
    return Signals.open(recorded.folder), recorded


def _cost(recorded: Recorded) -> str:
    if recorded.computed:
        return f"asked about {recorded.computed:,} rows in {short(recorded.seconds)}, never again"
    checked = f", {recorded.checked} re-computed as a check" if recorded.checked else ""
    return f"0 teacher rows computed, {recorded.reused:,} read from disk{checked}"


def _join(first: Rows, second: Rows) -> Rows:
    pairs = None if first.second is None or second.second is None else first.second + second.second
    origin = None if first.origin is None or second.origin is None else np.concatenate([first.origin, second.origin])
    return Rows(first.first + second.first, pairs, np.concatenate([first.labels, second.labels]), origin)


def _labels(rows: Rows, home: Path) -> Path:
    folder = home / "labels" / hashlib.sha256(rows.labels.tobytes()).hexdigest()[:16]
    cache.once(folder, lambda draft: np.save(draft / "labels.npy", rows.labels))
    return folder / "labels.npy"


def _digest(task: Task) -> str:
    return hashlib.sha256(task.train.labels.tobytes() + "\0".join(task.label_names).encode()).hexdigest()[:8]


def median_length(shard: Shard) -> int:
    """Median number of tokens of a split's rows."""
    return int(np.median(TokenTable.open(shard.tokens).lengths))
