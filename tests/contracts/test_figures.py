"""Promises of every figure."""

from dataclasses import replace

import pytest

from autodistill.registry import families
from autodistill.storage.files import read
from tests.paths import ROOT
from tests.report.figures.test_worth import record as taught
from tests.report.studied import studied
from tests.surveys import survey

KNOWN = {
    "worth": lambda: taught(0.04, 0.02),
    "stages": lambda: survey(mixup=0.03),
    "past": lambda: read(ROOT / "studies" / "knowledge-bbc-news"),
    "students": lambda: read(ROOT / "studies" / "sst2-students"),
}
"""Studies in which a figure has something to show; any other shows `studied`."""
every_figure = pytest.mark.parametrize("name", families.names("figures"))


@every_figure
def test_a_study_with_runs_is_drawn_and_one_without_is_not(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_PAST", "1")
    member = families.build("figures", name, {})
    record = KNOWN.get(name, studied)()

    assert member.title
    assert len(member.draw({"a": record, "b": record}, {}).data) > 0
    empty = replace(record, outcomes=())
    assert member.draw({"a": empty, "b": empty}, {}) is None
    assert member.numbers({"a": empty, "b": empty}) is None


@every_figure
def test_a_figure_has_a_table_for_those_who_cannot_see_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_PAST", "1")
    table = families.build("figures", name, {}).numbers({"a": KNOWN.get(name, studied)()})

    assert table is not None
    assert table.texts()


@every_figure
def test_the_labels_are_written(name: str) -> None:
    assert {"Source", "Idea", "Inputs"} <= set(families.card("figures", name).labels)


def test_bars_reach_up_to_their_share_and_a_mark_says_what_chance_would_do() -> None:
    figure = families.build("figures", "stages", {}).draw(
        {"a": survey(mixup=0.03), "b": survey()}, {"sst2": {"mixup": 0.061}}
    )

    own, chance, theirs = figure.data[:3]
    place = list(own.x).index("mixup")
    assert own.y[place] > 0.5
    assert chance.y[place] < 0.1
    assert theirs.name == "sst2, published"
    assert theirs.y[place] == 0.061
