"""Augmented views of a study's rows, built on first use and stored like rows.

A view is more rows: tokens and the teacher's signals are named by its texts, so no study runs the
teacher on it twice.
"""

from dataclasses import replace
from pathlib import Path

from autodistill.components.augmentations import Augmentation
from autodistill.components.students import Backbone
from autodistill.datasets import Rows
from autodistill.datasets._tables import TokenTable
from autodistill.errors import SpecError
from autodistill.prepare import record_token_signals as by_token
from autodistill.prepare.tutors import TeacherGroup, given_voice, tutor_voice
from autodistill.prepare.word_vectors import are_needed, make_word_vectors
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.runtime.cache import holds
from autodistill.runtime.progress import Meanwhile, Screen
from autodistill.study.pipeline import NONE, Pipeline
from autodistill.study.rules import by_token as looks_at
from autodistill.training.signals import Shard, token_folder
from autodistill.training.trial_data import TutorSignals

SEED = 0
"""The same for every study, as splits are."""


class Views:
    """The views that pipelines train on, built when missing."""

    def __init__(self, workspace: PreparedWorkspace, screen: Screen) -> None:
        self.workspace = workspace
        self.screen = screen
        self.made: dict[tuple[str, int, str, TeacherGroup], Shard] = {}
        """Shards by augmentation and rate, view number, vocabulary and teacher group."""
        self.tables: dict[Path, Path] = {}
        """Teacher's tokens, by the folder of its signals."""
        self.voices: dict[tuple[str, str], TeacherGroup] = {}
        """Teacher groups by tutor and student."""
        self.heard: dict[TeacherGroup, Path] = {}
        """Signals on the study's own rows, by teacher group."""
        self.has_words = False
        """Whether the encoder's word vectors are on disk."""

    def __call__(
        self, pipeline: Pipeline, meanwhile: Meanwhile = lambda: None
    ) -> tuple[Shard, ...]:
        """One shard per view, rows in the order of the study's own.

        `meanwhile` is called now and then. Raises SpecError when the pipeline needs a live teacher
        and this one is a file.
        """
        if self.workspace.teacher.labels_file is not None and (name := _asks(pipeline)):
            raise SpecError(
                f"{name} runs the teacher on new texts; '{self.workspace.teacher.name}' is a "
                "file of labels. Leave it out."
            )
        if are_needed(pipeline.student.name) and not self.has_words:  # the space may lack it
            make_word_vectors(self.workspace, self.screen)
            self.has_words = True
        part = pipeline.student
        vocabulary = self.workspace.data.words_of(families.build("students", part.name, part.knobs))
        found = (
            ()
            if pipeline.stage("augmentation") == NONE
            else self._views(pipeline, vocabulary, meanwhile)
        )
        for kind in sorted(looks_at(pipeline.terms)):
            own = self.workspace.data.shards[vocabulary]
            if (tutored := self.tutored(pipeline, meanwhile)) is not None:
                own = replace(own, signals=tutored.signals)
            for shard in (own, *found):
                self._read_tokens(kind, shard, self._voice(pipeline, meanwhile).backbone, meanwhile)
        return found

    def tutored(
        self, pipeline: Pipeline, meanwhile: Meanwhile = lambda: None
    ) -> TutorSignals | None:
        """The tutor's signals on the study's own rows; None for the teacher itself."""
        if pipeline.stage("tutor") == NONE:
            return None
        voice, workspace = self._voice(pipeline, meanwhile), self.workspace
        if voice not in self.heard:
            with self.screen.bar(f"asking {pipeline.stage('tutor')}") as tick:
                self.heard[voice], _ = voice.record(
                    workspace.data.shards["full"].tokens,
                    workspace.home,
                    workspace.data.device,
                    tick,
                )
        return TutorSignals(voice.backbone, self.heard[voice])

    def _voice(self, pipeline: Pipeline, meanwhile: Meanwhile) -> TeacherGroup:
        if pipeline.stage("tutor") == NONE:
            return given_voice(self.workspace)
        key = str(pipeline.stage("tutor")), str(pipeline.student)
        if key not in self.voices:
            self.voices[key] = tutor_voice(
                self.workspace, pipeline.stage("tutor"), pipeline.student, self.screen, meanwhile
            )
        return self.voices[key]

    def _views(
        self, pipeline: Pipeline, vocabulary: str, meanwhile: Meanwhile
    ) -> tuple[Shard, ...]:
        augmentation: Augmentation = families.build(
            "augmentations",
            pipeline.stage("augmentation").name,
            pipeline.stage("augmentation").knobs,
        )
        found = []
        for view in range(augmentation.views):
            voice = self._voice(pipeline, meanwhile)
            key = (
                f"{pipeline.stage('augmentation').name}, rate {augmentation.rate:g}",
                view,
                vocabulary,
                voice,
            )
            if key not in self.made:
                rows = augmentation.rows(self.workspace.task.answered, view, SEED)
                self.made[key] = self._make(
                    rows, f"{key[0]}, view {view + 1}", vocabulary, voice, meanwhile
                )
            found.append(self.made[key])
        return tuple(found)

    def _make(
        self, rows: Rows, title: str, vocabulary: str, voice: TeacherGroup, meanwhile: Meanwhile
    ) -> Shard:
        own, home = self.workspace.data, self.workspace.home
        tokens = self.workspace.tokens(self.workspace.teacher.folder, rows)
        with self.screen.bar(f"running the teacher on {title}") as tick:

            def tell(done: int, total: int) -> None:
                tick(done, total)
                meanwhile()

            signals, cost = voice.record(tokens, home, own.device, tell)
        self.screen.line(f"views     {title}: {cost}")
        self.tables[signals] = tokens
        words = own.vocabularies[vocabulary]
        return Shard(
            self.workspace.read(words, rows),
            own.shards[vocabulary].labels,
            signals,
            own.shards[vocabulary].personal,
        )

    def _read_tokens(
        self, kind: str, shard: Shard, backbone: Backbone, meanwhile: Meanwhile
    ) -> None:
        """Record the teacher's token signals where they fit the disk.

        Where they do not, the run uses the live teacher.
        """
        own, workspace = self.workspace.data, self.workspace
        assert shard.signals is not None
        if holds(token_folder(shard.signals, kind)):
            return
        known = self.tables.get(shard.signals)
        tokens = known or workspace.tokens(workspace.teacher.folder, workspace.task.answered)
        count = int(TokenTable.open(tokens).offsets[-1])
        if not by_token.fits(kind, backbone, count):
            return
        with self.screen.bar(f"recording the teacher's {kind}") as tick:

            def tell(done: int, total: int) -> None:
                tick(done, total)
                meanwhile()

            by_token.record_by_token(
                kind, backbone, shard.signals, tokens, device=own.device, tick=tell
            )
        self.screen.line(
            f"teacher   {kind} of {count:,} tokens recorded: "
            f"{by_token.size(kind, backbone, count) / 1e6:,.0f} MB"
        )


def _asks(pipeline: Pipeline) -> str:
    """The part of a pipeline that needs a live teacher; empty for none."""
    if pipeline.stage("tutor") != NONE:
        return f"the tutor '{pipeline.stage('tutor').name}'"
    if pipeline.stage("augmentation") != NONE:
        return f"the augmentation '{pipeline.stage('augmentation').name}'"
    mixup = (
        None
        if pipeline.stage("mixup") == NONE
        else families.build("mixups", pipeline.stage("mixup").name, pipeline.stage("mixup").knobs)
    )
    return (
        f"the mixup '{pipeline.stage('mixup').name}' with teacher 'consistent'"
        if mixup and mixup.teacher == "consistent"
        else ""
    )
