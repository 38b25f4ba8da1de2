"""The small networks that a person named for students: whether they can be, before any work."""

from collections.abc import Iterator
from pathlib import Path

from autodistill.components.students._networks import read_config
from autodistill.components.students._reader import open_tokenizer, tokenizer_files
from autodistill.components.students.checkpoint import folder_of
from autodistill.errors import SpecError
from autodistill.runtime.quiet import quietly
from autodistill.runtime.settings import STUDENT, student_networks
from autodistill.study.space import Space

MEMBER = "checkpoint"
"""The student that is made of them."""
HAVING = "everything"
"""A space that has it."""


def check_named_networks(teacher: Path, space: Space, name: str, *, images: bool) -> Iterator[str]:
    """Notes on networks that are named in vain; raises SpecError for those that cannot be used."""
    named = student_networks()
    if not named:
        return
    if images:
        yield f"{STUDENT} is not used: it names networks for texts, the task is of images"
        return
    if problems := [p for network in named if (p := _problem(network, teacher))]:
        raise SpecError(problems)
    if MEMBER not in space.slots["student"]:
        yield (
            f"{STUDENT} is not used: the space '{name}' has no student '{MEMBER}'; --space "
            f"{HAVING} has it, as may a space of your own"
        )


def _problem(name: str, teacher: Path) -> str:
    try:
        folder = folder_of(name)
    except SpecError as error:
        return str(error)
    with quietly():
        own, teachers = (getattr(read_config(f), "vocab_size", 0) for f in (folder, teacher))
        if own == teachers and (not tokenizer_files(folder) or _same_tokens(folder, teacher)):
            return ""
    return (
        f"{STUDENT}={name}: its tokens are not the teacher's ({own:,} and {teachers:,} of them). A "
        "student reads what the teacher reads: name a network of the teacher's family, with the "
        f"same tokenizer, or unset {STUDENT}."
    )


def _same_tokens(folder: Path, teacher: Path) -> bool:
    own, teachers = (open_tokenizer(f).get_vocab() for f in (folder, teacher))
    return bool(own == teachers)
