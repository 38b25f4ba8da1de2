"""Where a study's trainings find what they need: the same files for all of them."""

from dataclasses import dataclass
from pathlib import Path

from autodistill.components.students import Backbone, Vocabulary
from autodistill.training.signals import Shard


@dataclass(frozen=True)
class TrialData:
    """Where a study's trials find what they need; the same for all of them."""

    backbone: Backbone
    vocabularies: dict[str, Vocabulary]
    shards: dict[str, Shard]
    """By vocabulary: train rows, then selection rows."""
    train_rows: int
    selection_rows: int
    metric: str
    bfloat16: bool


@dataclass(frozen=True)
class TutorSignals:
    """Who teaches in the teacher's place."""

    backbone: Backbone
    """That can be asked live."""
    signals: Path
    """On the rows of TrialData.shards."""
