"""The command line, sent a signal in the middle of a phase: what it ends with, what it leaves.

`python -m tests.interrupted FOLDER SIGNAL... [PHASE...]` prints a line of JSON for each of both.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from autodistill.runtime import interrupts
from tests.forked import SEARCH, copied, drafts, prepare, read, start

SECONDS = 180.0
"""The longest that a phase may take to begin, on a busy machine."""
ORPHAN_SECONDS = 5.0


@dataclass(frozen=True)
class Phase:
    """A command, and how one sees that it is in the middle of the phase."""

    words: str
    begun: Callable[[Path, str], bool]


def says(text: str) -> Callable[[Path, str], bool]:
    """The phase has begun when the screen says this."""
    return lambda _, screen: text in screen


def holds(pattern: str) -> Callable[[Path, str], bool]:
    """The phase has begun when there is such a file."""
    return lambda folder, _: any(folder.glob(pattern))


PHASES = {
    "teacher tuning": Phase(
        "search --dataset images --teacher residual --trials 6 --storage s.db",
        holds("home/teachers/.*-????????"),
    ),
    "signals": Phase(
        f"{SEARCH} --dataset many.csv --trials 6", holds("home/signals/*/.*-????????/logits.npy")
    ),
    "trials": Phase(f"{SEARCH} --dataset reviews.csv --trials 300", says("\ntrial ")),
    "repeats": Phase(
        f"{SEARCH} --dataset reviews.csv --trials 60 --repeat-fraction 0.9", says(" repeat ")
    ),
    "run": Phase("run long.toml --storage r.db", says("\ntraining  ")),
    "recommend": Phase(
        "recommend --dataset many.csv --teacher teacher --storage r.db -o new.toml",
        says("task "),
    ),
}


@dataclass(frozen=True)
class End:
    """How one command ended."""

    phase: str
    signal: str
    code: int
    seconds: float
    """From the signal to the end."""
    lines: tuple[str, ...]
    """Its own lines after the signal."""
    tracebacks: int
    drafts: tuple[str, ...]
    """Half-written files and folders that it left."""
    orphans: int
    """Processes that it left, some seconds later."""
    kept: str


def interrupt(template: Path, name: str, number: signal.Signals) -> End:
    """Run a command into its phase, send it the signal, and look at what is left."""
    phase, folder = PHASES[name], copied(template, f"{name.replace(' ', '-')}-{number.name}")
    process = start(folder, phase.words)
    until = time.monotonic() + SECONDS
    while not phase.begun(folder, screen(folder)):
        if time.monotonic() > until or os.waitpid(process, os.WNOHANG)[0]:
            raise RuntimeError(f"{name} did not begin: {screen(folder)[-2000:]}")
        time.sleep(0.02)
    time.sleep(0.2)
    before, begin = screen(folder), time.monotonic()
    os.kill(process, number)
    status = os.waitpid(process, 0)[1]
    seconds = time.monotonic() - begin
    whole = screen(folder)
    said = tuple(x for x in whole[len(before) :].splitlines() if x.startswith("autodistill:"))
    return End(
        phase=name,
        signal=number.name,
        code=os.waitstatus_to_exitcode(status),
        seconds=round(seconds, 2),
        lines=said,
        tracebacks=whole.count("Traceback"),
        drafts=drafts(folder),
        orphans=orphans(folder, 1 if number in interrupts.ENDING else 6),
        kept=", ".join(sorted(p.name for p in folder.glob("*.db"))) + f"; {trials(folder)} trials",
    )


def screen(folder: Path) -> str:
    """Its output as whole lines."""
    return "\n" + read(folder / "err")


def orphans(folder: Path, times: int) -> int:
    """Processes that still work for this folder, after a while, or several.

    After a death, a server of workers ends by itself, which takes it a moment.
    """
    until = time.monotonic() + times * ORPHAN_SECONDS
    while (left := [p for p in psutil.process_iter() if of(p, folder)]) and (
        time.monotonic() < until
    ):
        time.sleep(0.1)
    return len(left)


def of(process: psutil.Process, folder: Path) -> bool:
    """Whether a process was started by the command of this folder."""
    try:
        mine = process.environ().get("AUTODISTILL_HOME") == str(folder / "home")
        return bool(mine) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def trials(folder: Path) -> int:
    """Trials that are kept."""
    from autodistill.storage import Store

    store = Store(str(folder / "s.db")) if (folder / "s.db").exists() else None
    return sum(row.finished for row in store.studies()) if store else 0


def table(
    folder: Path, numbers: Sequence[signal.Signals], names: Collection[str] = PHASES
) -> Iterator[End]:
    """Every phase with every signal."""
    prepare(folder / "template")
    for name in names:
        for number in numbers:
            yield interrupt(folder / "template", name, number)


if __name__ == "__main__":
    chosen = [name for name in sys.argv[2:] if name in PHASES]
    sent = [signal.Signals[name] for name in sys.argv[2:] if name not in PHASES]
    for end in table(Path(sys.argv[1]), sent, chosen or PHASES):
        print(json.dumps(asdict(end)), flush=True)
