"""Lines and durations for people."""

import pytest

from autodistill.runtime.progress import Screen, short


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 s"),
        (48.0, "48 s"),
        (89.0, "89 s"),
        (180.0, "3 min"),
        (3540.0, "59 min"),
        (4800.0, "1 h 20 min"),
    ],
)
def test_durations_are_short(seconds: float, text: str) -> None:
    assert short(seconds) == text


def test_notes_go_to_standard_error_and_answers_to_standard_output(
    capsys: pytest.CaptureFixture[str],
) -> None:
    shown = Screen()

    shown.line("a note [with brackets]")
    shown.answer("the answer")

    assert capsys.readouterr() == ("the answer\n", "a note [with brackets]\n")


def test_without_a_terminal_a_bar_is_a_line_every_twenty_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 10.0, 25.0, 30.0])
    monkeypatch.setattr("autodistill.runtime.progress.time.monotonic", lambda: next(clock))

    with Screen().bar("asking") as tick:
        for done in (100, 250, 300):
            tick(done, 1000)

    # after 25 s 250 of 1000 are done: 75 s are left
    assert capsys.readouterr().err == "asking: 250 of 1,000, about 75 s left\n"
