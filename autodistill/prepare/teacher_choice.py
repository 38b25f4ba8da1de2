"""The choice of a recipe for a teacher's fine-tuning, by successive halving."""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

from autodistill.prepare.teacher_tuning import LONGEST_SECONDS, PRELOAD, check, cores
from autodistill.runtime import files
from autodistill.runtime.progress import Screen, Tick, short
from autodistill.runtime.workers import Ended, LocalWorkers
from autodistill.training.teacher import ACCURACY, TuneData
from autodistill.training.tuning import Tuning
from autodistill.training.tuning_choice import (
    FEWEST_ROWS,
    MOST_ROWS,
    ROUNDS,
    SURVIVORS,
    Candidate,
    best,
    candidates,
    cost,
    in_words,
    shortened,
    split,
    try_recipe,
)

SHARE = 0.2
"""Share of a study's time budget that the choice may take."""


def choice_seconds(rows: int, how: Tuning, member_seconds: float) -> float:
    """Estimated seconds of the choice; infinite for a set of a size for which there is none."""
    if not FEWEST_ROWS <= rows <= MOST_ROWS:
        return math.inf
    return cost(how) * member_seconds / cores()


def choose_recipe(data: TuneData, screen: Screen, title: str) -> Tuning:
    """The recipe to tune with, and a line on what was tried; results on disk are used again."""
    begin = time.perf_counter()
    tried = candidates(data.tuning)
    train, judged = split(len(data.shard.open().table), data.seed)
    place = (data.kept or data.target) / "tried.json"
    alive, scores = list(range(len(tried))), dict[int, float]()
    for number, share in enumerate(ROUNDS):
        asked = [Candidate(n, shortened(tried[n], share)) for n in alive]
        with screen.bar(f"{title}: round {number + 1} of {len(ROUNDS)}") as tick:
            scores = _scores(data, asked, place, len(train), tick, screen.remark)
        alive = sorted(alive, key=lambda n: (-scores[n], n))[:SURVIVORS]
    chosen = best(scores, len(judged))
    others = [f"{in_words(tried[n], tried[0])}: {scores[n]:.3f}" for n in scores if n != chosen]
    screen.line(
        f"{title}: {len(tried)} tried on {len(train):,} rows in "
        f"{short(time.perf_counter() - begin)}; {'the default' if chosen == 0 else 'another'} is "
        f"taken ({in_words(tried[chosen], tried[0])}: accuracy {scores.get(chosen, 0.0):.3f} on "
        f"{len(judged):,} others; {'; '.join(others)})"
    )
    return tried[chosen]


def _scores(
    data: TuneData,
    asked: Sequence[Candidate],
    place: Path,
    rows: int,
    tick: Tick,
    say: Callable[[str], None],
) -> dict[int, float]:
    """Accuracy of each recipe by number, kept in the file as it comes."""
    known: dict[str, float] = json.loads(place.read_text("utf-8")) if place.exists() else {}
    waiting = [each for each in asked if _key(each) not in known]
    by_number = {each.number: each for each in asked}
    steps, done = _steps(waiting, rows), dict[int, int]()
    pool = LocalWorkers(try_recipe, data, workers=cores(), preload=PRELOAD)
    with closing(pool.events_of(waiting, LONGEST_SECONDS)) as events:
        for event in events:
            if isinstance(event, Ended):
                check(event, "fine-tuning the teacher")
                known[_key(by_number[event.number])] = event.result["accuracy"]
                files.write_text(place, json.dumps(known))
                continue
            event.reply(False)
            if event.step == ACCURACY:
                say(f"accuracy {event.value:.3f} so far")
                continue
            done[event.number] = event.step
            tick(sum(done.values()), sum(steps.values()))
    return {each.number: known[_key(each)] for each in asked}


def _key(candidate: Candidate) -> str:
    return f"{candidate.number}: {candidate.tuning.epochs} epochs"


def _steps(waiting: Sequence[Candidate], rows: int) -> Mapping[int, int]:
    """Steps of each run that is to come."""
    return {
        c.number: c.tuning.epochs * max(1, rows // int(c.tuning.optimizer.knobs["batch"]))
        for c in waiting
    }
