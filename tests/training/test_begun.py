"""A training that is interrupted goes on after its last whole epoch."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from autodistill.registry import families
from autodistill.study.pipeline import Part, Pipeline
from autodistill.training import checkpoints
from autodistill.training.batches import Stream
from autodistill.training.begun import steps_begun
from autodistill.training.checkpoints import steps_done
from autodistill.training.full import train_in_full
from autodistill.training.rungs import never
from autodistill.training.trial import TrialSpec, run_trial
from autodistill.training.trial_data import TrialData
from tests.devices.card_cases import PLAIN, is_of_images, names, of_images, of_texts, pipeline_of
from tests.training.test_transfer import pipeline, unlabelled


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> TrialData:
    """A tiny teacher and its signals on texts."""
    return of_texts(tmp_path_factory.mktemp("texts") / "data")


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> TrialData:
    """A tiny teacher and its signals on images."""
    return of_images(tmp_path_factory.mktemp("images") / "data")


class Killed(Exception):
    """An interruption at any moment."""


def trained(
    data: TrialData, pipeline: Pipeline, place: Path | None = None, until: float = 1.0
) -> tuple[dict[str, torch.Tensor], list[int]]:
    """Weights after four epochs, and the steps that were made; ends after a share of them."""
    steps: list[int] = []

    def tick(done: int, total: int) -> None:
        steps.append(done)
        if done > until * total:
            raise Killed

    found = train_in_full(data, pipeline, epochs=4, seed=3, tick=tick, checkpoint=place)
    return found.network.state_dict(), steps


def goes_on(data: TrialData, pipeline: Pipeline, place: Path) -> None:
    """Two epochs and a half, and the rest later, give what an uninterrupted training gives."""
    whole, steps = trained(data, pipeline)
    with pytest.raises(Killed):
        trained(data, pipeline, place, until=0.7)
    assert steps_done(place.with_suffix(".1.ckpt")) >= len(steps) // 2
    after, rest = trained(data, pipeline, place)

    assert min(rest) > len(steps) // 2
    assert not list(place.parent.iterdir())
    for name, weight in whole.items():
        assert torch.equal(after[name], weight), name


@pytest.fixture(autouse=True)
def _after_each_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints, "SECONDS_BETWEEN", 0.0)
    monkeypatch.setattr(checkpoints, "SHARE", float("inf"))


USUAL = (
    "companions ema",
    "losses crd",
    "mixups embedding",
    "optimizers adamw",
    "regularizers l2_sp",
    "samplings hard_examples",
    "schedules balance",
    "targets swing",
    "weightings tgeo",
)
CASES = [c for c in names() if not c.startswith("proxies") and c != "students checkpoint"]
"""Without a student that is named by a folder, which has the shape of another case."""


@pytest.mark.parametrize(
    "case", [pytest.param(c, marks=() if c in USUAL else pytest.mark.long) for c in CASES]
)
def test_it_goes_on_as_if_nothing_had_happened(
    case: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    data = request.getfixturevalue("images" if is_of_images(case) else "texts")
    goes_on(data, pipeline_of(case), tmp_path / "a")


@pytest.mark.slow
@pytest.mark.parametrize("transfer", families.names("transfers"))
def test_it_goes_on_with_the_unlabelled_rows_it_had_chosen(
    transfer: str, texts: TrialData, tmp_path: Path
) -> None:
    (folder := tmp_path / "data").mkdir()
    (place := tmp_path / "begun").mkdir()

    goes_on(unlabelled(texts, folder), pipeline(Part(transfer)), place / "a")


def test_a_training_with_a_part_that_cannot_be_written_begins_again(
    texts: TrialData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Stream, "lock", threading.Lock(), raising=False)
    monkeypatch.setattr(Stream, "__getstate__", lambda stream: {"lock": stream.lock}, raising=False)

    with pytest.raises(Killed):
        trained(texts, PLAIN, tmp_path / "a", until=0.7)

    assert not list(tmp_path.iterdir())
    assert trained(texts, PLAIN, tmp_path / "a")[1][0] == 1


def test_a_file_that_is_cut_is_begun_again(texts: TrialData, tmp_path: Path) -> None:
    with pytest.raises(Killed):
        trained(texts, PLAIN, tmp_path / "a", until=0.7)
    file = tmp_path / "a.1.ckpt"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert steps_begun(tmp_path / "a") == 0
    assert trained(texts, PLAIN, tmp_path / "a")[1][0] == 1


def until_the_second(rung: int, _: float) -> bool:
    """A report that interrupts the trial at its second rung."""
    if rung == 2:
        raise Killed
    return False


def test_a_killed_trial_goes_on_to_the_same_end_and_reports_all_rungs(
    texts: TrialData, tmp_path: Path
) -> None:
    spec = TrialSpec(0, PLAIN, 0, 60, 4)
    told: list[tuple[int, float]] = []

    def hear(rung: int, score: float) -> bool:
        told.append((rung, score))
        return False

    whole = run_trial(texts, spec, never)
    with pytest.raises(Killed):
        run_trial(texts, spec, until_the_second, unfinished=tmp_path / "a")
    assert len(list(tmp_path.iterdir())) == 1
    found = run_trial(texts, replace(spec, number=5), hear, unfinished=tmp_path / "a")

    assert found.curve == tuple(told) == whole.curve
    assert (found.score, found.predictions) == (whole.score, whole.predictions)
    assert not list(tmp_path.iterdir())


def test_a_trial_that_would_be_stopped_now_is_stopped_before_it_goes_on(
    texts: TrialData, tmp_path: Path
) -> None:
    spec = TrialSpec(0, PLAIN, 0, 60, 4)

    with pytest.raises(Killed):
        run_trial(texts, spec, until_the_second, unfinished=tmp_path / "a")
    found = run_trial(texts, spec, lambda *_: True, unfinished=tmp_path / "a")

    assert found.status == "stopped"
    assert [rung for rung, _ in found.curve] == [1]
    assert not list(tmp_path.iterdir())
