"""Comparison with a baseline script: time until a search matches its test score.

The baseline is any program (`--script`) with this contract. It takes

    --root FOLDER --data NAME --teacher FOLDER --rows N --layers 0,5 --trials N
    --max-epochs N --seeds N --threads N --out FILE [--cache]

reads train-00000-of-00001.parquet and validation-00000-of-00001.parquet in ROOT/NAME, draws
`train.sample(N + 2000, random_state=0)` (the first N rows to train on, 2,000 validation rows; the
file validation-* holds the test rows), distils the teacher into its layers `--layers` in as many
trials, and writes the JSON object that `script.Answer` describes. Seconds count from its first
trial: neither its start nor, with --cache, its one pass of the teacher. autodistill's count from
the start of its command: imports, preparation and the teacher's pass included.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import fmean, pstdev
from typing import Any

from transformers import AutoConfig, logging

from autodistill.components import teachers
from autodistill.components.students.cut import kept_layers
from autodistill.errors import SpecError
from autodistill.prepare.materials import prepare
from autodistill.prepare.workspace import open_workspace
from autodistill.runtime.progress import Screen
from autodistill.study import spaces
from autodistill.study.study import Study
from benchmarks.baseline import curves
from benchmarks.baseline.ours import Ours
from benchmarks.baseline.rows import write_rows
from benchmarks.baseline.script import Answer, Ask, run_script
from benchmarks.baseline.stages import Stage, climb, is_noise, reaches, standard_error

SPACE = Path(__file__).parents[1] / "baseline.toml"


def compare(
    ask: Ask,
    teacher: str,
    *,
    script: Path | None,
    result: Path | None,
    budget_seconds: float,
    seed: int,
    out: Path | None,
    space: Path = SPACE,
) -> dict[str, Any]:
    """Run the script, or read its earlier result; search until its score is reached.

    Returns the figures. `ask.teacher` is filled in from `teacher`, a folder or a hub's name, or
    `embedded`, which is fine-tuned first if need be.
    """
    screen = Screen()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if result is None and (script is None or not script.is_file()):
        given = "no --script is given" if script is None else f"--script {script}: no such file"
        raise SpecError(
            f"{given}. Name the program to compare with (its contract: benchmarks/README.md), or "
            "an earlier --naive-result."
        )
    place = _place(out)
    ask = replace(ask, teacher=_teacher(teacher, ask, screen))
    _check_layers(ask, space)
    dataset = write_rows(ask, place / "rows")
    screen.line(
        f"measuring in {place}: {ask.rows:,} rows, layers {ask.values()['layers']} of the "
        f"teacher {ask.teacher}"
    )
    if result is not None:
        answer = Answer.load(result, ask)
    else:
        assert script is not None
        answer = run_script(script, ask, place / "naive.json")
        screen.line(f"the baseline's result is kept: --naive-result {place / 'naive.json'}")
    screen.line(
        f"baseline    {answer.kd_test[0]:.4f} on the held-out test rows after "
        f"{answer.search_seconds:,.0f} s of searching"
    )
    ours = Ours(ask, dataset, space.resolve(), place / "ours", seed)
    ours.place.mkdir()
    stages = climb(
        ours.search,
        ours.evaluate,
        answer.kd_test[0],
        first=budget_seconds,
        limit=answer.search_seconds,
    )
    curve = ours.curve()
    screen.notes.print(curves.draw(answer.curve, curve))
    for stage in stages:
        screen.line(
            f"autodistill {stage.mean:.4f} ± {stage.deviation:.4f} on the held-out test rows "
            f"after {stage.seconds:,.0f} s"
        )
    fewer_rows = ours.scores(ours.recipe(), selection=False)
    return figures(ask, answer, stages, training_seconds=ours.run(), fewer_rows=fewer_rows) | {
        "curve": [[round(seconds, 1), score] for seconds, score in curve],
        "baseline_curve": answer.curve,
        "folder": str(place),
    }


def figures(
    ask: Ask,
    answer: Answer,
    stages: tuple[Stage, ...],
    *,
    training_seconds: float,
    fewer_rows: tuple[float, ...],
) -> dict[str, Any]:
    """The reported figures: seconds of both and their ratio, and every stage.

    The ratio is given where the baseline is reached; stages have their distance to it.
    """
    told = answer.model_dump(exclude={"args", "curve"}, exclude_none=True)
    found: dict[str, Any] = {
        "ask": ask.values(),
        "baseline": {**told, "fit_seconds": round(answer.fit_seconds, 1)},
    }
    found["stages"] = [_stage(stage, answer, ask.seeds) for stage in stages]
    last = stages[-1]
    found["reached"] = reaches(last.mean, answer.kd_test[0])
    found["seconds"] = round(last.seconds, 1)
    theirs, own = answer.search_seconds + answer.fit_seconds, last.seconds + training_seconds
    found["seconds_with_one_training"] = {
        "baseline": round(theirs, 1),
        "autodistill": round(own, 1),
    }
    found["trained_without_selection_rows"] = {
        "test_mean": fmean(fewer_rows),
        "test_deviation": pstdev(fewer_rows),
    }
    if found["reached"]:
        found["times_fewer"] = round(answer.search_seconds / last.seconds, 2)
        found["times_fewer_with_one_training"] = round(theirs / own, 2)
    return found


def _stage(stage: Stage, answer: Answer, seeds: int) -> Mapping[str, Any]:
    difference = stage.mean - answer.kd_test[0]
    error = standard_error((stage.deviation, answer.kd_test[1]), (len(stage.scores), seeds))
    return {
        "budget_seconds": stage.budget_seconds,
        "seconds": round(stage.seconds, 1),
        "test_mean": stage.mean,
        "test_deviation": stage.deviation,
        "difference": difference,
        "standard_error": error,
        "within_noise": is_noise(difference, error),
        "recipe": stage.recipe,
    }


def _place(out: Path | None) -> Path:
    """An empty folder for the measurement; raises SpecError for one in use."""
    if out is None:
        return Path(tempfile.mkdtemp(prefix="autodistill-baseline-"))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise SpecError(
            f"--out {out} exists and is not an empty folder. Give another one: both programs have "
            "to start from nothing."
        )
    out.mkdir(parents=True, exist_ok=True)
    return out.resolve()


def _teacher(name: str, ask: Ask, screen: Screen) -> Path:
    """The classifier's folder for both programs; its fine-tuning counts for neither."""
    found = teachers.find(name)
    if found.labels_file is not None:
        raise SpecError(
            f"--teacher {name}: soft labels have no layers to cut a student from; "
            "give the folder of a classifier."
        )
    if found.tuned:
        return found.folder.resolve()
    return prepare(
        open_workspace(Study(ask.data, teacher=name), screen, ask.root), screen
    ).teacher.folder.resolve()


def _check_layers(ask: Ask, path: Path) -> None:
    """Check that both students are the same layers of the teacher; raises SpecError."""
    space = spaces.space(str(path))
    values = space.default_values()
    student = space.made_of(values).student
    if (
        free := {"student", "student.cut.keep", "student.cut.pick"} & values.keys()
    ) or student.name != "cut":
        named = ", ".join(sorted(free)) or student.name
        raise SpecError(
            f"{path}: the student is not fixed ({named}); "
            "name one [student.cut], one keep and one pick."
        )
    layers = AutoConfig.from_pretrained(ask.teacher, local_files_only=True).num_hidden_layers
    if (kept := kept_layers(layers, student.knobs["keep"], student.knobs["pick"])) != ask.layers:
        given, wanted = (",".join(map(str, numbers)) for numbers in (ask.layers, kept))
        raise SpecError(
            f"--layers {given}: {path.name} keeps layers {wanted} of this teacher's {layers}; "
            f"give --layers {wanted}."
        )
