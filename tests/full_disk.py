"""A disk that fills up under the command line, at eight places.

`python -m tests.full_disk FOLDER [PLACE...]` prints one line of JSON for each place. A limit on the
size of files stands for the disk where another library writes, a refused system call where we do.
"""

import errno
import json
import os
import resource
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autodistill.prepare import materials, teacher_tuning
from tests.forked import SEARCH, copied, drafts, prepare, read, run

MANY = f"{SEARCH} --dataset many.csv --trials 2 --repeat-fraction 0"
VIEWS = """
[augmentation.random_deletion]
"""


@dataclass(frozen=True)
class Place:
    """A command that finds no more room at some place."""

    words: str
    fill: Callable[[], object]
    written: str
    """A pattern of what is there once there is room again."""


def no_file_larger(limit: int) -> Callable[[], object]:
    """No file may have more bytes."""
    return partial(resource.setrlimit, resource.RLIMIT_FSIZE, (limit, limit))


def no_teacher_larger(limit: int) -> Callable[[], object]:
    """No file may have more bytes from the moment at which the teacher is tuned."""

    def tune_in_less(*given: Any, **named: Any) -> float:
        no_file_larger(limit)()
        return teacher_tuning.tune(*given, **named)

    return partial(setattr, materials, "tune", tune_in_less)


def no_room_for(part: str) -> Callable[[], object]:
    """The disk is full when a file with this in its path is written, or brought onto it."""

    def refusing(call: Callable[..., Any]) -> Callable[..., Any]:
        def full(descriptor: int, *rest: Any) -> Any:
            if part in os.readlink(f"/proc/self/fd/{descriptor}"):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return call(descriptor, *rest)

        return full

    def patch() -> None:
        for name in ("fsync", "pwrite"):
            setattr(os, name, refusing(getattr(os, name)))

    return patch


PLACES = {
    "teacher folder": Place(
        "search --dataset images --teacher residual --trials 1 --storage s.db",
        no_teacher_larger(100_000),
        "home/teachers/*/model.safetensors",
    ),
    "tokens": Place(MANY, no_file_larger(400_000), "home/tokens/*/ids.npy"),
    "signals": Place(MANY, no_file_larger(850_000), "home/signals/*/*/logits.npy"),
    "views": Place(
        f"{SEARCH} --dataset reviews.csv --trials 1 --repeat-fraction 0".replace("small", "views"),
        no_room_for("/home/signals/"),
        "home/signals/*/*/logits.npy",
    ),
    "study database": Place(
        f"{SEARCH} --dataset reviews.csv --trials 1 --repeat-fraction 0",
        no_file_larger(60_000),
        "s.db",
    ),
    "recipe.toml": Place(
        "recommend --study films --storage r.db --out new.toml", no_room_for("new.toml"), "new.toml"
    ),
    "student folder": Place(
        "run recipe.toml --storage r.db --out student",
        no_room_for("metrics.json"),
        "student/model.safetensors",
    ),
    "report": Place("report films --storage r.db --out r.html", no_room_for("r.html"), "r.html"),
}


@dataclass(frozen=True)
class End:
    """How a command ended without room, and with it."""

    place: str
    code: int
    message: str
    tracebacks: int
    drafts: tuple[str, ...]
    """Half-written files and folders that it left."""
    code_with_room: int
    written: bool
    """Whether the same command wrote what it had to when there was room."""


def fill(template: Path, name: str) -> End:
    """Run a command without room, and again with it."""
    place, folder = PLACES[name], copied(template, name.replace(" ", "-"))
    code = run(folder, place.words, place.fill)
    screen, left = read(folder / "err"), drafts(folder)
    again = run(folder, place.words)
    return End(
        place=name,
        code=code,
        message=" ".join(screen.rpartition("autodistill: ")[2].split()),
        tracebacks=screen.count("Traceback"),
        drafts=left,
        code_with_room=again,
        written=any(folder.glob(place.written)),
    )


def table(folder: Path, names: Collection[str]) -> Iterator[End]:
    """These places."""
    template = folder / "template"
    prepare(template)
    text = read(template / "small.toml")
    (template / "views.toml").write_text(text + VIEWS, encoding="utf-8")
    for name in names:
        yield fill(template, name)


if __name__ == "__main__":
    for end in table(Path(sys.argv[1]), sys.argv[2:] or PLACES):
        print(json.dumps(asdict(end)), flush=True)
