"""Recipes from past studies, in turn with the study's own.

They never come twice, and are dropped when they are behind.
"""

import pytest
from optuna.trial import create_trial

from autodistill.search.ask_tell import AskTell
from autodistill.search.warm_start import DEFAULT, PAST, Hints
from autodistill.study.results import StudyResult, Trial
from autodistill.study.study import Study
from tests.search.sittings import SPACE, make

VALUES = [{**SPACE.default_values(), "logit.kl.temperature": t} for t in (3.0, 5.0, 7.0)]


def trial(first: float, **attrs: object) -> object:
    """One that has come to the first rung."""
    return create_trial(
        value=first, intermediate_values={1: first, 2: 0.99}, user_attrs={"pipeline": "{}", **attrs}
    )


def own(*firsts: float) -> list[object]:
    return [trial(firsts[0], why=DEFAULT), *(trial(f) for f in firsts[1:])]


def hinted(*firsts: float) -> list[object]:
    return [trial(f, why=PAST, hint=i) for i, f in enumerate(firsts)]


@pytest.mark.parametrize(
    ("ours", "theirs", "place"),
    [
        ((0.8,), (), 0),
        ((0.8,), (0.9,), None),  # the study's own turn
        ((0.8, 0.8), (0.9,), 1),
        ((0.8, 0.8, 0.8), (0.9, 0.7), 2),
        ((0.8, 0.8, 0.8), (0.7, 0.7), None),  # behind
        ((0.8, 0.8, 0.8, 0.8), (0.9, 0.9, 0.9), None),  # none left
    ],
)
def test_whose_turn_it_is(
    ours: tuple[float, ...], theirs: tuple[float, ...], place: int | None
) -> None:
    found = Hints(VALUES).next([*own(*ours), *hinted(*theirs)])  # type: ignore[list-item]

    assert (None if found is None else found[0]) == place


def test_nothing_is_asked_before_the_default_recipe() -> None:
    assert Hints(VALUES).next([]) is None


def test_controls_and_repeats_are_not_the_studys_own() -> None:
    others = [
        trial(0.9, why="control: alone", baseline="alone"),
        trial(0.9, why="repeat of trial 0"),
    ]

    assert not Hints(VALUES).are_worse([*own(0.5, 0.5), *others, *hinted(0.6, 0.6)])  # type: ignore[list-item]


def questions(url: str, *known: Trial) -> AskTell:
    return AskTell(
        "s",
        SPACE,
        url,
        seed=0,
        history=StudyResult(Study("a.csv"), known),
        closing_share=0.0,
        hints=VALUES,
    )


def test_a_study_tries_each_once_in_turn_even_when_it_is_gone_on_with(url: str) -> None:
    now = questions(url)
    made = [make(now, 0.1) for _ in range(6)]
    now = questions(url, *made)
    made += [make(now, 0.1) for _ in range(6)]

    heat = [
        next(
            (t.loss.knobs.get("temperature") for t in o.pipeline.terms if t.loss.name == "kl"), None
        )
        for o in made
        if not o.baseline
    ]
    assert heat[0] == 2.0
    assert (heat[1], heat[3], heat[5]) == (3.0, 5.0, 7.0)
    assert [sum(h == t for h in heat) for t in (3.0, 5.0, 7.0)] == [1, 1, 1]


def test_one_that_was_cut_off_is_asked_again(url: str) -> None:
    now = questions(url)
    made = [make(now, 0.1) for _ in range(4)]
    cut_off = now.ask(0.1)
    now = questions(url, *made)

    assert now.ask(0.1).pipeline == cut_off.pipeline
