"""The choice of the next run: one that waits, a leader's longer run or repeat, or a new one.

A run that could not end in time leaves its place to one that can, so that no worker stands idle at
the end of a budget while a quick student could be repeated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import optuna
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, Trial, TrialState

from autodistill.search.asked import given, given_pipeline, is_given
from autodistill.search.optuna_private import trial_id
from autodistill.search.promotion import Again, Fits
from autodistill.study.pipeline import Part
from autodistill.study.results import Trial as Run

Size = tuple[int, Part | None]
"""Level of a run, and its student; None: not known before it is asked for."""
Chosen = FrozenTrial | Again
"""A run that waits in Optuna's queue, or one that is made once more."""
Made = Callable[[], Again | None]
"""The run to make once more, when it is asked for; None: there is none."""


def choose(
    waiting: Sequence[FrozenTrial], longer: Made, repeat: Made, fits: Fits, *, is_time: bool
) -> Chosen | None:
    """The next run; None: a new one.

    The first that can end in time of those that wait, runs that were put back before others, and
    the longer run; then, when it is time or nothing else can, a repeat. Where nothing can, the
    first of all.
    """
    behind = []
    for each in _line(waiting, longer):
        if fits(*size_of(each)):
            return each
        behind.append(each)
    if behind or is_time or not fits(0, None):
        again = repeat()
        if again and (not behind or fits(*size_of(again))):
            return again
    return behind[0] if behind else None


def _line(waiting: Sequence[FrozenTrial], longer: Made) -> Iterator[Chosen]:
    yield from sorted(waiting, key=lambda each: "retry_of" not in each.user_attrs)
    if again := longer():
        yield again


def size_of(chosen: Chosen | None) -> Size:
    """Level and student of a run that was chosen."""
    if chosen is None:
        return 0, None
    if isinstance(chosen, Again):
        return chosen.level, chosen.pipeline.student
    attrs = chosen.user_attrs
    student = given_pipeline(attrs).student if is_given(attrs) else None
    return int(attrs.get("level", 0)), student


def values_of(
    again: Again, params: Callable[[int], Mapping[str, Any]]
) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Values by asked name and Optuna attributes of a run that is made once more.

    `params` gives the values of a trial. Level 0 is not noted, as it never was.
    """
    noted = {"level": again.level} if again.level else {}
    if again.baseline:
        why = f"control: {again.baseline}"
        return {}, {**given(again.pipeline, why=why, control=again.baseline), **noted}
    assert isinstance(again.what, Run)
    known = params(again.what.number)
    # a run that was made elsewhere has none here
    here = {} if known else given(again.pipeline, listed=True)
    return known, {"why": f"{again.why} of trial {again.what.number}", **noted, **here}


def begin(study: optuna.Study, storage: BaseStorage, chosen: FrozenTrial | None) -> Trial:
    """Take a run that waits out of the queue, wherever it stands there; or begin a new one."""
    if chosen is None:
        return study.ask()
    known = trial_id(chosen, study, storage)
    storage.set_trial_state_values(known, TrialState.RUNNING)
    return Trial(study, known)
