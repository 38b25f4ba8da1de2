"""Shared by all tests: one thread, a home of their own, no network.

One tiny teacher serves the whole run.
"""

import gc
import os
import signal
from pathlib import Path

import pytest

os.environ.update(
    OMP_NUM_THREADS="1", HF_HUB_OFFLINE="1", HF_DATASETS_OFFLINE="1", TOKENIZERS_PARALLELISM="false"
)
gc.set_threshold(50_000, 20, 50)  # as in a command: a tenth of the tests' time
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # as a shell's background job, which programs under test would inherit: Ctrl-C is tested
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with tests of minutes, so that no process waits for one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the files of the person who runs it.

    None reads or writes their cache, database or data root, nor learns from studies that ship.
    """
    for name in ("AUTODISTILL_STORAGE", "AUTODISTILL_DATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AUTODISTILL_PAST", "0")
    monkeypatch.setenv("AUTODISTILL_HOME", str(tmp_path_factory.getbasetemp() / "home"))


@pytest.fixture(autouse=True)
def _short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny networks on a few hundred rows need fewer steps than real ones."""
    monkeypatch.setattr("autodistill.training.trial_size.FEWEST_STEPS", 31)


@pytest.fixture(scope="session")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a tiny fine-tuned classifier of tests.fakes.sentences.

    It has two layers of width 32.
    """
    from tests.fakes import tiny_teacher

    return tiny_teacher(tmp_path_factory.mktemp("teacher"))


@pytest.fixture(scope="session")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV of 400 sentences that the tiny teacher knows how to label."""
    from tests.fakes import sentences, write_csv

    return write_csv(tmp_path_factory.mktemp("data") / "reviews.csv", sentences(400))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder in which the person works."""
    made = tmp_path / "work"
    made.mkdir()
    monkeypatch.chdir(made)
    return made


@pytest.fixture
def blocked(folder: Path) -> Path:
    """A regular file: nothing can be made below it, not even by root."""
    path = folder / "FILE"
    path.write_text("in the way", encoding="utf-8")
    return path
