"""A search and workers that join it: the real commands on a real server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autodistill.storage import Store
from autodistill.storage.desk import Desk
from autodistill.study.results import Trial
from tests.paths import ROOT
from tests.search.totals import faults, outcomes

STUDY = "films"
SHORT = """
from autodistill.training import trial_size
from autodistill.__main__ import main
trial_size.FEWEST_STEPS, trial_size.FEWEST_VISITS = 8, 128
main()
"""
"""The command line with trials of a few steps."""
SECONDS = 300.0
"""The longest that anything here may take on a busy machine."""


@dataclass
class Command:
    """A command that runs, and what it said so far."""

    process: "subprocess.Popen[bytes]"
    screen: Path

    @property
    def text(self) -> str:
        return self.screen.read_text(encoding="utf-8")

    def hears(self, text: str, times: int = 1) -> None:
        """Wait until it has said this so often."""
        until(lambda: self.text.count(text) >= times, lambda: self.text)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def code(self, seconds: float = SECONDS) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(seconds)


@dataclass
class Cluster:
    """Commands about one study on one database."""

    folder: Path
    url: str
    question: tuple[str, ...]
    within: tuple[str, ...] = ()
    """The command that runs each of them, such as one that enters a network."""
    commands: list[Command] = field(default_factory=list)

    def search(self, *words: str) -> Command:
        asked = (*self.question, "--study", STUDY, "--workers", "1", "--storage", self.url)
        return self._start("search", *asked, *words)

    def worker(self, *words: str, **env: str) -> Command:
        asked = ("--study", STUDY, "--workers", "1", "--storage", self.url)
        return self._start("worker", *asked, *words, **env)

    def outcomes(self) -> tuple[Trial, ...]:
        return outcomes(self.url, STUDY)

    def has(self, least: int) -> None:
        """Wait until so many trials are kept."""
        until(lambda: len(self.outcomes()) >= least, lambda: self.commands[-1].text)

    def join(self, search: Command, *workers: Command) -> None:
        """Wait until these have joined; meanwhile the search is held, or it might end before."""
        store = Store(self.url)
        until(lambda: Desk(store.database, STUDY).offer() is not None, lambda: search.text)
        store.close()
        search.process.send_signal(signal.SIGSTOP)
        for each in workers:
            each.hears("joined the search")
        search.process.send_signal(signal.SIGCONT)

    def check(self, trials: int) -> None:
        """Totals are exact, nothing is lost or doubled, and both sets of tables agree."""
        finished = [o for o in self.outcomes() if o.status != "rejected"]
        assert len(finished) == trials
        assert faults(self.url, STUDY, finished) == []

    def _start(self, *words: str, **env: str) -> Command:
        screen = self.folder / f"{len(self.commands)}-{words[0]}.err"
        with screen.open("wb") as file:
            process = subprocess.Popen(
                [*self.within, sys.executable, "-c", SHORT, *words],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **env},
                stdout=subprocess.DEVNULL,
                stderr=file,
            )
        self.commands.append(Command(process, screen))
        return self.commands[-1]


@contextmanager
def cluster(
    folder: Path, url: str, *question: str, within: tuple[str, ...] = ()
) -> Iterator[Cluster]:
    """A cluster without any command; those that run at the end are killed."""
    made = Cluster(folder, url, question, within)
    try:
        yield made
    finally:
        for each in made.commands:
            if each.process.poll() is None:
                each.kill()


def until(is_so: Callable[[], bool], told: Callable[[], str]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, told()
        time.sleep(0.05)
