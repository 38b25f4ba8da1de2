"""Tutors that pipelines ask for: networks trained once, with recorded signals."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from scipy.special import log_softmax, logsumexp

from autodistill.components import teachers
from autodistill.components.students import Backbone
from autodistill.components.tutors import Combine, Tutor, TutorTraining
from autodistill.prepare.materials import cost_of
from autodistill.prepare.record_signals import record
from autodistill.prepare.teacher_tuning import LONGEST_SECONDS, PRELOAD, check
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.registry import families
from autodistill.runtime import cache
from autodistill.runtime.device import Device
from autodistill.runtime.progress import Screen, short
from autodistill.runtime.workers import Ended, LocalWorkers
from autodistill.study.pipeline import Part
from autodistill.study.rules import NETWORK
from autodistill.training.signals import Signals
from autodistill.training.tutor import LessonData, LessonTicket, give_lesson


@dataclass(frozen=True)
class TeacherGroup:
    """Networks whose outputs are combined into one teacher."""

    backbones: tuple[Backbone, ...]
    keys: tuple[str, ...]
    """Hashes of their weights."""
    combine: Combine = "last"

    @property
    def backbone(self) -> Backbone:
        """The network for live use."""
        return self.backbones[-1]

    def record(
        self, tokens: Path, home: Path, device: Device, tick: Callable[[int, int], None]
    ) -> tuple[Path, str]:
        """The folder of the signals on these rows, and the cost of recording in words."""
        speaking = list(zip(self.backbones, self.keys))[-1 if self.combine == "last" else 0 :]
        found = [record(b, key, tokens, home, device=device, tick=tick) for b, key in speaking]
        folders, cost = [r.folder for r in found], "; ".join(cost_of(r) for r in found)
        if self.combine == "last":
            return folders[-1], cost
        name = hashlib.sha256(
            "-".join((*self.keys, self.combine, tokens.name)).encode()
        ).hexdigest()[:16]
        folder = home / "signals" / f"together-{name}"
        cache.once(folder, lambda draft: _together(folders, self.combine, draft))
        return folder, cost


def given_voice(workspace: PreparedWorkspace) -> TeacherGroup:
    """The teacher itself, as a group of one."""
    return TeacherGroup((workspace.data.backbone,), (workspace.teacher.key,))


def tutor_voice(
    workspace: PreparedWorkspace,
    part: Part,
    student: Part,
    screen: Screen,
    meanwhile: Callable[[], None],
) -> TeacherGroup:
    """The networks of this tutor for this student; those on disk are reused."""
    tutor: Tutor = families.build("tutors", part.name, part.knobs)
    made: list[tuple[Backbone, str]] = [(workspace.data.backbone, workspace.teacher.key)]
    for place, training in enumerate(tutor.lessons(student)):
        taught_by = made[-1] if training.follows else made[0]
        made.append(
            _network(
                workspace,
                training,
                taught_by,
                f"{part.name}, network {place + 1}",
                screen,
                meanwhile,
            )
        )
    return TeacherGroup(tuple(b for b, _ in made[1:]), tuple(k for _, k in made[1:]), tutor.combine)


def _network(
    workspace: PreparedWorkspace,
    training: TutorTraining,
    taught_by: tuple[Backbone, str],
    title: str,
    screen: Screen,
    meanwhile: Callable[[], None],
) -> tuple[Backbone, str]:
    data, home = workspace.data, workspace.home
    rows = workspace.task.known.digest, data.train_rows, workspace.study.max_length
    how = repr((training, taught_by[1], workspace.teacher.key, rows, data.device.mark))
    how = how.replace("TutorTraining(", "Lesson(", 1)  # its name in the keys of older caches
    named = training.student.knobs.get(NETWORK)
    how += "".join(network.key for network in workspace.networks if network.name == named)
    folder = home / "tutors" / hashlib.sha256(how.encode()).hexdigest()[:16]

    def tell(tick: Callable[[int, int], None]) -> Callable[[int, int], None]:
        def both(done: int, total: int) -> None:
            tick(done, total)
            meanwhile()

        return both

    def make(draft: Path) -> None:
        words = data.vocabularies["full"]
        with screen.bar(f"running the teacher of {title}") as tick:
            signals = record(
                *taught_by,
                data.shards["full"].tokens,
                home,
                device=data.device,
                tick=tell(tick),
            ).folder
        source = data.backbone
        if training.pretrained:
            assert workspace.untuned is not None
            source = replace(source, folder=workspace.untuned, order=())
        given = LessonData(
            source,
            words,
            replace(data.shards["full"], signals=signals),
            data.train_rows,
            draft,
            data.device,
        )
        with screen.bar(f"training {title}") as tick:
            seconds = _train(given, training, tell(tick))
        screen.line(f"tutor     {title}: trained in {short(seconds)}, stored for later")

    cache.once(folder, make)
    return _backbone(folder, data.backbone), teachers.sha256(folder / "model.safetensors")[:16]


def _backbone(folder: Path, teacher: Backbone) -> Backbone:
    return Backbone.of(folder, teacher.label_names, tuple(range(len(teacher.label_names))))


def _train(data: LessonData, training: TutorTraining, tick: Callable[[int, int], None]) -> float:
    pool, seconds = LocalWorkers(give_lesson, data, workers=1, preload=PRELOAD), 0.0
    with closing(pool.events_of([LessonTicket(0, training)], LONGEST_SECONDS)) as events:
        for event in events:
            if isinstance(event, Ended):
                check(event, "training a tutor")
                seconds = event.seconds
            else:
                tick(event.step, round(event.value))
                event.reply(False)
    return seconds


def _together(folders: Sequence[Path], combine: Combine, draft: Path) -> None:
    answers = np.stack(
        [log_softmax(np.asarray(Signals.open(f).logits, dtype=np.float64), axis=1) for f in folders]
    )
    each = answers.astype(np.float32) if combine == "each" else None
    Signals(together(answers, combine).astype(np.float32), {}, each=each).save(draft)


def together(answers: np.ndarray, combine: Combine) -> np.ndarray:
    """Log of the mean probability, from log probabilities (networks, rows, classes).

    confident: networks are weighted by row by their certainty, a softmax of the negative entropies.
    even: each network is first brought to the temperature at which its mean entropy is the mean of
    all.
    """
    if combine == "even":
        wanted = float(np.mean([entropy(x) for x in answers]))
        answers = np.stack([at_entropy(x, wanted) for x in answers])
    weights = np.zeros(answers.shape[:2])
    if combine == "confident":
        weights = (np.exp(answers) * answers).sum(2)
    shares = log_softmax(weights, axis=0)[:, :, None]
    found: np.ndarray = logsumexp(answers + shares, axis=0)
    return found


def entropy(logs: np.ndarray) -> float:
    """Mean entropy over rows of log probabilities (rows, classes), in nats."""
    return float(-(np.exp(logs) * logs).sum(1).mean())


def at_entropy(logs: np.ndarray, wanted: float) -> np.ndarray:
    """The log probabilities at the temperature that gives them this mean entropy.

    The temperature is from a tenth to ten; out of reach, the nearest is used.
    """

    def at(log_t: float) -> np.ndarray:
        found: np.ndarray = log_softmax(logs / np.exp(log_t), axis=1)
        return found

    low, high = -np.log(10.0), np.log(10.0)
    if entropy(at(low)) >= wanted:
        return at(low)
    if entropy(at(high)) <= wanted:
        return at(high)
    return at(brentq(lambda log_t: entropy(at(log_t)) - wanted, low, high))
