"""Seconds of a trial, beside those of an older commit in the same run."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import mean, median, stdev
from typing import Any

import torch
from scipy.stats import t as student_t

from autodistill.runtime import cache
from autodistill.training.precision import this_cpu
from benchmarks import speed_child
from benchmarks.materials import Source, materials

SPACES = ("quick", "text")
"""Those whose default recipes are run: logits and one feature term; and all of a search's."""
SIDE = 1024
"""Rows and columns of the matrices whose product is the machine's limit."""
ROOT = Path(__file__).parents[1]


def speed(
    source: Source, former: str, *, epochs: int, pairs: int, say: Callable[[str], None]
) -> dict[str, Any]:
    """Figures by recipe: alternating pairs of one trial each here and in commit `former`.

    Both have this version's teacher, tuned once. A pair shares its seed.
    """
    ready = materials(source)
    asked = {
        "dataset": ready.study.dataset,
        "teacher": str(ready.teacher.folder),
        "data_root": str(source.data_root.resolve()) if source.data_root else "",
        "rows": source.rows,
        "max_length": source.max_length,
        "epochs": epochs,
        "spaces": SPACES,
    }
    peak = products_per_second()
    with ExitStack() as stack:
        old_tree = stack.enter_context(checked_out(former))
        sides = {
            "now": stack.enter_context(child(ROOT, asked)),
            "former": stack.enter_context(child(old_tree, asked)),
        }
        recipes = [side.read() for side in sides.values()][-1]
        return {
            "limit_gflops": peak / 1e9,
            **{
                space: compare(space, recipe, sides, pairs, peak, say)
                for space, recipe in recipes.items()
            },
        }


def compare(
    space: str,
    pipeline: dict[str, Any],
    sides: dict[str, "Child"],
    pairs: int,
    peak: float,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """The figures of one recipe; the first run of each side counts and is not timed."""
    products = {
        name: side.run(space=space, pipeline=pipeline, seed=0, count=True)["flops"]
        for name, side in sides.items()
    }
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
    for turn in range(pairs):
        for name in sorted(sides, reverse=bool(turn % 2)):
            found = sides[name].run(space=space, pipeline=pipeline, seed=turn + 1, count=False)
            runs[name].append(found)
        say(f"{space}, pair {turn + 1} of {pairs}: " + ", ".join(map(_shown, runs.items())))
    ratios = [n["seconds"] / f["seconds"] for n, f in zip(runs["now"], runs["former"])]
    gains = [n["score"] - f["score"] for n, f in zip(runs["now"], runs["former"])]
    return {
        "ratio": median(ratios),
        "ratio_lowest": min(ratios),
        "ratio_highest": max(ratios),
        "score_change": mean(gains),
        "score_change_plus_minus": _half_width(gains),
        **{name: _figures(runs[name], products[name], peak) for name in sides},
    }


def _figures(runs: list[dict[str, float]], products: float, peak: float) -> dict[str, float]:
    seconds = median(r["seconds"] for r in runs)
    return {
        "seconds": seconds,
        "limit_share": products / seconds / peak,
        "evaluation_share": median(r["evaluation"] for r in runs),
        "score": mean(r["score"] for r in runs),
    }


def _shown(side: tuple[str, list[dict[str, float]]]) -> str:
    return f"{side[0]} {side[1][-1]['seconds']:.2f} s, score {side[1][-1]['score']:.4f}"


def _half_width(differences: list[float]) -> float | None:
    """Half of the 95 % interval of their mean; None of a single one."""
    if len(differences) < 2:
        return None
    error = stdev(differences) / len(differences) ** 0.5
    return float(student_t.ppf(0.975, len(differences) - 1) * error)


def products_per_second() -> float:
    """Operations of a matrix product on one thread in the format of trials: the best of twenty."""
    device = this_cpu()
    kind = torch.bfloat16 if device.bfloat16 else torch.float32
    torch.set_num_threads(1)
    a, b = torch.randn(SIDE, SIDE, dtype=kind), torch.randn(SIDE, SIDE, dtype=kind)
    best = min(_seconds(lambda: a @ b) for _ in range(20))
    return float(2 * SIDE**3 / best)


def _seconds(call: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


class Child:
    """A process that runs trials of one checkout."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def run(self, **order: Any) -> dict[str, Any]:
        """The answer to one order."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return self.read()

    def read(self) -> dict[str, Any]:
        """The next answer."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(speed_child.MARK):
                return dict(json.loads(line.removeprefix(speed_child.MARK)))
        raise RuntimeError("a process that ran trials has ended; its last words are above")


@contextmanager
def child(tree: Path, asked: dict[str, Any]) -> Iterator[Child]:
    """A process in this checkout, with a cache of its own for what an older version makes."""
    home = cache.home() if tree == ROOT else cache.home() / "benchmarks" / "former"
    source = Path(speed_child.__file__).read_text(encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", source, json.dumps(asked)],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "AUTODISTILL_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Child(process)
    finally:
        process.kill()
        process.wait()


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """The files of a commit in a folder of their own."""
    with tempfile.TemporaryDirectory(prefix="autodistill-benchmark-") as name:
        files = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=-1, check=True).stdout
        subprocess.run(["tar", "x", "-C", name], input=files, check=True)
        yield Path(name)
