"""Lines and durations for people."""

import json
import time
from io import StringIO

import pytest
from rich.console import Console
from rich.table import Table

from autodistill.runtime.json_screen import JsonScreen
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


def test_prose_in_a_pipe_breaks_between_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "24")
    shown = Screen()

    shown.line("trial     12 of 30, score 0.9")
    shown.answer("  worth     not shown to help")

    assert capsys.readouterr() == (
        "  worth     not shown to\n            help\n",
        "trial     12 of 30,\n          score 0.9\n",
    )


def test_a_command_is_never_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")

    Screen().command("autodistill train recipe.toml --storage other.db")

    assert capsys.readouterr().out == "  autodistill train recipe.toml --storage other.db\n"


def test_a_table_in_a_pipe_has_a_line_for_each_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    table = Table("trial", "pipeline", title="study", caption="* recommended")
    table.add_row("1*", "a pipeline with many words [and brackets]")
    table.add_row("22", "another")

    Screen().answer(table)

    assert capsys.readouterr().out.splitlines() == [
        "study",
        "trial  pipeline",
        "1*     a pipeline with many words [and brackets]",
        "22     another",
        "* recommended",
    ]


def test_without_a_terminal_a_bar_is_a_line_every_twenty_seconds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 0.0, 10.0, 25.0, 25.0, 30.0])
    monkeypatch.setattr("autodistill.runtime.progress.time.monotonic", lambda: next(clock))

    with Screen().bar("asking") as tick:
        for done in (100, 250, 300):
            tick(done, 1000)

    # after 25 s 250 of 1000 are done: 75 s are left
    assert capsys.readouterr().err == "asking: 250 of 1,000, about 75 s left\n"


def terminal(screen: Screen) -> StringIO:
    """The text of this screen, as if on a terminal of 60 columns."""
    written = StringIO()
    screen.notes = Console(file=written, force_terminal=True, width=60, highlight=False)
    return written


def test_live_lines_are_drawn_below_the_others_and_cut_at_the_edge() -> None:
    shown = Screen()
    written = terminal(shown)

    with shown.live(lambda: ["trial 1  " + "x" * 60, "so far"]):
        shown.line("trial 0  complete")

    last = written.getvalue()
    assert "trial 0  complete" in last
    assert "…" in last
    assert "x" * 52 not in last
    assert last.index("trial 0  complete") < last.rindex("so far")


def test_a_bar_within_live_lines_is_one_of_them() -> None:
    shown = Screen()
    written = terminal(shown)

    with shown.live(lambda: ["so far"]), shown.bar("asking") as tick:
        tick(10, 1000)
        until = time.monotonic() + 10
        while "asking: 10 of 1,000" not in written.getvalue() and time.monotonic() < until:
            time.sleep(0.05)

    assert "asking: 10 of 1,000" in written.getvalue()


def test_work_of_unknown_length_shows_a_sign_of_life() -> None:
    screen, piped = Screen(), Screen()
    shown, told = terminal(screen), StringIO()
    piped.notes = Console(file=told)

    for each in (screen, piped):
        with each.busy("reading [the] rows"):
            time.sleep(0.3)

    assert "reading [the] rows" in shown.getvalue()
    assert told.getvalue() == "", "a pipe hears of it after 20 seconds"


def test_a_pipe_hears_of_work_that_does_not_report(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autodistill.runtime.progress.LONGEST_SILENCE", 0.05)
    shown, told = Screen(), StringIO()
    shown.notes = Console(file=told)

    with shown.busy("timing a few steps"):
        until = time.monotonic() + 10
        while not told.getvalue() and time.monotonic() < until:
            time.sleep(0.01)

    assert told.getvalue().startswith("timing a few steps, 0 s so far")


def test_a_program_hears_of_work_that_does_not_report(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autodistill.runtime.json_screen.SILENCE", 0.05)
    told: list[dict[str, object]] = []

    with JsonScreen().busy("timing a few steps"):
        until = time.monotonic() + 10
        while len(told) < 2 and time.monotonic() < until:
            time.sleep(0.01)
            told += map(json.loads, capsys.readouterr().out.splitlines())

    assert told[0] == {"event": "note", "text": "timing a few steps"}
    assert (told[1]["event"], told[1]["text"]) == ("busy", "timing a few steps")


def test_a_pulse_breaks_a_silence_of_twenty_seconds_in_a_pipe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("autodistill.runtime.progress.time.monotonic", lambda: now[0])
    shown = Screen()

    for now[0] in (10.0, 20.0, 30.0, 40.0):
        shown.pulse(lambda: f"at {now[0]:.0f} s")

    assert capsys.readouterr().err == "at 20 s\nat 40 s\n"


def test_a_terminal_that_is_drawn_needs_no_pulse() -> None:
    shown = Screen()
    written = terminal(shown)
    shown._heard = -1000.0

    shown.pulse(lambda: "pulse")

    assert written.getvalue() == ""
