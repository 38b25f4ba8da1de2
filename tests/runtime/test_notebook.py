"""How a search shows in a notebook, with a kernel's display that notes what it is given."""

from typing import Any

import pytest
from IPython import display

from autodistill.runtime import notebook
from autodistill.runtime.notebook import NotebookScreen


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that the output of the cell has been, in order."""
    found = list[str]()

    class Handle:
        def update(self, html: Any) -> None:
            found.append(html.data)

    def draw(html: Any, *, display_id: bool) -> Handle:
        assert display_id
        found.append(html.data)
        return Handle()

    monkeypatch.setattr(display, "display", draw)
    monkeypatch.setattr(notebook, "BETWEEN_DRAWINGS", 0.0)
    return found


def test_lines_of_a_search_are_drawn_anew_and_gone_at_its_end(shown: list[str]) -> None:
    screen, score = NotebookScreen(), [0.8]

    with screen.live(lambda: [f"best {score[0]}", "<b>not bold</b>"]):
        screen.pulse(str)
        score[0] = 0.9
        screen.pulse(str)

    assert ["best 0.8" in shown[0], "best 0.9" in shown[1], shown[2]] == [True, True, ""]
    assert "&lt;b&gt;not bold" in shown[0]


def test_a_bar_stands_above_the_lines_of_a_search(shown: list[str]) -> None:
    screen = NotebookScreen()

    with screen.live(lambda: ["best 0.8"]), screen.bar("reading") as tick:
        tick(3, 1000)

    assert "reading: 3 of 1,000\nbest 0.8" in shown[0]
    assert shown[-1] == ""


def test_a_bar_alone_says_how_the_teacher_does_and_goes(shown: list[str]) -> None:
    screen = NotebookScreen()

    with screen.bar("fine-tuning") as tick:
        screen.remark("accuracy 0.9 so far")
        tick(1, 2)

    assert "fine-tuning: 1 of 2, accuracy 0.9 so far" in shown[0]
    assert shown[1] == ""


def test_nothing_is_drawn_more_often_than_once_a_second(
    shown: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook, "BETWEEN_DRAWINGS", 60.0)
    screen = NotebookScreen()

    with screen.bar("reading") as tick:
        for done in range(100):
            tick(done, 100)

    assert len(shown) == 2


def test_lines_are_plain_text_below_the_cell(capsys: pytest.CaptureFixture[str]) -> None:
    NotebookScreen().line("trial 0  complete")

    assert capsys.readouterr().out == "trial 0  complete\n"
