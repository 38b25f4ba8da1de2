"""Studies published by others: checked, copied to ./studies and learned from."""

import re
import shutil
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

import numpy as np

from autodistill.errors import SpecError
from autodistill.recommend.past import FEWEST, scores_of
from autodistill.registry import families
from autodistill.runtime import cache
from autodistill.storage.files import FILES, OPTIONAL, read
from autodistill.study.recipe import named_parts
from autodistill.study.results import BASELINES, FINISHED, StudyResult, Trial, as_classes

TOLERANCE = 1e-6
"""Largest difference between a score and the value of its predictions."""
STATUSES = FINISHED | {"rejected"}
MOST_BYTES = 20_000_000
"""Largest size of one fetched file."""
NAME = re.compile(r"\w[\w.+-]{0,199}")
"""Names of folders that no system, and no command line, takes for anything else."""


def add(source: str, to: Path) -> tuple[Path, StudyResult]:
    """Copy a published study from a folder or a URL to `to`/NAME; it appears whole or not at all.

    Raises SpecError with all of its problems.
    """
    name = _name(source)
    with tempfile.TemporaryDirectory(prefix="autodistill-") as draft:
        folder = _fetch(source, Path(draft)) if "://" in source else Path(source)
        record = read(folder)
        if found := problems(record):
            raise SpecError([f"{source} is not added:", *found])
        place = to / name
        if place.exists():
            raise SpecError(
                f"{place} is there already; remove it, or give another folder with --to."
            )
        with cache.refusals(place):
            to.mkdir(parents=True, exist_ok=True)
            copy = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=to))
            try:
                for file in (*FILES, *OPTIONAL):
                    if (folder / file).is_file():
                        shutil.copyfile(folder / file, copy / file)
                copy.chmod(0o755)
                copy.rename(place)
            finally:
                shutil.rmtree(copy, ignore_errors=True)
    return place, record


def _name(source: str) -> str:
    """The name of the new folder: the last part of the source; raises SpecError for an odd one."""
    name = source.rstrip("/").rpartition("/")[2] if "://" in source else Path(source).resolve().name
    if not NAME.fullmatch(name):
        raise SpecError(
            f"the study would be named {name!r}, after the end of {source}: a name has letters, "
            "digits, and any of . _ + -, and begins with one of the first two. Rename the folder."
        )
    return name


def problems(record: StudyResult) -> list[str]:
    """Everything in a study that is wrong, impossible or implausible."""
    found = [text for o in record.outcomes for text in _of_outcome(o)]
    if record.study.metric not in families.names("metrics"):
        found.append(
            f"the metric '{record.study.metric}' is unknown; there is "
            f"{', '.join(families.names('metrics'))}."
        )
    elif record.selection is not None:
        found += _unlike_predictions(record)
    scores = scores_of(record)
    if len(scores) < FEWEST:
        found.append(
            f"only {len(scores)} pipelines have a complete run; at least {FEWEST} are needed to "
            "learn "
            "from a study."
        )
    elif len({s for runs in scores.values() for s in runs}) == 1:
        found.append("all scores are equal.")
    if record.facts.fingerprint is None:
        found.append(
            "the fingerprint of its dataset is missing; `autodistill studies build` and `search` "
            "of this "
            "version record it."
        )
    elif bad := [k for k, v in record.facts.fingerprint.items() if not np.isfinite(v)]:
        found.append(f"the fingerprint of its dataset is not a number in: {', '.join(bad)}.")
    return found


def _of_outcome(o: Trial) -> list[str]:
    where, found = f"trial {o.number}", list[str]()
    for kind, part in named_parts(o.pipeline.to_dict()):
        try:
            found += families.check(
                kind, part["name"], {k: v for k, v in part.items() if k != "name"}, where
            )
        except SpecError as error:
            found += [f"{where}: {p}" for p in error.problems]
    if o.status not in STATUSES or o.baseline not in ("", *BASELINES):
        found.append(f"{where}: status '{o.status}' or baseline '{o.baseline}' is unknown.")
    if o.status == "complete" and (o.score is None or not -1 <= o.score <= 1):
        found.append(f"{where}: the score {o.score} is not between -1 and 1.")
    if not o.cost.get("train_seconds", 0.0) >= 0:
        found.append(
            f"{where}: its training time of {o.cost['train_seconds']} seconds is not 0 or more."
        )
    return found


def _unlike_predictions(record: StudyResult) -> list[str]:
    """Scores that differ from the value of their stored predictions."""
    assert record.selection is not None
    metric, labels = (
        families.build("metrics", record.study.metric, {}),
        as_classes(record.selection.labels),
    )
    found = []
    for o in record.outcomes:
        if o.status != "complete" or not o.predictions or o.score is None:
            continue
        predictions = as_classes(o.predictions)
        if len(predictions) != len(labels):
            found.append(
                f"trial {o.number}: {len(predictions)} predictions for {len(labels)} rows."
            )
        elif abs(value := metric(predictions, labels) - o.score) > TOLERANCE:
            found.append(
                f"trial {o.number}: its predictions give {o.score + value:.6f}, its score is "
                f"{o.score:.6f}."
            )
    return found


def _fetch(url: str, folder: Path) -> Path:
    """The files of a study below a URL."""
    for name in (*FILES, *OPTIONAL):
        try:
            with urllib.request.urlopen(f"{url.rstrip('/')}/{name}", timeout=30) as answer:
                content = answer.read(MOST_BYTES + 1)
        except (urllib.error.URLError, OSError, ValueError) as error:
            if name in FILES:
                raise SpecError(
                    f"{url}/{name} cannot be fetched: {error}. Give the URL of the folder that "
                    f"holds {', '.join(FILES)}."
                ) from None
            continue
        if len(content) > MOST_BYTES:
            raise SpecError(
                f"{url}/{name} has more than {MOST_BYTES / 1e6:.0f} MB. Fetch the folder yourself, "
                "and give its path."
            )
        (folder / name).write_bytes(content)
    return folder
