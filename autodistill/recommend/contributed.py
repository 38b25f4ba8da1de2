"""A study that somebody else published: checked, then kept in ./studies and learned from."""

import shutil
import tempfile
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

import numpy as np

from autodistill.errors import SpecError
from autodistill.recommend.past import FACT, FEWEST, scores_of
from autodistill.registry import families
from autodistill.runtime import cache
from autodistill.storage.files import FILES, OPTIONAL, read
from autodistill.study.recipe import named_parts
from autodistill.study.results import BASELINES, FINISHED, StudyResult, Trial, as_classes

TOLERANCE = 1e-6
"""Between a score and what its predictions say."""
STATUSES = FINISHED | {"rejected"}
MOST_BYTES = 20_000_000
"""Of one file that is fetched."""


def add(source: str, to: Path) -> tuple[Path, StudyResult]:
    """Copy a published study from a folder or a URL to `to`/NAME; raises SpecError with everything that is wrong with it."""
    with tempfile.TemporaryDirectory(prefix="autodistill-") as draft:
        folder = _fetch(source, Path(draft)) if "://" in source else Path(source)
        record = read(folder)
        if found := problems(record):
            raise SpecError([f"{source} is not added:", *found])
        place = to / Path(source.rstrip("/")).name
        if place.exists():
            raise SpecError(
                f"{place} is there already; remove it, or give another folder with --to."
            )
        with cache.refusals(place):
            place.mkdir(parents=True)
            for name in (*FILES, *OPTIONAL):
                if (folder / name).is_file():
                    shutil.copyfile(folder / name, place / name)
    return place, record


def problems(record: StudyResult) -> list[str]:
    """What is wrong, impossible or implausible."""
    found = [text for o in record.outcomes for text in _of_outcome(o)]
    found += [
        f"trial {number} stands there {count} times."
        for number, count in Counter(o.number for o in record.outcomes).items()
        if count > 1
    ]
    if record.study.metric not in families.names("metrics"):
        found.append(
            f"the metric '{record.study.metric}' is unknown; there is {', '.join(families.names('metrics'))}."
        )
    elif record.selection is not None:
        found += _unlike_predictions(record)
    scores = scores_of(record)
    if len(scores) < FEWEST:
        found.append(
            f"only {len(scores)} pipelines have a complete run; nothing is learned from fewer than {FEWEST}."
        )
    elif len({s for runs in scores.values() for s in runs}) == 1:
        found.append("all scores are equal.")
    if FACT not in record.facts:
        found.append(
            "it does not say what its dataset is like; `autodistill studies build` and `search` of this version note that."
        )
    elif bad := [k for k, v in record.facts[FACT].items() if not np.isfinite(v)]:
        found.append(f"what its dataset is like is not a number: {', '.join(bad)}.")
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
        found.append(f"{where}: it took {o.cost['train_seconds']} seconds.")
    return found


def _unlike_predictions(record: StudyResult) -> list[str]:
    """Scores that the predictions beside them do not give."""
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
                f"trial {o.number}: its predictions have {o.score + value:.6f}, its score is {o.score:.6f}."
            )
    return found


def _fetch(url: str, folder: Path) -> Path:
    """The files of a study below a URL."""
    for name in (*FILES, *OPTIONAL):
        try:
            with urllib.request.urlopen(f"{url.rstrip('/')}/{name}", timeout=30) as answer:
                (folder / name).write_bytes(answer.read(MOST_BYTES))
        except (urllib.error.URLError, OSError, ValueError) as error:
            if name in FILES:
                raise SpecError(
                    f"{url}/{name} cannot be fetched: {error}. Give the URL of the folder that holds {', '.join(FILES)}."
                ) from None
    return folder
