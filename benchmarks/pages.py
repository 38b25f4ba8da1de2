"""Pages of the dashboard and the report: how fast for thousands of trials, and to whose cost."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median
from typing import Any
from urllib.request import urlopen

import psutil

from autodistill.prepare.teacher_tuning import PRELOAD
from autodistill.prepare.workspace import PreparedWorkspace
from autodistill.runtime.workers import LocalWorkers
from autodistill.search.session import SearchSession
from autodistill.storage import Store
from autodistill.study import spaces
from autodistill.study.rules import Conditions
from autodistill.training.trial import run_trial
from benchmarks.materials import scratch_folder
from benchmarks.past import NAME, fill
from benchmarks.predict import TOLD
from benchmarks.sittings import search_in

PAGES = {
    "studies": "/",
    "runs": "/studies/{}/runs",
    "run": "/studies/{}/runs/1",
    "answer": "/studies/{}",
    "stages": "/studies/{}/stages",
}
SOON = b"This page is being made of"
"""Stands on a page that is on its way."""
Say = Callable[[str], None]


def pages(trials: int, space: str, storage: str, say: Say) -> dict[str, Any]:
    """Seconds of each page, first and again, of a report, its memory and its size.

    `storage`: an empty database; none for a file that is removed afterwards.
    """
    found: dict[str, Any] = {"trials": trials}
    with scratch_folder() as folder:
        storage = storage or str(folder / "measured.db")
        store = Store(storage)
        fill(store, spaces.space(space).fit(Conditions(classes=2)), trials)
        store.close()
        with dashboard(storage, folder) as (address, _):
            for name, path in PAGES.items():
                found |= _asked(name, address + path.format(NAME))
                say(f"{name}: {found[f'{name}_first_s']:.2f} s, {found[f'{name}_again_s']:.2f} s")
        begin, out = time.perf_counter(), folder / "report.html"
        peak = _peak_of("report", NAME, "--out", str(out), "--storage", storage)
        found |= {
            "report_s": time.perf_counter() - begin,
            "report_peak_mb": peak,
            "report_mb": out.stat().st_size / 1e6,
        }
    return found


def slowed(
    workspace: PreparedWorkspace, trials: int, rows: int, pairs: int, storage: str, say: Say
) -> dict[str, Any]:
    """Seconds of a search while three pages are open over those while none is, pair by pair.

    And what the pages take of the processor, as a share of what two workers have: it says more
    than the ratio, in which two searches differ by chance. `storage` as in `pages`.
    """
    ratios, shares = list[float](), list[float]()

    def search(name: str, count: int, *, watched: bool) -> float:
        pool = LocalWorkers(run_trial, workspace.data, workers=2, preload=PRELOAD)
        with scratch_folder() as folder:
            url = storage or str(folder / "searched.db")
            with _watched(url, name, folder) if watched else nullcontext() as spent:
                begin = time.perf_counter()
                search_in(
                    *(url, workspace, pool),
                    trials=count,
                    rows=rows,
                    epochs=1,
                    sitting=SearchSession,
                    name=name,
                )
                seconds = time.perf_counter() - begin
                if spent:
                    shares.append(spent() / (2 * seconds))
                return seconds

    search("first", 2, watched=False)  # starts the fork server
    for number in range(pairs):
        seconds = {
            watched: search(f"pair-{number}-{watched}", trials, watched=watched)
            for watched in ((True, False) if number % 2 else (False, True))
        }
        ratios.append(seconds[True] / seconds[False])
        say(f"pair {number + 1} of {pairs}: {seconds[False]:.1f} s, watched {seconds[True]:.1f} s")
    return {
        "slowed": median(ratios),
        "slowed_least": min(ratios),
        "slowed_most": max(ratios),
        "pages_share": median(shares),
    }


@contextmanager
def dashboard(storage: str, folder: Path) -> Iterator[tuple[str, int]]:
    """The address of a dashboard in a process of its own, and the process's number."""
    words = ("dashboard", "--no-browser", "--port", "0", "--storage", storage)
    server = _run(folder, *words, stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield server.stdout.readline().split()[0].rstrip("/"), server.pid
    finally:
        server.terminate()
        server.wait()


@contextmanager
def _watched(storage: str, study: str, folder: Path) -> Iterator[Callable[[], float]]:
    """Three open pages; yields the seconds of the processor that their server took so far.

    RuntimeError where nobody looked on.
    """
    Store(storage).close()
    with dashboard(storage, folder) as (address, number):
        server = psutil.Process(number)
        before = sum(server.cpu_times()[:2])
        open_pages = [address + PAGES[name].format(study) for name in ("runs", "answer")]
        reader = [sys.executable, "-m", "benchmarks.reader", f"{address}/", *open_pages]
        with subprocess.Popen(reader, stderr=subprocess.PIPE, text=True) as reading:
            try:
                yield lambda: sum(server.cpu_times()[:2]) - before
                if reading.poll() is not None:
                    raise RuntimeError(f"nobody looked on: {reading.communicate()[1][-300:]}")
            finally:
                reading.kill()


def _asked(name: str, address: str) -> dict[str, float]:
    """Seconds until the page is there, not just announced, and of asking again; its bytes."""
    begin = time.perf_counter()
    while SOON in (body := _body(address)):
        time.sleep(0.1)
    first, begin = time.perf_counter() - begin, time.perf_counter()
    _body(address)
    again = time.perf_counter() - begin
    return {f"{name}_first_s": first, f"{name}_again_s": again, f"{name}_kb": len(body) / 1e3}


def _body(address: str) -> bytes:
    with urlopen(address, timeout=300) as answer:
        return bytes(answer.read())


def _run(folder: Path, *words: str, stdout: int = subprocess.DEVNULL) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "autodistill", *words]
    return subprocess.Popen(command, cwd=folder, stdout=stdout, text=True)


def _peak_of(*words: str) -> float:
    """MB that a command has had at most, as it says itself: the system counts its parent's, too."""
    command = [sys.executable, "-c", TOLD, *words]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(ran.stderr.split()[-2]) * 1024 / 1e6
