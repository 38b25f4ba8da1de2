"""Word vectors for students that are made of them, once for each encoder.

The encoder is the network under a teacher that is tuned here, else the teacher's own; for a file of
soft labels it is the network whose shape students take. No dataset changes its vectors.
"""

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autodistill.components.students._networks import read_config
from autodistill.components.students._reader import open_tokenizer
from autodistill.components.teachers import sha256
from autodistill.prepare.apart import run_on
from autodistill.prepare.workspace import Workspace
from autodistill.registry import families
from autodistill.runtime import arrays, cache
from autodistill.runtime.device import Device
from autodistill.runtime.progress import Screen, Tick, short
from autodistill.study.space import Space
from autodistill.training.trial_data import TrialData
from autodistill.training.word_vectors import around, word_vectors

FILE, WEIGHTS = "vectors.npy", "model.safetensors"
MOST = 256
"""Principal components that are kept: as many as the widest student has."""


def with_word_vectors(
    data: TrialData, workspace: Workspace, space: Space, screen: Screen
) -> TrialData:
    """The trials' data with the place of the word vectors, made if the space has such a student."""
    if workspace.task.of_images:
        return data
    if any(are_needed(name) for name in space.slots["student"]):
        make_word_vectors(workspace, screen)
    place = _file(workspace)
    return replace(data, backbone=replace(data.backbone, word_vectors=place))


def tokens_to_read(workspace: Workspace, space: Space) -> int:
    """Tokens that the encoder reads for the vectors of this space; 0 where they are on disk."""
    needed = any(are_needed(name) for name in space.slots["student"])
    if workspace.task.of_images or not needed or cache.holds(_file(workspace).parent):
        return 0
    special = sum(map(len, around(open_tokenizer(workspace.found.folder))))
    return (1 + special) * int(getattr(read_config(workspace.found.folder), "vocab_size", 0))


def are_needed(student: str) -> bool:
    """Whether this member is made of word vectors."""
    return bool(families.card("students", student).traits.get("word_vectors"))


def make_word_vectors(workspace: Workspace, screen: Screen) -> None:
    """Pass the vocabulary through the encoder, unless its vectors are on disk."""
    found = workspace.found

    def make(draft: Path) -> None:
        begin = time.perf_counter()
        with screen.bar("reading the vocabulary with the encoder") as tick:
            given = found.folder, MOST, workspace.device
            vectors = run_on(workspace.device, "reading the vocabulary", _read, *given, tick=tick)
        arrays.save(draft / FILE, vectors)
        seconds = short(time.perf_counter() - begin)
        knows = found.tuned and found.labels_file is None
        whose = "the tuned teacher, which know its task" if knows else "the encoder"
        screen.line(f"words     {len(vectors):,} word vectors of {whose}: {seconds}, never again")

    cache.once(_file(workspace).parent, make)


def _read(folder: Path, most: int, device: Device, tick: Tick) -> NDArray[np.float16]:
    return word_vectors(folder, most, device=device, tick=tick)


def _file(workspace: Workspace) -> Path:
    """The file of the encoder's word vectors, whether made yet or not."""
    found = workspace.found
    key = found.key if found.labels_file is None else sha256(found.folder / WEIGHTS)[:16]
    return workspace.home / "word_vectors" / f"{key}-{MOST}" / FILE
