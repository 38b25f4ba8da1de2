"""Search, training, export and timing of students on a dataset, by the real commands."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autodistill.components.teachers._config import network_folder
from autodistill.datasets import load
from autodistill.deploy.engine_timing import ONNX_INT8
from autodistill.deploy.names import ABOUT, FLOAT32, INT8
from autodistill.registry import families
from autodistill.runtime import files
from autodistill.study.baselines import alone
from autodistill.study.recipe import Recipe
from autodistill.training.simple_baselines import fit_simple_baselines
from benchmarks.words import machine

SECONDS, LINE = "seconds.json", "line.json"
CELL = (ONNX_INT8, 1, 1)
"""Engine, batch and threads of the timings in the table."""


@dataclass(frozen=True)
class Plan:
    """How each dataset is searched and trained."""

    budget: str
    seeds: int
    data_root: Path | None


class Place:
    """The folder of a dataset; a command whose product is there is not run again."""

    def __init__(self, folder: Path, plan: Plan, say: Callable[[str], None]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.plan, self.say = folder, plan, say

    def seconds(self) -> dict[str, float]:
        """Seconds of each command by its product."""
        place = self.folder / SECONDS
        return json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}

    def run(self, product: str, *command: str) -> str:
        """Run a command of the product unless its product is there; what it said of a refusal."""
        if (self.folder / product).exists():
            return ""
        begin = time.perf_counter()
        self.say(f"{self.folder.name}: autodistill {' '.join(command)}")
        root = self.plan.data_root
        ended = subprocess.run(
            [sys.executable, "-m", "autodistill", *command],
            cwd=self.folder,
            env={
                **os.environ,
                "AUTODISTILL_HOME": str(self.folder / "home"),
                **({"AUTODISTILL_DATA": str(root.absolute())} if root else {}),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if ended.returncode == 2:
            return ended.stderr.strip()
        if ended.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {ended.returncode}:{ended.stderr}")
        now = self.seconds() | {product: round(time.perf_counter() - begin, 1)}
        files.write_text(self.folder / SECONDS, json.dumps(now))
        return ""

    def json(self, product: str) -> dict[str, Any]:
        """A product that is JSON; empty where it is not there."""
        place = self.folder / product
        return json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}


def shipped(
    datasets: Sequence[str], place: Path, plan: Plan, say: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Search and train on each dataset, then time all students; a line for each dataset.

    Timings come last, so that nothing else runs beside them.
    """
    places = {d: Place(place / d.replace("/", "-"), plan, say) for d in datasets}
    students = {d: _train(d, here) for d, here in places.items()}
    return [_line(d, here, students[d]) for d, here in places.items()]


def _train(dataset: str, here: Place) -> dict[str, Path]:
    """Folders of students by choice: the recommended one, and the smallest if it is another."""
    wanted = ("--budget", here.plan.budget, "--no-past", "--out", "recommended.toml")
    if told := here.run("recommended.toml", "search", "--dataset", dataset, *wanted):
        raise RuntimeError(told)
    recipes = {"recommended": Recipe.load(here.folder / "recommended.toml")}
    study = str(recipes["recommended"].evidence["study"])
    refused = here.run(
        *("smallest.toml", "recommend", "--study", study, "--choose", "smallest"),
        *("-o", "smallest.toml"),
    )
    if not refused:
        smallest = Recipe.load(here.folder / "smallest.toml")
        if smallest.pipeline.student != recipes["recommended"].pipeline.student:
            recipes["smallest"] = smallest
    return {choice: _students(here, choice, recipe) for choice, recipe in recipes.items()}


def _students(here: Place, choice: str, recipe: Recipe) -> Path:
    """The student of several seeds, the same without its teacher, and the files for onnxruntime."""
    without = here.folder / f"{choice}-alone.toml"
    if not without.exists():
        replace(recipe, pipeline=alone(recipe.pipeline), evidence={}).save(without)
    for name in (choice, without.stem):
        here.run(
            *(f"{name}/metrics.json", "train", f"{name}.toml", "--out", name),
            *("--seeds", str(here.plan.seeds), "--read-test-again"),
        )
    if told := here.run(f"{choice}/{INT8}", "export", choice, "--onnx", "--int8"):
        files.write_text(here.folder / f"{choice}-refused.json", json.dumps({"why": told}))
        here.run(f"{choice}/{FLOAT32}", "export", choice, "--onnx")
    return here.folder / choice


def _line(dataset: str, here: Place, students: Mapping[str, Path]) -> dict[str, Any]:
    found = []
    for choice in students:
        teacher = _tuned_teacher(here.folder)
        here.run(
            *(f"{choice}-bench.json", "bench", choice, "--json", f"{choice}-bench.json"),
            *(("--teacher", str(teacher)) if teacher else ()),
        )
        found.append({"choice": choice, **_student(here, choice)})
    metrics = here.json("recommended/metrics.json")
    line = {
        "dataset": dataset,
        "metric": metrics["metric"],
        "budget": here.plan.budget,
        "rows": metrics["trained_on_rows"],
        "test_rows": metrics["test_rows"],
        "teacher_test": metrics.get("teacher_test"),
        **_simple(dataset, here),
        "students": found,
        "seconds": here.seconds(),
        "machine": machine(),
    }
    files.write_text(here.folder / LINE, json.dumps(line))
    here.say(json.dumps(line))
    return line


def _tuned_teacher(folder: Path) -> Path | None:
    """The teacher that was tuned here."""
    found = [p for p in sorted((folder / "home" / "teachers").glob("*")) if p.is_dir()]
    return next((p for p in map(network_folder, found) if (p / "config.json").is_file()), None)


def _student(here: Place, choice: str) -> dict[str, Any]:
    """Scores of all seeds on the held-out test, and what the int8 file costs."""
    metrics, other = here.json(f"{choice}/metrics.json"), here.json(f"{choice}-alone/metrics.json")
    timings = {
        t["who"]: t
        for t in here.json(f"{choice}-bench.json")["timings"]
        if (t["engine"], t["batch"], t["threads"]) == CELL
    }
    exported = here.json(f"{choice}/{ABOUT}").get("files", {})
    evidence = Recipe.load(here.folder / f"{choice}.toml").evidence
    return {
        "kind": Recipe.load(here.folder / f"{choice}.toml").pipeline.student.name,
        "params": metrics["params"],
        "teacher_params": metrics["teacher_params"],
        "tests": metrics["seed_tests"],
        "test_interval": metrics["student_test_interval"],
        "alone_tests": other["seed_tests"],
        "distillation": evidence.get("distillation"),
        "int8": exported.get(INT8),
        "int8_refused": here.json(f"{choice}-refused.json").get("why"),
        "ms": timings["student"]["p50_ms"],
        "megabytes": timings["student"]["megabytes"],
        "teacher_ms": timings["teacher"]["p50_ms"] if "teacher" in timings else None,
    }


def _simple(dataset: str, here: Place) -> dict[str, float]:
    """Baselines of the same rows on the held-out test."""
    if known := here.json("simple.json"):
        return known
    task = load(dataset, data_root=here.plan.data_root)
    metric = families.build("metrics", task.metric, {})
    rows = fit_simple_baselines(task.train, task.test, task.classes, metric)
    found = {f"{each.kind}_test": each.score for each in rows}
    files.write_text(here.folder / "simple.json", json.dumps(found))
    return found
