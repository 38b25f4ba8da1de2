"""The baseline program: its arguments, its process, its result."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field, ValidationError

from autodistill.errors import SpecError
from benchmarks.baseline.process import run_process


@dataclass(frozen=True)
class Ask:
    """Arguments of both programs."""

    data: str
    """Name of a dataset below `root`, with a train and a validation file.

    They are train-00000-of-00001.parquet and validation-00000-of-00001.parquet.
    """
    root: Path
    teacher: Path
    """Folder of a fine-tuned classifier."""
    rows: int
    """Training rows; 2,000 more are validation rows."""
    layers: tuple[int, ...]
    """Layers of the teacher, from 0, that the student keeps."""
    trials: int
    max_epochs: int
    seeds: int
    """Number of trainings that are scored on the held-out test rows."""
    threads: int
    cache: bool
    """Whether the program runs the teacher once, not at every step."""

    def words(self, out: Path) -> list[str]:
        """The program's command line."""
        given = {
            name.replace("_", "-"): value
            for name, value in self.values().items()
            if name != "cache"
        }
        words = [
            word
            for name, value in {**given, "out": out}.items()
            for word in (f"--{name}", str(value))
        ]
        return [*words, *(["--cache"] if self.cache else [])]

    def values(self) -> dict[str, Any]:
        """Values by the name of the program's option, as it repeats them in `args`."""
        return {
            "teacher": str(self.teacher.resolve()),
            "data": self.data,
            "root": str(self.root.resolve()),
            "rows": self.rows,
            "layers": ",".join(map(str, self.layers)),
            "trials": self.trials,
            "max_epochs": self.max_epochs,
            "seeds": self.seeds,
            "threads": self.threads,
            "cache": self.cache,
        }


class Answer(BaseModel):
    """Contents of the program's `--out` file; more keys are allowed."""

    args: dict[str, Any]
    search_seconds: Annotated[float, Field(gt=0)]
    kd_test: tuple[float, float]
    """Mean and standard deviation of its best recipe's test score.

    The deviation is divided by the number of seeds.
    """
    control_test: tuple[float, float] | None = None
    """The same without a teacher."""
    teacher_test: float | None = None
    curve: list[tuple[float, float]]
    """Seconds since the search began and validation score, per uninterrupted trial."""
    wall_seconds: float | None = None
    """Wall seconds of the whole program, written by this benchmark."""

    @property
    def fit_seconds(self) -> float:
        """Seconds of one training of the best recipe.

        A share of the time after the search, else the shortest step of the curve.
        """
        if self.wall_seconds is not None:
            trainings = 2 if self.control_test is not None else 1
            return max(0.0, self.wall_seconds - self.search_seconds) / (
                trainings * int(self.args["seeds"])
            )
        ends = [0.0, *(seconds for seconds, _ in self.curve)]
        return min((after - before for before, after in pairwise(ends)), default=0.0)

    @classmethod
    def load(cls, path: Path, ask: Ask) -> Self:
        """The result in a file; SpecError when it is invalid or of other arguments."""
        try:
            found = cls.model_validate_json(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise SpecError(
                f"the baseline's result {path} cannot be read: "
                f"{(error.strerror or 'refused').lower()}; check --naive-result."
            ) from None
        except (ValidationError, UnicodeDecodeError) as error:
            raise SpecError(
                f"{path} is not a baseline's result: {_first(error)}. "
                "Its format: benchmarks/README.md."
            ) from None
        wanted = ask.values()
        told = {
            k: _absolute(found.args.get(k)) if k in ("teacher", "root") else found.args.get(k)
            for k in wanted
        }
        if problems := [
            f"{path}: {k} was {told[k]!r}, now it is {v!r}."
            for k, v in wanted.items()
            if told[k] != v
        ]:
            raise SpecError(
                [
                    *problems,
                    "Use the same options, or leave out --naive-result to run the program again.",
                ]
            )
        return found


def run_script(script: Path, ask: Ask, out: Path) -> Answer:
    """Run the program and store its result with the seconds that it took as a whole."""
    command = [sys.executable, str(script.resolve()), *ask.words(out)]
    seconds = run_process(command, out.parent, ask.threads, f"the baseline {script.name}")
    Answer.load(out, ask)
    content = {**json.loads(out.read_text(encoding="utf-8")), "wall_seconds": round(seconds, 3)}
    out.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return Answer.load(out, ask)


def layers_of(text: str) -> tuple[int, ...]:
    """Layer numbers of a text such as 0,5; raises SpecError."""
    parts: Sequence[str] = [part.strip() for part in text.split(",")]
    if not all(part.isdigit() for part in parts):
        raise SpecError(
            f"--layers {text}: write the numbers of the teacher's layers from 0, such as 0,5."
        )
    return tuple(map(int, parts))


def _absolute(path: Any) -> Any:
    return str(Path(path).resolve()) if isinstance(path, str) else path


def _first(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problem = error.errors()[0]
    return f"{'.'.join(map(str, problem['loc'])) or 'the text'}: {problem['msg'].lower()}"
