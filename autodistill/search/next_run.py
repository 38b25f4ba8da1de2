"""Which run comes next: one that waits, a leader's longer run or repeat, or a new one.

A run that could not end in time leaves its place to one that can, so that no worker stands idle at
the end of a budget while a quick student could be repeated.
"""

from collections.abc import Callable, Sequence

import optuna
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, Trial, TrialState

from autodistill.search.asked import given_pipeline, is_given
from autodistill.search.promotion import Again, Fits
from autodistill.study.pipeline import Part

Size = tuple[int, Part | None]
"""Level of a run, and its student; None: not known before it is asked for."""
Due = Callable[[bool], Again | None]
"""The next longer run or repeat, one that can end in time first; True: before their time, too."""


def choose(waiting: Sequence[FrozenTrial], due: Due, fits: Fits) -> FrozenTrial | Again | None:
    """The next run; None: a new one. One that cannot end in time only where none can.

    What waits comes before all others; repeats come before their time where nothing else fits.
    """
    for trial in waiting:
        if fits(*size_of(trial)):
            return trial
    again = due(bool(waiting) or not fits(0, None))
    if again and (not waiting or fits(*size_of(again))):
        return again
    return next(iter(waiting), None)


def size_of(chosen: FrozenTrial | Again | None) -> Size:
    """Level and student of a run that was chosen."""
    if chosen is None:
        return 0, None
    if isinstance(chosen, Again):
        return chosen.level, chosen.pipeline.student
    attrs = chosen.user_attrs
    student = given_pipeline(attrs).student if is_given(attrs) else None
    return int(attrs.get("level", 0)), student


def begin(study: optuna.Study, storage: BaseStorage, chosen: FrozenTrial | None) -> Trial:
    """Take a run that waits out of the queue, wherever it stands there; or begin a new one."""
    if chosen is None:
        return study.ask()
    place = storage.get_study_id_from_name(study.study_name)
    known = storage.get_trial_id_from_study_id_trial_number(place, chosen.number)
    storage.set_trial_state_values(known, TrialState.RUNNING)
    return Trial(study, known)
