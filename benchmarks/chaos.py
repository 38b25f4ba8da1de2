"""The real command, of whose processes one at random is killed again and again.

Coordinator, fork server, worker, or PostgreSQL itself: afterwards all totals must be exact.
"""

import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from autodistill.storage import as_url
from autodistill.study.results import Trial
from benchmarks.materials import scratch_folder, synthetic
from tests.search.totals import faults, outcomes
from tests.storage.servers import OwnServer, empty_databases, own_server

STUDY = "chaos"
KILLS = 3
MOST_SEARCHES = KILLS + 2
"""Each kill ends a search at most once."""
EARLY = 1
"""Kills of a run that do not wait until trials run."""
WAIT_SECONDS = 4.0
"""The longest pause before a kill."""
ORPHAN_SECONDS = 30.0
"""Within this time processes have ended whose coordinator was killed, on a frozen machine, too."""
LONGEST_SECONDS = 600.0
"""No command takes longer on a busy machine."""
DRAFT = ".*-????????"
"""Names of what is being written; see runtime/files.py."""
Say = Callable[[str], None]


@dataclass
class Chaos:
    """One study, and what was killed of it."""

    folder: Path
    url: str
    """An empty database."""
    trials: int
    draw: random.Random
    server: OwnServer | None = None
    """The server of the database, where there is one to kill."""
    killed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    outlived: float = 0.0
    """The longest time that processes took to end after their coordinator, in seconds."""
    begun: int = 0
    """Searches begun."""
    ended: Counter[int] = field(default_factory=Counter)
    """Searches by exit code."""
    seen: dict[int, Trial] = field(default_factory=dict)
    """Outcomes by number, as they were when they were seen first."""

    def run(self) -> None:
        """Kill, begin again, let it end, look at everything."""
        code = -1
        while code and self.begun < MOST_SEARCHES:
            with self._search() as search:
                while search.poll() is None and self.killed.total() < KILLS:
                    self._pause(search)
                    self._kill(search)
                    self._look()
                code = search.wait(LONGEST_SECONDS)
                self.ended[code] += 1
        if code:
            self.faults.append(f"no search came to its end: {dict(self.ended)}")
        self._look()
        self._check()

    def _pause(self, search: "subprocess.Popen[bytes]") -> None:
        """Let it run for a while, all but the first time until trials run."""
        end = time.monotonic() + LONGEST_SECONDS
        if self.killed.total() >= EARLY:
            while time.monotonic() < end and search.poll() is None and not trains(search.pid):
                time.sleep(0.1)
        time.sleep(self.draw.uniform(0.0, WAIT_SECONDS))

    def _kill(self, search: "subprocess.Popen[bytes]") -> None:
        """Kill one process; of the kinds that run, each is as likely."""
        try:
            coordinator = psutil.Process(search.pid)
            children, found = coordinator.children(recursive=True), processes(coordinator)
            if self.server:
                found["PostgreSQL"] = [psutil.Process(self.server.process)]
            kind = self.draw.choice(sorted(found))
            self.draw.choice(found[kind]).kill()
        except psutil.Error:  # it has just ended by itself
            return
        self.killed[kind] += 1
        if kind == "coordinator":
            search.wait()
            begin = time.monotonic()
            for left in psutil.wait_procs(children, ORPHAN_SECONDS)[1]:
                self.faults.append(f"{left.cmdline()} outlived its coordinator")
                left.kill()
            self.outlived = max(self.outlived, time.monotonic() - begin)
        if kind == "PostgreSQL" and self.server:
            time.sleep(self.draw.uniform(0.0, WAIT_SECONDS))
            self.server.start()

    def _look(self) -> None:
        """Outcomes that were seen are there, as they were."""
        now = {each.number: each for each in outcomes(self.url, STUDY)}
        for number, before in self.seen.items():
            if number not in now:
                self.faults.append(f"trial {number} was lost")
            elif (now[number].status, now[number].score) != (before.status, before.score):
                self.faults.append(f"trial {number} has another outcome")
        self.seen |= {n: each for n, each in now.items() if n not in self.seen}

    def _check(self) -> None:
        """Totals, tables, answers and files at the end."""
        ended = outcomes(self.url, STUDY)
        finished = [o for o in ended if o.status in ("complete", "stopped")]
        if len(finished) != self.trials:
            self.faults.append(f"{len(finished)} trials finished, not {self.trials}")
        self.faults += faults(self.url, STUDY, finished)
        for verb, *words in (("recommend", "--study", STUDY), ("report", STUDY)):
            if code := self._start(verb, *words).wait(LONGEST_SECONDS):
                self.faults.append(f"{verb} ended with {code}")
        self.faults += [f"{p.relative_to(self.folder)} was left" for p in self._left()]
        self.faults += [
            f"{screen.name} shows a traceback"
            for screen in sorted(self.folder.glob("*.err"))
            if "Traceback" in screen.read_text(encoding="utf-8", errors="replace")
        ]

    def _left(self) -> Iterator[Path]:
        """Files of processes that are gone."""
        tmp = (self.folder / "tmp").iterdir()
        yield from (p for p in tmp if not p.name.startswith("torchinductor"))  # torch keeps it
        yield from self.folder.glob(f"home/**/{DRAFT}")

    @contextmanager
    def _search(self) -> "Iterator[subprocess.Popen[bytes]]":
        dataset, teacher = synthetic()
        asked = ("--dataset", dataset, "--teacher", teacher, "--study", STUDY, "--rows", "200")
        process = self._start("search", *asked, "--trials", str(self.trials), "--workers", "2")
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        self.begun += 1
        (self.folder / "tmp").mkdir(exist_ok=True)
        env = {"AUTODISTILL_HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp")}
        with (self.folder / f"{self.begun}-{words[0]}.err").open("wb") as screen:
            return subprocess.Popen(
                [sys.executable, "-m", "autodistill", *words, "--storage", self.url],
                cwd=self.folder,
                env={**os.environ, **env, "PYTHONPATH": str(Path(__file__).parents[1])},
                stdout=subprocess.DEVNULL,
                stderr=screen,
            )


def processes(coordinator: psutil.Process) -> dict[str, list[psutil.Process]]:
    """The processes of a search that run now, by kind."""
    found = {"coordinator": [coordinator]}
    for child in filter(_runs, coordinator.children()):
        if "forkserver" in " ".join(child.cmdline()):
            found["fork server"] = [child]
            if workers := [*filter(_runs, child.children())]:
                found["worker"] = workers
    return found


def trains(coordinator: int) -> bool:
    """Whether trials of this search run now."""
    try:
        return "worker" in processes(psutil.Process(coordinator))
    except psutil.Error:  # it has just ended
        return False


def _runs(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)


def chaos(runs: int, *, on_postgres: bool, trials: int, seed: int, say: Say) -> dict[str, Any]:
    """How many of so many studies were exact after all kills, and what was wrong with the others.

    On SQLite, or on a server of its own.
    """
    begin, exact, outlived, faults = time.perf_counter(), 0, 0.0, list[str]()
    killed, ended = Counter[str](), Counter[int]()
    with own_server() if on_postgres else nullcontext() as server:
        for number in range(runs):
            with scratch_folder() as folder:
                url = as_url(str(folder / "s.db"))
                if server:
                    (url,) = empty_databases(server.url, 1, f"chaos_{number}_")
                draw = random.Random(f"{seed} {number}")
                one = Chaos(folder, url, trials, draw, server)
                one.run()
                screens = _screens(folder) if one.faults else ""
            killed, ended = killed + one.killed, ended + one.ended
            exact, outlived = exact + (not one.faults), max(outlived, one.outlived)
            faults += [f"run {number}: {fault}" for fault in one.faults]
            say(f"run {number + 1} of {runs}: {dict(one.killed)}, {one.faults or 'exact'}{screens}")
    return {
        "runs": runs,
        "exact": exact,
        "kills": killed.total(),
        **killed,
        "ended": dict(ended),
        "outlived_s": round(outlived, 2),
        "faults": faults,
        "seconds": round(time.perf_counter() - begin, 1),
    }


def _screens(folder: Path) -> str:
    """The ends of what its commands said."""
    texts = (p.read_text(errors="replace")[-2000:] for p in sorted(folder.glob("*.err")))
    return "\n".join(["", *texts])
