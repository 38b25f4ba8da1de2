"""A study's workspace: as it is found, and as its trials need it."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill import datasets as tasks
from autodistill.components import teachers
from autodistill.components.students import Backbone, Vocabulary, widths_of
from autodistill.components.students._networks import read_config
from autodistill.components.teachers import Found
from autodistill.datasets import Rows, Task
from autodistill.datasets._tables import open_table
from autodistill.prepare.agreement import answer_of
from autodistill.prepare.answered_pool import with_pool
from autodistill.prepare.devices import find_device
from autodistill.prepare.labels import match
from autodistill.prepare.named_networks import NamedNetwork, networks_of
from autodistill.prepare.notes import notes
from autodistill.prepare.record_signals import Recorded, folds_folder, recorded_folder
from autodistill.prepare.tokens import tokenize
from autodistill.prepare.tuned_folders import TunedFolders, key_of_tuned
from autodistill.runtime import arrays, cache
from autodistill.runtime.device import MARKS, Device
from autodistill.runtime.progress import Screen
from autodistill.study import spaces
from autodistill.study.results import Selection
from autodistill.study.space import Space
from autodistill.study.student_networks import with_networks
from autodistill.study.study import Study
from autodistill.study.study_differences import teacher_key_of
from autodistill.training.signals import Shard, Signals
from autodistill.training.trial_data import TrialData
from autodistill.training.tuning import Tuning, older_tunings, tuning


@dataclass(frozen=True)
class Workspace:
    """A study with its task, teacher and space: what is known before any work."""

    study: Study
    task: Task
    found: Found
    """The teacher before it is tuned."""
    space: Space
    home: Path
    device: Device
    begun_with: str = ""
    """The key of the teacher that the study was begun with; empty for a new study."""
    networks: tuple[NamedNetwork, ...] = ()
    """Networks that are named as students, in the order of the space."""
    chooses: bool = False
    """Whether there is time to try a few recipes for the teacher's fine-tuning."""

    @property
    def max_length(self) -> int:
        """Tokens that a text is cut at: the study's, or fewer where the teacher takes fewer."""
        return min(self.study.max_length, self.found.longest or self.study.max_length)

    def tokens(self, tokenizer: Path, rows: Rows) -> Path:
        """The folder of these rows as tokens of this tokenizer, cut at what the teacher takes."""
        return tokenize(tokenizer, rows, self.study.max_length, self.home, self.found.longest)

    def cut_at(self, words: Vocabulary) -> int:
        """Tokens that a text is cut at for the student of this vocabulary."""
        return min(self.study.max_length, words.longest or self.study.max_length)

    def read(self, words: Vocabulary, rows: Rows) -> Path:
        """The folder of these rows as tokens of this vocabulary, cut at what its network takes."""
        return tokenize(words.folder, rows, self.study.max_length, self.home, words.longest)

    @property
    def network_keys(self) -> str:
        """The networks' content hashes, as a fingerprint has them; empty where there are none."""
        return ".".join(network.key for network in self.networks)

    @property
    def tuning(self) -> Tuning:
        """The fine-tuning of a teacher that has no head for the task's labels yet."""
        width = widths_of(read_config(self.found.folder))[-1]
        task = self.task
        return tuning(len(task.train), task.classes, images=task.of_images, width=width)

    @property
    def tuned_folder(self) -> Path | None:
        """The folder of the fine-tuned teacher; None if the teacher is tuned already.

        The folder may not exist yet. A teacher that was tuned on a processor of the other kind and
        brought along is as good. A study that was begun goes on with its own one, even if this
        version would tune it in another way.
        """
        if self.found.tuned or self.found.labels_file:
            return None
        rows, images = self.task.train, self.task.of_images
        name = f"{self.found.key}-{rows.digest}-{_digest(self.task)}"
        longest = 0 if images else self.max_length
        folders = TunedFolders(self.home / "teachers", name, longest, self.study.seed)
        kinds = (self.device.mark, *(m for m in MARKS if m != self.device.mark))
        if self.begun_with:
            width = widths_of(read_config(self.found.folder))[-1]
            old = () if images else older_tunings(len(rows), self.task.classes, width)
            if begun := folders.with_key(self.begun_with, (self.tuning, *old), kinds):
                return begun
        return folders.best(self.tuning, kinds, chooses=self.chooses)

    @property
    def untuned(self) -> Path | None:
        """The network that it is tuned from; None for one that is tuned already."""
        return self.found.folder if self.tuned_folder else None

    @property
    def tuned(self) -> Found | None:
        """The teacher as it will be asked; None while it has to be tuned first."""
        folder = self.tuned_folder
        if folder is None:
            return self.found
        if not cache.holds(folder):
            return None
        return replace(
            self.found,
            folder=folder,
            key=key_of_tuned(folder),
            label_names=self.task.label_names,
            tuned=True,
        )

    @property
    def as_tuned(self) -> Found:
        """The teacher as it will be asked; before it is tuned, its network with a new head."""
        return self.tuned or replace(self.found, label_names=(), tuned=True)

    def is_recorded(self) -> bool:
        """Whether the teacher's signals are on disk."""
        if (found := self.tuned) is None:
            return False
        if found.labels_file is not None:
            return True
        tokens = self.tokens(found.folder, self.task.answered)
        backbone = backbone_of(found, self.task, self.study)
        folder = recorded_folder(backbone, found.key, tokens, self.home)
        folds = self.study.teacher_folds
        return cache.holds(folder) and (not folds or cache.holds(folds_folder(folder, folds)))


@dataclass(frozen=True, kw_only=True)
class PreparedWorkspace(Workspace):
    """A workspace with the files that trials read: tokens and the teacher's signals."""

    teacher: Found
    """As it answers: tuned."""
    data: TrialData
    teacher_score: float | None
    """The study's metric on the selection rows; None where its file lacks answers to some."""
    selection: Selection
    recording: Recorded

    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each train row, then of each selection row, then of each unlabelled row."""
        return open_table(self.data.shards["full"].tokens).lengths

    def signals(self) -> Signals:
        """The teacher's signals for the train rows, the selection rows, the unlabelled rows."""
        return Signals.open(self.recording.folder)

    def shard(self, rows: Rows, words: Vocabulary) -> Shard:
        """Rows of one split as tokens of this vocabulary."""
        return Shard(self.read(words, rows), labels_file(rows, self.home))

    def test_shard(self, words: Vocabulary) -> Shard:
        """The held-out test rows as tokens of this vocabulary."""
        return self.shard(self.task.test, words)


def open_workspace(
    study: Study, screen: Screen, data_root: Path | None, device: str = "cpu"
) -> Workspace:
    """Load the task, find the teacher, read the space; networks will run on the device."""
    place = find_device(device)
    task = tasks.load(
        study.dataset,
        data_root=data_root,
        columns=study.columns,
        metric=study.metric,
        rows=study.rows,
        unlabelled=study.unlabelled,
        rest_unlabelled=study.rest_unlabelled,
        answer=answer_of(study, screen, cache.home(), device=place),
    )
    space = spaces.space(study.space, images=task.of_images)
    space = space if task.of_images else with_networks(space, study.student)
    screen.line(f"data      {task.reading}")
    if not place.is_cpu:
        screen.line(f"device    {place}, {place.precision}")
    found = teachers.find(study.teacher, task.train.images)
    task = with_pool(task, found, study)
    pool = f"{task.pool_rows:,} unlabelled rows, " if task.pool is not None else ""
    screen.line(
        f"task      {task.name}: {len(task.train):,} training rows, {pool}"
        f"{len(task.selection):,} validation rows, {len(task.test):,} held-out test rows; "
        f"{task.classes} classes, {task.metric}"
    )
    for note in task.notes:
        screen.line(f"          {note}")
    for note in notes(study, task, found, space):
        screen.line(f"note      {note}")
    return Workspace(
        study=study,
        task=task,
        found=found,
        space=space,
        home=cache.home(),
        device=place,
        begun_with=teacher_key_of(study.fingerprint),
        networks=networks_of(study, space, found, task),
    )


def backbone_of(found: Found, task: Task, study: Study) -> Backbone:
    order = (
        ()
        if found.labels_file or not found.label_names
        else match(found.label_names, task.label_names, found.name, study.labels)
    )
    return Backbone.of(found.folder, task.label_names, order)


def labels_file(rows: Rows, home: Path) -> Path:
    """The classes of these rows, on disk."""
    folder = home / "labels" / hashlib.sha256(rows.labels.tobytes()).hexdigest()[:16]
    cache.once(folder, lambda draft: arrays.save(draft / "labels.npy", rows.labels))
    return folder / "labels.npy"


def _digest(task: Task) -> str:
    return hashlib.sha256(
        task.train.labels.tobytes() + "\0".join(task.label_names).encode()
    ).hexdigest()[:8]
