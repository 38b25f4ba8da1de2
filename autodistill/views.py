"""Augmented copies of a study's rows, made when a pipeline first asks for them and kept like rows.

A view is more rows: tokens and the teacher's signals are named by its texts, so no study asks the teacher about it twice.
"""

from autodistill import family
from autodistill.arrays import Shard
from autodistill.augmentations import Augmentation
from autodistill.errors import SpecError
from autodistill.pipeline import NONE, Pipeline
from autodistill.prepare import Prepared, cost_of
from autodistill.screen import Screen
from autodistill.sitting import Meanwhile
from autodistill.tasks import Rows
from autodistill.teach.signals import record
from autodistill.teach.tokens import tokenize

SEED = 0
"""The same for every study, as splits are."""


class Views:
    """Finds or makes the views that a pipeline trains on."""

    def __init__(self, prepared: Prepared, screen: Screen) -> None:
        self.prepared = prepared
        self.screen = screen
        self.made: dict[tuple[str, int, str], Shard] = {}
        """By augmentation and rate, number of the view, and vocabulary."""

    def __call__(self, pipeline: Pipeline, meanwhile: Meanwhile = lambda: None) -> tuple[Shard, ...]:
        """One shard for each view, rows in the order of the study's own; `meanwhile` is called now and then.

        Raises SpecError when the pipeline needs a teacher that can be asked, and this one is a file.
        """
        if self.prepared.teacher.labels_file is not None and (name := _asks(pipeline)):
            raise SpecError(f"{name} asks the teacher about new texts; '{self.prepared.teacher.name}' is a file of labels. Leave it out.")
        if pipeline.augmentation == NONE:
            return ()
        augmentation: Augmentation = family.build("augmentations", pipeline.augmentation.name, pipeline.augmentation.knobs)
        vocabulary = family.build("students", pipeline.student.name, pipeline.student.knobs).vocabulary
        found = []
        for view in range(augmentation.views):
            key = f"{pipeline.augmentation.name}, rate {augmentation.rate:g}", view, vocabulary
            if key not in self.made:
                rows = augmentation.rows(self.prepared.known, view, SEED)
                self.made[key] = self._make(rows, f"{key[0]}, view {view + 1}", vocabulary, meanwhile)
            found.append(self.made[key])
        return tuple(found)

    def _make(self, rows: Rows, title: str, vocabulary: str, meanwhile: Meanwhile) -> Shard:
        own, length, home = self.prepared.data, self.prepared.study.max_length, self.prepared.home
        tokens = tokenize(self.prepared.teacher.folder, rows, length, home)
        with self.screen.bar(f"asking the teacher about {title}") as tick:

            def tell(done: int, total: int) -> None:
                tick(done, total)
                meanwhile()

            recorded = record(own.backbone, self.prepared.teacher.key, tokens, home, bfloat16=own.bfloat16, tick=tell)
        self.screen.line(f"views     {title}: {cost_of(recorded)}")
        words = own.vocabularies[vocabulary]
        return Shard(
            tokenize(words.folder, rows, length, home), own.shards[vocabulary].labels, recorded.folder, own.shards[vocabulary].personal
        )


def _asks(pipeline: Pipeline) -> str:
    """What of a pipeline needs a teacher that can be asked; empty for nothing."""
    if pipeline.augmentation != NONE:
        return f"the augmentation '{pipeline.augmentation.name}'"
    mixup = None if pipeline.mixup == NONE else family.build("mixups", pipeline.mixup.name, pipeline.mixup.knobs)
    return f"the mixup '{pipeline.mixup.name}' with teacher 'consistent'" if mixup and mixup.teacher == "consistent" else ""
