"""Studies of others: taken when whole and plausible, refused with every reason when not."""

import functools
import http.server
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autodistill.errors import SpecError
from autodistill.recommend.contributed import add, problems
from autodistill.storage.files import publish, read
from autodistill.study.facts import StudyFacts
from autodistill.study.results import Selection, StudyResult, as_bytes
from tests.commands import run_cli
from tests.paths import ROOT
from tests.recommend.studies import past

LABELS = np.arange(100) % 2


def whole() -> StudyResult:
    """Scores that the predictions give: `wrong` of 100 rows are wrong."""
    record, outcomes = past(0), []
    for o in record.outcomes:
        wrong = 10 + o.number
        predictions = np.where(np.arange(100) < wrong, 1 - LABELS, LABELS)
        outcomes.append(replace(o, score=1 - wrong / 100, predictions=as_bytes(predictions)))
    return replace(record, outcomes=tuple(outcomes), selection=Selection(as_bytes(LABELS)))


def spoilt(run: int, **values: Any) -> StudyResult:
    """One run of it with other values."""
    record = whole()
    return replace(
        record,
        outcomes=tuple(replace(o, **values) if o.number == run else o for o in record.outcomes),
    )


def test_a_whole_study_is_copied_and_read_back(folder: Path) -> None:
    publish(whole(), "theirs", folder / "from" / "theirs")

    ran = run_cli("studies", "add", "from/theirs")

    assert ran.code == 0, ran.err
    assert read(folder / "studies" / "theirs") == whole()
    assert run_cli("studies", "add", "from/theirs").code == 2


def test_a_study_can_be_fetched(folder: Path) -> None:
    publish(whole(), "theirs", folder / "from" / "theirs")
    handler = functools.partial(
        http.server.SimpleHTTPRequestHandler, directory=str(folder / "from")
    )
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"

        place, record = add(f"{url}/theirs", folder / "studies")
        with pytest.raises(SpecError, match=r"study\.toml cannot be fetched"):
            add(f"{url}/nothing", folder / "studies")
        server.shutdown()

    assert place == folder / "studies" / "theirs"
    assert record == whole()


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (spoilt(3, score=0.9), r"trial 3: its predictions give 0\.870000, its score is 0\.900000"),
        (spoilt(3, score=7.0, predictions=b""), r"trial 3: the score 7\.0 is not between -1 and 1"),
        (spoilt(3, predictions=as_bytes(LABELS[:5])), "trial 3: 5 predictions for 100 rows"),
        (spoilt(3, status="won"), "trial 3: status 'won'"),
        (spoilt(3, number=4), "trial 4 is listed 2 times"),
        (spoilt(3, cost={"train_seconds": -1.0}), r"trial 3: its training time of -1\.0 seconds"),
        (replace(whole(), facts=StudyFacts()), "the fingerprint of its dataset is missing"),
        (replace(whole(), outcomes=whole().outcomes[:4]), "only 4 pipelines"),
    ],
)
def test_what_is_wrong_is_told(record: StudyResult, said: str, tmp_path: Path) -> None:
    publish(record, "theirs", tmp_path / "theirs")

    with pytest.raises(SpecError, match=said):
        add(str(tmp_path / "theirs"), tmp_path / "studies")
    assert not (tmp_path / "studies").exists()


def test_an_unknown_knob_and_a_value_outside_its_range_are_both_told() -> None:
    record = whole()
    student = replace(record.outcomes[0].pipeline.student, knobs={"keep": 9.0, "kept": 1})
    first = replace(
        record.outcomes[0], pipeline=replace(record.outcomes[0].pipeline, student=student)
    )

    found = problems(replace(record, outcomes=(first, *record.outcomes[1:])))

    assert any("no knob 'kept'" in p and "trial 0" in p for p in found)
    assert any("knob 'keep': 9.0" in p for p in found)


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "studies").glob("knowledge-*/study.toml")),
    ids=lambda p: p.parent.name,
)
def test_a_study_that_ships_would_be_added(path: Path) -> None:
    assert problems(read(path.parent)) == []
