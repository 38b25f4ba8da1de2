"""Damaged files of the cache: each is noticed, and made again with one line."""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from autodistill.components.teachers import residual
from autodistill.datasets import Task
from autodistill.prepare.answers import keep_answers
from autodistill.prepare.materials import prepare
from autodistill.prepare.memory import keep_rows, keep_space
from autodistill.prepare.views import Views
from autodistill.prepare.workspace import open_workspace
from autodistill.registry import families
from autodistill.runtime.cache import holds
from autodistill.runtime.checksums import FILE, file_hash
from autodistill.runtime.device import CPU
from autodistill.study.pipeline import Part, Term
from autodistill.study.study import Study
from autodistill.training import tuning as tune
from tests.fakes import image_folder, sentences
from tests.prepare.test_views import PLAIN, TERMS, pipeline
from tests.screens import Heard

pytestmark = pytest.mark.slow


def zero(path: Path) -> None:
    path.write_bytes(bytes(path.stat().st_size))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    place = random.Random(path.name).randrange(8 * len(content))
    content[place // 8] ^= 1 << place % 8
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def extend(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"x")


def turn_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: tuple[Callable[[Path], None], ...] = (zero, cut, flip, empty, extend, turn_into_a_folder)
FRAME = pd.DataFrame(sentences(60), columns=["text", "label"])


def use_texts(reviews: Path, teacher: Path) -> None:
    """All that a study of texts keeps: a tuned teacher, tokens, signals, views, words, a tutor."""
    screen = Heard()
    opened = open_workspace(Study(str(reviews), str(teacher)), screen, None)
    workspace = prepare(replace(opened, found=replace(opened.found, tuned=False)), screen)
    views = Views(workspace, screen)
    views(pipeline(views=1))
    views(replace(PLAIN, student=Part("static"), terms=TERMS[:2]))
    for kind in ("tokens", "projections"):
        loss = Part("mse", {"on": kind})
        views(replace(PLAIN, terms=(*TERMS[:2], Term(loss, 0.1, Part("skip")))))
    tutor = Part("mcmi", {"strength": 0.1})
    views.tutored(replace(PLAIN, terms=TERMS[:2]).with_stages(tutor=tutor))


def use_images(pictures: Path) -> None:
    """All that a study of images keeps: an untrained start, a teacher, pixels, looks."""
    screen = Heard()
    prepare(open_workspace(Study(str(pictures), "residual"), screen, None), screen)


def use_memory(_: Path) -> None:
    """Values that programs give: a frame, a space, a function that teaches."""
    screen = Heard()
    keep_rows(FRAME, {})
    keep_space({"hard": {"ce": {}}})
    task: Task = open_workspace(Study("digits", "embedded"), screen, None).task
    keep_answers(even, task, screen)


def even(items: list[Any]) -> list[list[float]]:
    """A teacher that knows nothing."""
    return [[0.1] * 10 for _ in items]


@contextmanager
def short(home: Path) -> Iterator[None]:
    """In this home, with trainings of a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTODISTILL_HOME", str(home))
        patch.setattr("autodistill.prepare.devices.this_cpu", lambda: CPU)
        patch.setattr(residual, "WIDTHS", (8, 16, 32))
        patch.setattr(tune, "FEW_IMAGE_VISITS", 600)
        for name in families.names("tutors"):
            own = families.get("tutors", name).lessons
            patch.setattr(
                families.get("tutors", name),
                "lessons",
                lambda self, s, own=own: [replace(x, visits=64) for x in own(self, s)],
            )
        yield


@pytest.fixture(scope="module")
def uses(
    reviews: Path, teacher: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Callable[[], None]]:
    """Ways to fill a home, and to read it again."""
    pictures = image_folder(tmp_path_factory.mktemp("data") / "pictures")
    return {
        "texts": lambda: use_texts(reviews, teacher),
        "images": lambda: use_images(pictures),
        "memory": lambda: use_memory(pictures),
    }


@pytest.fixture(scope="module")
def home(
    uses: dict[str, Callable[[], None]], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """A home that each of them has filled."""
    made = {}
    for name, use in uses.items():
        made[name] = tmp_path_factory.mktemp(f"home-{name}")
        with short(made[name]):
            use()
    return made


def entries(home: Path) -> list[Path]:
    """The folders of a home that have checksums."""
    return sorted(p.parent for p in home.rglob(FILE))


def content(home: Path) -> dict[str, str]:
    """Every file of a home and its hash."""
    return {
        p.relative_to(home).as_posix(): file_hash(p)
        for p in home.rglob("*")
        if p.is_file() and p.suffix != ".lock"
    }


def test_every_damage_of_every_file_is_noticed(
    home: dict[str, Path], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    accepted, lines, count = [], 0, 0
    for folder in [entry for each in home.values() for entry in entries(each)]:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            for damage in DAMAGES:
                copy = tmp_path / f"copy{count}"
                shutil.copytree(folder, copy)
                damage(copy / file.relative_to(folder))
                count += 1
                accepted += [(copy, damage)] if holds(copy) or copy.exists() else []
                lines += " ".join(capfd.readouterr().err.split()).count("is damaged (")

    print(f"{count} damaged files: {count - len(accepted)} noticed, {len(accepted)} accepted")
    assert accepted == []
    assert lines == count >= 100


def test_what_was_damaged_is_made_again_as_it_was(
    uses: dict[str, Callable[[], None]], home: dict[str, Path], capfd: pytest.CaptureFixture[str]
) -> None:
    kinds, remade = set[str](), set[str]()
    for name, place in home.items():
        before = content(place)
        for number, folder in enumerate(entries(place)):
            kind = folder.relative_to(place).parts[0]
            files = sorted(p for p in folder.iterdir() if p.is_file() and p.name != FILE)
            file = files[number % len(files)]
            whole = file.read_bytes()
            DAMAGES[number % 5](file)
            capfd.readouterr()

            with short(place):
                uses[name]()

            kinds.add(kind)
            said = " ".join(capfd.readouterr().err.split()).count("is damaged (")
            if said:
                remade.add(kind)
            else:  # what only the teacher's tuning reads, and the teacher is there
                file.write_bytes(whole)
            assert said <= 1
            assert content(place) == before, folder
    print(f"made again as they were: {', '.join(sorted(remade))}")
    assert remade == kinds
    assert len(kinds) >= 13
