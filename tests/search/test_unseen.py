"""Each trial that has ended is handed out once, however late it ends."""

import optuna
from optuna.trial import TrialState

from autodistill.search.unseen import Unseen


def test_a_trial_is_handed_out_when_it_has_ended_and_then_no_more() -> None:
    study, unseen = optuna.create_study(), Unseen()
    first, second = study.ask(), study.ask()
    study.enqueue_trial({})

    begun = unseen.of(study.get_trials())
    running = [trial.number for trial in unseen.running()]
    study.tell(second, 1.0)
    ended = unseen.of(study.get_trials())
    study.tell(first, state=TrialState.FAIL)
    third = study.ask()  # the one that waited
    study.tell(third, 2.0)

    assert (begun, running) == ([], [0, 1])
    assert [trial.number for trial in ended] == [1]
    assert [trial.number for trial in unseen.of(study.get_trials())] == [0, 2]
    assert unseen.of(study.get_trials()) == []
