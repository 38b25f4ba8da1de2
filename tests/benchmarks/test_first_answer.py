"""Seconds from a file to an answer, by phase."""

from typing import Any

from benchmarks.first_answer import BEGINNINGS, seconds_by_phase
from tests.paths import ROOT


def test_a_phase_lasts_from_its_first_event_to_the_next_phase() -> None:
    events: list[tuple[float, dict[str, Any]]] = [
        (1.0, {"event": "note", "text": "loading"}),
        (5.0, {"event": "note", "text": "timing a few steps of everything, for the plan"}),
        (9.0, {"event": "busy", "text": "timing a few steps of everything, for the plan"}),
        (15.0, {"event": "progress", "title": "fine-tuning the teacher"}),
        (75.0, {"event": "note", "text": "study     reviews-1: new"}),
        (100.0, {"event": "trial", "score": 0.5}),
        (165.0, {"event": "answer"}),
        (166.0, {"event": "written"}),
    ]

    found = seconds_by_phase(events)

    assert found == {"start": 5.0, "plan": 10.0, "teacher": 60.0, "search": 90.0}


def test_phases_begin_with_words_that_a_search_prints() -> None:
    code = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "autodistill").rglob("*.py"))

    for words in BEGINNINGS.values():
        assert f'"{words}' in code
