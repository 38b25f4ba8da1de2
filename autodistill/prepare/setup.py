"""A study's task, teacher and space as they are found, before anything is computed by the teacher."""

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autodistill import datasets as tasks
from autodistill.components import teachers
from autodistill.components.students import Backbone
from autodistill.components.teachers import Found
from autodistill.datasets import Rows, Task
from autodistill.prepare.labels import match
from autodistill.prepare.record_signals import recorded_folder
from autodistill.prepare.tokens import tokenize
from autodistill.runtime import cache
from autodistill.runtime.progress import Screen
from autodistill.study import spaces
from autodistill.study.space import Space
from autodistill.study.study import Study
from autodistill.training.teacher import tuning


@dataclass(frozen=True)
class Looked:
    """A study's task and teacher as found: nothing has been computed by the teacher yet."""

    study: Study
    task: Task
    found: Found
    space: Space
    home: Path
    bfloat16: bool

    @cached_property
    def known(self) -> Rows:
        """Train rows, then selection rows."""
        return _join(self.task.train, self.task.selection)

    @property
    def tuned_folder(self) -> Path | None:
        """Where the teacher's tuned self is or will be; None for one that is tuned already.

        One that was brought along from a processor of the other kind is as good: the study that was begun with it can be gone on with.
        """
        if self.found.tuned or self.found.labels_file:
            return None
        here, elsewhere = (
            self._tuned_in(bfloat16) for bfloat16 in (self.bfloat16, not self.bfloat16)
        )
        return elsewhere if elsewhere.exists() and not here.exists() else here

    def _tuned_in(self, bfloat16: bool) -> Path:
        images, longest = self.task.of_images, 0 if self.task.of_images else self.study.max_length
        how = repr(
            (tuning(len(self.task.train), images=images), longest, self.study.seed, bfloat16)
        )
        name = f"{self.found.key}-{self.task.train.digest}-{_digest(self.task)}-{hashlib.sha256(how.encode()).hexdigest()[:8]}"
        return self.home / "teachers" / name

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
        if not folder.exists():
            return None
        key = teachers.sha256(folder / "model.safetensors")[:16]
        return replace(
            self.found, folder=folder, key=key, label_names=self.task.label_names, tuned=True
        )

    def recorded(self) -> bool:
        """Whether the teacher's signals are on disk."""
        if (found := self.tuned) is None:
            return False
        if found.labels_file is not None:
            return True
        tokens = tokenize(found.folder, self.known, self.study.max_length, self.home)
        return recorded_folder(
            backbone_of(found, self.task, self.study), found.key, tokens, self.home
        ).exists()


def look(study: Study, screen: Screen, data_root: Path | None) -> Looked:
    """Load the task, find the teacher, read the space."""
    task = tasks.load(
        study.dataset,
        data_root=data_root,
        columns=study.columns,
        metric=study.metric,
        rows=study.rows,
    )
    space = spaces.space(study.space, images=task.of_images)
    screen.line(
        f"task      {task.name}: {len(task.train):,} training rows, {len(task.selection):,} validation rows, "
        f"{len(task.test):,} held-out test rows; "
        f"{task.classes} classes, {task.metric}"
    )
    for note in task.notes:
        screen.line(f"          {note}")
    return Looked(
        study,
        task,
        teachers.find(study.teacher, task.train.images),
        space,
        cache.home(),
        fast_bfloat16(),
    )


def backbone_of(found: Found, task: Task, study: Study) -> Backbone:
    order = (
        ()
        if found.labels_file
        else match(study.labels or found.label_names, task.label_names, found.name)
    )
    return Backbone.of(found.folder, task.label_names, order)


def fast_bfloat16() -> bool:
    """Whether this CPU computes bfloat16 itself (emulated, it is slower than float32)."""
    flags = dict[str, Any](torch.cpu.get_capabilities())
    return bool(flags.get("avx512_bf16") or flags.get("amx_bf16"))


def _join(first: Rows, second: Rows) -> Rows:
    pairs = None if first.second is None or second.second is None else first.second + second.second
    origin = (
        None
        if first.origin is None or second.origin is None
        else np.concatenate([first.origin, second.origin])
    )
    images = (
        None
        if first.images is None or second.images is None
        else np.concatenate([first.images, second.images])
    )
    return Rows(
        first.first + second.first,
        pairs,
        np.concatenate([first.labels, second.labels]),
        origin,
        images,
    )


def _digest(task: Task) -> str:
    return hashlib.sha256(
        task.train.labels.tobytes() + "\0".join(task.label_names).encode()
    ).hexdigest()[:8]
