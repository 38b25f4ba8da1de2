"""Everything that a study's trials need, on disk: the task's rows as tokens, the teacher's signals, the space."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students import Backbone
from autodistill.components.students._networks import read_config
from autodistill.components.students.checkpoint import named
from autodistill.components.teachers import Found
from autodistill.datasets import Rows, Task
from autodistill.datasets._personal import personal_share
from autodistill.datasets._tables import open_table
from autodistill.prepare.labels import check_floor, check_scale, hardly_better
from autodistill.prepare.record_signals import Recorded, record
from autodistill.prepare.setup import Looked, backbone_of
from autodistill.prepare.soft_labels import record_soft_labels
from autodistill.prepare.teacher_tuning import tune
from autodistill.prepare.tokens import tokenize, vocabularies
from autodistill.registry import families
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen, short
from autodistill.study.results import Selection, as_bytes
from autodistill.study.rules import Conditions, is_scale
from autodistill.study.space import Space
from autodistill.study.study import Study
from autodistill.training.projections import projects
from autodistill.training.signals import Shard, Signals
from autodistill.training.teacher import TuneData, tuning
from autodistill.training.trial_data import TrialData


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
    known: Rows
    """Train rows, then selection rows: those that the teacher has answered."""
    untuned: Path | None = None
    """The network that the teacher was tuned from, where it was tuned here."""

    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each train row, then of each selection row."""
        return open_table(self.data.shards["full"].tokens).lengths

    def signals(self) -> Signals:
        """What the teacher showed of the train rows, then of the selection rows."""
        return Signals.open(self.recorded.folder)

    def test_shard(self, tokenizer: Path) -> Shard:
        """The locked test rows as tokens of this tokenizer."""
        tokens = tokenize(tokenizer, self.task.test, self.study.max_length, self.home)
        return Shard(tokens, _labels(self.task.test, self.home))


def prepare(looked: Looked, screen: Screen) -> Prepared:
    """Tune the teacher if need be, record its signals; what is on disk already is used again."""
    study, task = looked.study, looked.task
    found = _tuned(looked, screen)
    data, signals, recorded = materials(looked, found, screen)
    selection = np.asarray(signals.logits[len(task.train) :])
    metric = families.build("metrics", task.metric, {})
    score = metric(metric.decide(selection), task.selection.labels)
    if metric.ordinal:
        check_scale(score, found.name)
    else:
        check_floor(
            selection, task.selection.labels, task.label_names, data.backbone.order, found.name
        )
    screen.line(
        f"teacher   {found.name}: {task.metric} {score:.4f} on the selection rows; {cost_of(recorded)}"
    )
    if not metric.ordinal and (weak := hardly_better(selection, task.selection.labels)):
        screen.line(f"warning   {weak}")
    fitted = fit_space(looked, data.backbone, pooled=bool(signals.pooled))
    named = replace(
        study, metric=task.metric, fingerprint=f"{task.fingerprint}-{found.key}-{fitted.key}"
    )
    judged_by = Selection(as_bytes(task.selection.labels), as_bytes(metric.decide(selection)))
    return Prepared(
        named,
        task,
        found,
        fitted,
        data,
        score,
        judged_by,
        recorded,
        looked.home,
        looked.known,
        looked.untuned,
    )


def materials(looked: Looked, found: Found, screen: Screen) -> tuple[TrialData, Signals, Recorded]:
    """Rows as tokens and the signals of a teacher that classifies, all on disk."""
    data = untaught(looked, found)
    signals, recorded = _signals(looked, found, data.backbone, looked.known, screen)
    shards = {name: replace(shard, signals=recorded.folder) for name, shard in data.shards.items()}
    return replace(data, shards=shards), signals, recorded


def untaught(looked: Looked, found: Found) -> TrialData:
    """Rows as tokens, without what a teacher says of them."""
    task, study, home, known = looked.task, looked.study, looked.home, looked.known
    words = vocabularies(found.folder, known, study.max_length, home, held_out=len(task.selection))
    shards = {
        name: Shard(
            tokenize(v.folder, known, study.max_length, home),
            _labels(known, home),
            personal=_personal(known, home),
        )
        for name, v in words.items()
    }
    return TrialData(
        backbone_of(found, task, study),
        words,
        shards,
        len(task.train),
        len(task.selection),
        task.metric,
        looked.bfloat16,
    )


def fit_space(looked: Looked, backbone: Backbone, *, pooled: bool) -> Space:
    """The study's space without what this task and this teacher make impossible."""
    task = looked.task
    fewest = int(np.bincount(task.train.labels, minlength=task.classes).min())
    features = [n for n in looked.space.slots["feature"] if n != "none"]
    looks = pooled and any(
        families.card("losses", n).traits.get("signal") == "projections" for n in features
    )
    given = Conditions(
        task.classes,
        pooled=pooled,
        asks=looked.found.labels_file is None,
        tunes=looked.tuned_folder is not None,
        layers=backbone.layers,
        projects=not looks or projects(backbone.folder),
        rarest=fewest / len(task.train),
        rarest_rows=fewest,
        ordered=is_scale(task.label_names),
        metric=task.metric,
        kind=read_config(backbone.folder).model_type,
        images=task.of_images,
        networks=len(named()),
        named=frozenset(os.environ),
    )
    return looked.space.fit(given)


def _tuned(looked: Looked, screen: Screen) -> Found:
    """The same teacher after fine-tuning on this task's training rows."""
    found, folder = looked.found, looked.tuned_folder
    if folder is None:
        return found

    def make(draft: Path) -> None:
        doing = "training" if looked.task.of_images else "fine-tuning"
        screen.line(
            f"teacher   {found.name}: {doing} on {len(looked.task.train):,} rows, once for this dataset"
        )
        with screen.bar(f"{doing} the teacher") as tick:
            seconds = tune(tune_data(looked, draft), tick)
        screen.line(f"teacher   {found.name}: {doing} took {short(seconds)}")

    cache.once(folder, make)
    tuned = looked.tuned
    assert tuned is not None
    return tuned


def tune_data(looked: Looked, draft: Path) -> TuneData:
    """What the members of a fine-tuning need."""
    task, study, found, home = looked.task, looked.study, looked.found, looked.home
    words = vocabularies(found.folder, task.train, study.max_length, home)[
        "full" if task.of_images else "trimmed"
    ]
    shard = Shard(
        tokenize(words.folder, task.train, study.max_length, home), _labels(task.train, home)
    )
    return TuneData(
        found.folder,
        tuple(task.label_names),
        words,
        shard,
        draft,
        tuning(len(task.train), images=task.of_images),
        study.seed,
        looked.bfloat16,
    )


def _signals(
    looked: Looked, found: Found, backbone: Backbone, known: Rows, screen: Screen
) -> tuple[Signals, Recorded]:
    task, home = looked.task, looked.home
    if found.labels_file is not None:
        folder = home / "signals" / f"{found.key}-{known.digest}"
        fresh = record_soft_labels(found.labels_file, known, task.label_names, folder)
        return Signals.open(folder), Recorded(
            folder, len(known) if fresh else 0, 0 if fresh else len(known), 0, 0.0
        )
    tokens = tokenize(found.folder, known, looked.study.max_length, home)
    with screen.bar("asking the teacher") as tick:
        recorded = record(backbone, found.key, tokens, home, bfloat16=looked.bfloat16, tick=tick)
    return Signals.open(recorded.folder), recorded


def cost_of(recorded: Recorded) -> str:
    """How often the teacher was asked, for people."""
    if recorded.computed:
        return f"asked about {recorded.computed:,} rows in {short(recorded.seconds)}, never again"
    checked = f", {recorded.checked} re-computed as a check" if recorded.checked else ""
    return f"0 teacher rows computed, {recorded.reused:,} read from disk{checked}"


def _labels(rows: Rows, home: Path) -> Path:
    folder = home / "labels" / hashlib.sha256(rows.labels.tobytes()).hexdigest()[:16]
    cache.once(folder, lambda draft: np.save(draft / "labels.npy", rows.labels))
    return folder / "labels.npy"


def _personal(rows: Rows, home: Path) -> Path | None:
    if rows.images is not None:
        return None
    folder = home / "personal" / rows.digest
    cache.once(folder, lambda draft: np.save(draft / "personal.npy", personal_share(rows)))
    return folder / "personal.npy"


def median_length(shard: Shard) -> int:
    """Median number of tokens of a split's rows."""
    return int(np.median(open_table(shard.tokens).lengths))
