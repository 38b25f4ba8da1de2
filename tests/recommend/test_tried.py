"""Suggestions hold only what past datasets have tried."""

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from autodistill.recommend import recommend as engine
from autodistill.recommend.past import Past, learn
from autodistill.recommend.recommend import drawn
from autodistill.recommend.sources import published_studies
from autodistill.recommend.tried import is_of, narrowed, tried
from autodistill.registry.slots import slots
from autodistill.runtime.progress import Screen
from autodistill.study.pipeline import Part
from autodistill.study.rules import Conditions
from autodistill.study.space_file import read_space
from tests.paths import ROOT
from tests.recommend.studies import past

SPACES = sorted((ROOT / "search_spaces").glob("*.toml"))


@cache
def shipped() -> Past:
    """The studies that ship."""
    return learn(published_studies(ROOT / "studies", Screen()))


@pytest.fixture(autouse=True)
def _fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer draws than a search makes: the law holds for each of them."""
    monkeypatch.setattr(engine, "DRAWN", 60)


@cache
def datasets_of_members() -> dict[tuple[str, str], set[str]]:
    """Counted by hand: the datasets of each member's complete runs."""
    found = defaultdict(set)
    for record in shipped().records.values():
        for trial in record.outcomes:
            if trial.status == "complete" and not trial.baseline:
                for slot, part in trial.pipeline.parts():
                    found[slot, part.name].add(record.study.dataset)
    return found


@pytest.mark.parametrize("path", SPACES, ids=lambda p: p.stem)
def test_every_suggestion_has_members_that_three_datasets_have_tried(path: Path) -> None:
    space = read_space(path)

    found = drawn(space, tried(shipped()))

    members = {
        (slot, part.name)
        for p, _ in found
        for slot, part in p.parts()
        if not slots()[slot].given  # no past task had unlabelled rows
    }
    assert [m for m in members if len(datasets_of_members()[m]) < 3] == []
    assert all(space.made_of(values) == pipeline for pipeline, values in found)


def test_unlabelled_rows_which_no_past_dataset_had_do_not_silence_past_studies() -> None:
    space = read_space(ROOT / "search_spaces" / "quick.toml").fit(Conditions(pool=True))

    found = drawn(space, tried(shipped()))

    assert found
    assert {p.stage("transfer").name for p, _ in found} == {"all"}
    assert all(space.made_of(values) == pipeline for pipeline, values in found)
    assert all(is_of(pipeline, tried(shipped())) for pipeline, _ in found)


@pytest.mark.parametrize("name", ["text", "everything", "quick", "knowledge"])
def test_spaces_that_past_studies_know_are_not_silent(name: str) -> None:
    assert drawn(read_space(ROOT / "search_spaces" / f"{name}.toml"), tried(shipped()))


def test_two_datasets_are_not_enough() -> None:
    two, three = (tried(learn({f"set{n}": past(n) for n in range(count)})) for count in (2, 3))

    assert two == frozenset()
    assert ("student", "cut") in three


def test_a_space_without_a_known_student_is_silent() -> None:
    space = read_space(ROOT / "search_spaces" / "quick.toml")
    known = tried(shipped()) - {("student", "cut")}

    assert narrowed(space, known) is None
    assert drawn(space, known) == []


def test_a_pipeline_with_one_unknown_member_is_not_of_them() -> None:
    known = tried(shipped())
    (pipeline, _), *_ = drawn(read_space(ROOT / "search_spaces" / "quick.toml"), known)

    assert is_of(pipeline, known)
    assert not is_of(pipeline.with_stages(companion=Part("ema")), known)
