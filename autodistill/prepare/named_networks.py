"""The small networks that a person named for students: whether they can be, before any work."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from autodistill.components.students import widths_of
from autodistill.components.students._networks import read_config
from autodistill.components.students._reader import is_fast, open_tokenizer, pad_of, tokenizer_files
from autodistill.components.students.checkpoint import folder_of
from autodistill.components.teachers import Found, sha256
from autodistill.components.teachers._config import encodes_texts, read_config_file
from autodistill.components.teachers._tokenizer import check_tokenizer, positions_of
from autodistill.components.teachers._weights import open_whole
from autodistill.components.teachers.transformer import WEIGHTS
from autodistill.datasets import Task
from autodistill.errors import SpecError, TeacherError
from autodistill.runtime.quiet import quietly
from autodistill.runtime.settings import STUDENT, student_networks
from autodistill.study.network_rules import Lack
from autodistill.study.space import Space
from autodistill.study.student_networks import MEMBER, names_in
from autodistill.study.study import Study
from autodistill.training.mixing import blends_words
from autodistill.training.projections import projects

COMPARED_ROWS = 256
"""Training texts on which two tokenizers with the same tokens are compared."""
PROBES = (
    "Ünïcode, ÀLL CAPS & digits 1234567890",
    "don't  stop—now!\t#tags",
    "漢字 かな кириллица 🙂",
)
"""Texts on which tokenizers of one vocabulary differ, if they do."""


@dataclass(frozen=True)
class NamedNetwork:
    """A network that is named as a student, on this machine."""

    name: str
    folder: Path
    key: str
    """Content hash of its files."""
    lacks: frozenset[Lack]
    longest: int | None
    """Tokens of the longest text that it takes."""

    @property
    def own_tokens(self) -> bool:
        """Whether it reads other tokens than the teacher, or cuts texts where that does not."""
        return "tokens" in self.lacks


def networks_of(study: Study, space: Space, found: Found, task: Task) -> tuple[NamedNetwork, ...]:
    """The networks that a study or its space names.

    Raises SpecError with everything that is wrong with them.
    """
    if task.of_images:
        if study.student:
            raise SpecError(
                f"--student {study.student[0]}: networks are students for texts, the rows of "
                f"{study.dataset} are images. Leave it out."
            )
        return ()
    made, problems = list[NamedNetwork](), list[str]()
    for name in names_in(space):
        where = f"--student {name}"
        if name not in study.student:
            where = f"student.{MEMBER}, name '{name}' (space '{study.space}')"
        try:
            made.append(_look(name, where, study, found, task))
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return tuple(made)


def _look(name: str, where: str, study: Study, found: Found, task: Task) -> NamedNetwork:
    folder = folder_of(name, where)
    try:
        content = read_config_file(folder)
        if not encodes_texts(content) or content.get("is_encoder_decoder"):
            kinds = ", ".join(content.get("architectures") or []) or "of an unnamed kind"
            raise SpecError(
                f"{where}: the network is {kinds} (model type '{content.get('model_type')}'), no "
                "encoder of texts that Transformers gives a head for classes. Name another one."
            )
        network = open_whole(folder, name, headless=True)
        check_tokenizer(folder, name, network)
        widths = widths_of(read_config(folder))
    except TeacherError as error:
        told = re.sub(r"\bthe teacher\b(?! ')", "the network", str(error))
        raise SpecError(f"{where}: {told.replace('the teacher ', 'the network ')}") from None
    except AttributeError as error:
        raise SpecError(
            f"{where}: the layers of {content.get('model_type')} cannot be counted ({error}). Name "
            "another network."
        ) from None
    longest = positions_of(network)
    weights = sorted(p for pattern in WEIGHTS for p in folder.glob(pattern))
    key = sha256(*weights, *tokenizer_files(folder), folder / "config.json")[:8]
    most = min(study.max_length, found.longest or study.max_length)
    with quietly():
        same = _same_tokens(folder, found.folder, task.train.first[:COMPARED_ROWS])
    lacks: dict[Lack, bool] = {
        "tokens": not same or (longest is not None and longest < most),
        "projections": not projects(folder),
        "layers": len(widths) > len(widths_of(read_config(found.folder))),
        "embeddings": not blends_words(read_config(folder)),
    }
    found_lacks = frozenset(lack for lack, is_so in lacks.items() if is_so)
    return NamedNetwork(name, folder, key, found_lacks, longest)


def _same_tokens(folder: Path, teacher: Path, texts: Sequence[str] = ()) -> bool:
    own, teachers = (open_tokenizer(f) for f in (folder, teacher))
    if own.get_vocab() != teachers.get_vocab() or pad_of(own) != pad_of(teachers):
        return False
    if is_fast(own) != is_fast(teachers):
        return False
    given = [*texts, *PROBES]
    return bool(own(given)["input_ids"] == teachers(given)["input_ids"])


def check_numbered(teacher: Path, space: Space, name: str, *, images: bool) -> Iterator[str]:
    """Notes on networks that the environment variable names in vain.

    Studies of older versions know their networks by number. Raises SpecError for those that cannot
    be used.
    """
    named = student_networks()
    if not named:
        return
    if images:
        yield f"{STUDENT} is not used: it names networks for texts, the task is of images"
        return
    numbers = getattr(space.slots["student"].get(MEMBER, {}).get("network"), "choices", ())
    if not any(isinstance(number, int) for number in numbers):
        yield (
            f"{STUDENT} is not used: no student of the space '{name}' is one of its networks; name "
            f"them with --student, or unset {STUDENT}"
        )
        return
    if problems := [p for network in named if (p := _problem(network, teacher))]:
        raise SpecError(problems)


def _problem(name: str, teacher: Path) -> str:
    try:
        folder = folder_of(name, f"{STUDENT}={name}")
    except SpecError as error:
        return str(error)
    with quietly():
        own, teachers = (getattr(read_config(f), "vocab_size", 0) for f in (folder, teacher))
        if own == teachers and (not tokenizer_files(folder) or _same_tokens(folder, teacher)):
            return ""
    return (
        f"{STUDENT}={name}: its tokens are not the teacher's ({own:,} and {teachers:,} of them). "
        "Name it with --student in place of this variable: it then reads with its own tokenizer."
    )
