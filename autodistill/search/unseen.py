"""Trials of an Optuna study that have ended, each handed out once."""

from collections.abc import Sequence

from optuna.trial import FrozenTrial, TrialState


class Unseen:
    """Hands out each ended trial of one study once; a trial that has ended never changes."""

    def __init__(self) -> None:
        self.count = 0
        """Trials that were there."""
        self.open: list[FrozenTrial] = []
        """Those of them that had not ended, in order."""

    def of(self, trials: Sequence[FrozenTrial]) -> list[FrozenTrial]:
        """Those that have ended since, in order; `trials` are all of the study, by number."""
        numbers = (*(trial.number for trial in self.open), *range(self.count, len(trials)))
        looked_at = [trials[number] for number in numbers]
        self.count = len(trials)
        self.open = [trial for trial in looked_at if not trial.state.is_finished()]
        return [trial for trial in looked_at if trial.state.is_finished()]

    def running(self) -> list[FrozenTrial]:
        """Those that run."""
        return [trial for trial in self.open if trial.state is TrialState.RUNNING]
