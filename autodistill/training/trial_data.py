"""Inputs of a study's trainings: the same files for all of them."""

from dataclasses import dataclass
from pathlib import Path

from autodistill.components.students import Backbone, Student, Vocabulary
from autodistill.runtime.device import Device
from autodistill.training.signals import Shard


def own_words(network: str, mode: str) -> str:
    """The name of a vocabulary of a network's own tokenizer among those of a study."""
    return f"{mode} of {network}"


@dataclass(frozen=True)
class TrialData:
    """Inputs of a study's trials; the same for all of them."""

    backbone: Backbone
    vocabularies: dict[str, Vocabulary]
    shards: dict[str, Shard]
    """Shards by vocabulary: train rows, then validation rows, then unlabelled rows."""
    train_rows: int
    selection_rows: int
    metric: str
    device: Device
    pool_rows: int = 0
    """Unlabelled rows at the end of each shard; their labels are -1."""
    privacy: bool = False
    """Measure what each student leaks of its training rows."""
    target: str = ""
    """The form in which students are to run, for their costs; see Study.target."""
    teacher_known: bool = True
    """Whether the teacher answers all validation rows itself; else labels stand in for some."""

    def words_of(self, student: Student) -> str:
        """The name of the vocabulary that a student reads with: its network's own, or a teacher's.

        A named network whose tokens are the teacher's reads with the teacher's vocabularies.
        """
        own = own_words(student.named, student.vocabulary)
        return own if own in self.vocabularies else student.vocabulary

    def median_length(self, student: Student) -> int:
        """Median number of tokens of the rows, as this student's whole tokenizer reads them."""
        own = own_words(student.named, "full")
        return self.shards[own if own in self.shards else "full"].median_length

    @property
    def labelled_rows(self) -> int:
        """Train rows and validation rows."""
        return self.train_rows + self.selection_rows


@dataclass(frozen=True)
class TutorSignals:
    """Signals of a tutor that replaces the teacher."""

    backbone: Backbone
    """The tutor's network, for live use."""
    signals: Path
    """The tutor's signals on the rows of TrialData.shards."""
