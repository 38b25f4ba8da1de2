"""The inputs of a study's trials, made once: tokens and the teacher's signals."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from autodistill.components.students import Backbone, Vocabulary
from autodistill.components.students._layers import can_be_cut
from autodistill.components.students._networks import read_config
from autodistill.components.teachers import Found
from autodistill.datasets import Rows
from autodistill.datasets._personal import personal_share
from autodistill.prepare.record_signals import Recorded, record
from autodistill.prepare.soft_labels import record_soft_labels
from autodistill.prepare.teacher_choice import choose_recipe
from autodistill.prepare.teacher_folds import answer_by_folds
from autodistill.prepare.teacher_score import score_teacher
from autodistill.prepare.teacher_tuning import tune
from autodistill.prepare.tokens import vocabularies
from autodistill.prepare.tune_data import kept_beside, tune_data
from autodistill.prepare.word_vectors import with_word_vectors
from autodistill.prepare.workspace import PreparedWorkspace, Workspace, backbone_of, labels_file
from autodistill.registry import families
from autodistill.runtime import arrays, cache, settings
from autodistill.runtime.progress import Screen, short
from autodistill.study.results import Selection, as_bytes
from autodistill.study.rules import Conditions, is_scale
from autodistill.study.space import Space
from autodistill.training.mixing import blends_words
from autodistill.training.projections import projects
from autodistill.training.signals import Shard, Signals
from autodistill.training.trial_data import TrialData, own_words


def prepare(workspace: Workspace, screen: Screen) -> PreparedWorkspace:
    """Tune the teacher if need be, record its signals; what is on disk already is used again."""
    study, task = workspace.study, workspace.task
    found = _tuned(workspace, screen)
    data, signals, recorded = materials(workspace, found, screen)
    if study.teacher_folds:
        recorded = answer_by_folds(workspace, recorded, data.shards["full"], screen)
        shards = {n: replace(shard, signals=recorded.folder) for n, shard in data.shards.items()}
        data = replace(data, shards=shards)
    for note in recorded.notes:
        screen.line(f"teacher   {note}")
    known = None if recorded.known is None else recorded.known[: len(task.known)]
    score = score_teacher(
        *(task, found, data.backbone.order, signals, known, screen),
        tuned_here=workspace.tuned_folder is not None,
    )
    data = replace(data, teacher_known=score.value is not None)
    screen.line(f"teacher   {found.name}: {score}; {cost_of(recorded)}")
    fitted = fit_space(workspace, data.backbone, pooled=bool(signals.pooled))
    data = with_word_vectors(data, workspace, fitted, screen)
    marks = (task.fingerprint, found.key, fitted.key, workspace.network_keys)
    named = replace(study, metric=task.metric, fingerprint="-".join(filter(None, marks)))
    judged_by = Selection(as_bytes(task.selection.labels), score.predictions)
    return PreparedWorkspace(
        study=named,
        task=task,
        found=workspace.found,
        space=fitted,
        home=workspace.home,
        device=workspace.device,
        teacher=found,
        data=data,
        teacher_score=score.value,
        selection=judged_by,
        recording=recorded,
        begun_with=workspace.begun_with,
        networks=workspace.networks,
        chooses=workspace.chooses,
    )


def materials(
    workspace: Workspace, found: Found, screen: Screen
) -> tuple[TrialData, Signals, Recorded]:
    """Rows as tokens and the signals of a teacher that classifies, all on disk."""
    with screen.busy("reading the rows"):
        data = untaught(workspace, found)
    signals, recorded = _signals(workspace, found, data.backbone, screen)
    shards = {name: replace(shard, signals=recorded.folder) for name, shard in data.shards.items()}
    device = data.device if recorded.bfloat16 else data.device.exact
    return replace(data, shards=shards, device=device), signals, recorded


def untaught(workspace: Workspace, found: Found) -> TrialData:
    """Rows as tokens, without what a teacher says of them."""
    task, study, home, rows = (
        workspace.task,
        workspace.study,
        workspace.home,
        workspace.task.answered,
    )

    def words_in(folder: Path, longest: int | None) -> dict[str, Vocabulary]:
        lengths = (study.max_length, home, longest)
        held_out, pool = len(task.selection), task.pool_rows
        return vocabularies(folder, rows, *lengths, held_out=held_out, pool=pool)

    words = words_in(found.folder, workspace.found.longest)
    for network in workspace.networks:
        if network.own_tokens:
            own = words_in(network.folder, network.longest)
            words |= {own_words(network.name, mode): v for mode, v in own.items()}
    shards = {
        name: Shard(
            workspace.read(v, rows),
            labels_file(rows, home),
            personal=_personal(rows, home),
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
        workspace.device,
        task.pool_rows,
        study.privacy,
        study.target,
    )


def fit_space(workspace: Workspace, backbone: Backbone, *, pooled: bool) -> Space:
    """The study's space without what this task and this teacher make impossible."""
    task = workspace.task
    fewest = int(np.bincount(task.train.labels, minlength=task.classes).min())
    features = [n for n in workspace.space.slots["feature"] if n != "none"]
    looks = pooled and any(
        families.card("losses", n).traits.get("signal") == "projections" for n in features
    )
    config = read_config(backbone.folder)
    given = Conditions(
        task.classes,
        pooled=pooled,
        asks=workspace.found.labels_file is None,
        tunes=workspace.tuned_folder is not None,
        cut=task.of_images or can_be_cut(config),
        words=task.of_images or bool(getattr(config, "vocab_size", 0)),
        blends=task.of_images or blends_words(config),
        layers=backbone.layers,
        projects=not looks or projects(backbone.folder),
        rarest=fewest / len(task.train),
        rarest_rows=fewest,
        ordered=is_scale(task.label_names),
        metric=task.metric,
        kind=config.model_type,
        images=task.of_images,
        pool=task.pool is not None,
        networks=len(settings.student_networks()),
        named=settings.names(),
        privacy=workspace.study.privacy,
        lacks={network.name: network.lacks for network in workspace.networks},
    )
    return workspace.space.fit(given)


def _tuned(workspace: Workspace, screen: Screen) -> Found:
    """The same teacher after fine-tuning on this task's training rows."""
    found, folder = workspace.found, workspace.tuned_folder
    if folder is None:
        return found

    def make(draft: Path) -> None:
        doing = "training" if workspace.task.of_images else "fine-tuning"
        screen.line(
            f"teacher   {found.name}: {doing} on {len(workspace.task.train):,} rows, once for this "
            "dataset"
        )
        kept = kept_beside(folder)
        data = replace(tune_data(workspace, draft), kept=kept)
        if workspace.chooses:
            how = choose_recipe(data, screen, f"teacher   {found.name}: recipes")
            data = replace(data, tuning=how)
        with screen.bar(f"{doing} the teacher") as tick:
            seconds = tune(data, tick, say=screen.remark)
        shutil.rmtree(kept)
        screen.line(f"teacher   {found.name}: {doing} took {short(seconds)}")

    cache.once(folder, make)
    tuned = workspace.tuned
    assert tuned is not None
    return tuned


def _signals(
    workspace: Workspace, found: Found, backbone: Backbone, screen: Screen
) -> tuple[Signals, Recorded]:
    task, home, rows = workspace.task, workspace.home, workspace.task.answered
    if found.labels_file is not None:
        folder = home / "signals" / f"{found.key}-{rows.digest}"
        recorded = record_soft_labels(found.labels_file, rows, task.label_names, folder)
        return Signals.open(recorded.folder), recorded
    with screen.busy("reading the rows for the teacher"):
        tokens = workspace.tokens(found.folder, rows)
        adds = task.pool is not None and not task.of_images  # a second table of pixels is large
        before = workspace.tokens(found.folder, task.known) if adds else None
    with screen.bar("asking the teacher") as tick:
        recorded = record(
            *(backbone, found.key, tokens, home),
            device=workspace.device,
            tick=tick,
            before=before,
        )
    return Signals.open(recorded.folder), recorded


def cost_of(recorded: Recorded) -> str:
    """How often the teacher was asked, for people."""
    if recorded.computed:
        return f"asked about {recorded.computed:,} rows in {short(recorded.seconds)}, never again"
    checked = f", {recorded.checked} re-computed as a check" if recorded.checked else ""
    return f"0 teacher rows computed, {recorded.reused:,} read from disk{checked}"


def _personal(rows: Rows, home: Path) -> Path | None:
    if rows.images is not None:
        return None
    folder = home / "personal" / rows.digest
    cache.once(folder, lambda draft: arrays.save(draft / "personal.npy", personal_share(rows)))
    return folder / "personal.npy"
