"""The inputs of a teacher's fine-tuning."""

from pathlib import Path

from autodistill.prepare.tokens import vocabularies
from autodistill.prepare.workspace import Workspace, labels_file
from autodistill.runtime.files import make_private_folders
from autodistill.training.signals import Shard
from autodistill.training.teacher import TuneData


def kept_beside(folder: Path) -> Path:
    """The folder of what has been trained of a teacher that is not whole yet."""
    kept = folder.with_name(f"{folder.name}.parts")
    make_private_folders(kept)
    return kept


def tune_data(workspace: Workspace, draft: Path) -> TuneData:
    """The inputs of the teacher's fine-tuning."""
    task, study, found, home = workspace.task, workspace.study, workspace.found, workspace.home
    words = vocabularies(found.folder, task.train, study.max_length, home, found.longest)[
        "full" if task.of_images else "trimmed"
    ]
    shard = Shard(
        workspace.tokens(words.folder, task.train),
        labels_file(task.train, home),
    )
    return TuneData(
        found.folder,
        tuple(task.label_names),
        words,
        shard,
        draft,
        workspace.tuning,
        study.seed,
        workspace.device,
    )
