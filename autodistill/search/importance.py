"""Importance of choices by Optuna's PED-ANOVA over a study's runs.

Source   Watanabe et al. 2023, arXiv:2304.10255: how differently the best runs chose, knob by
         knob, conditional ones included.
"""

import sys
import warnings
from collections.abc import Container, Mapping, Sequence
from importlib import import_module
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.storages import InMemoryStorage
from optuna.trial import FrozenTrial, TrialState

from autodistill.analysis.variance import choices
from autodistill.study.results import StudyResult, Trial

FEWEST = 10
"""Runs of a study below which importances would be luck."""


def importances(record: StudyResult) -> dict[str, float]:
    """Importance by name of the choice, adding up to one.

    Empty for a study of fewer than FEWEST runs or one that varied nothing.
    """
    runs = [
        o
        for o in record.explored
        if o.status == "complete" and o.score is not None and not o.baseline and not o.seed
    ]
    values = [dict(choices(o.pipeline)) for o in runs]
    domains = {
        name: _domain([v[name] for v in values if name in v])
        for name in {k for v in values for k in v}
    }
    varied = {name: domain for name, domain in domains.items() if domain is not None}
    if len(runs) < FEWEST or not varied:
        return {}
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study(
            direction="maximize", storage=_Held(_trials(runs, values, varied))
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return optuna.importance.get_param_importances(
                study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
            )
    finally:
        optuna.logging.set_verbosity(level)


def load() -> None:
    """Import what importances need without the forests of Optuna's other evaluators.

    Forests would load scikit-learn, and that pandas: a second and 100 MB. For a process that is
    ours alone: evaluators with forests say from then on that scikit-learn is missing.
    """
    if {"sklearn", "optuna.importance"} & {*sys.modules}:
        return
    sys.modules["sklearn"] = None  # type: ignore[assignment]  # Python's own way to hide a module
    try:
        import_module("optuna.importance")
    finally:
        del sys.modules["sklearn"]


class _Held(InMemoryStorage):
    """A study's trials as they are: copied one by one, thousands take seconds."""

    def __init__(self, trials: list[FrozenTrial]) -> None:
        super().__init__()
        self.trials = trials

    def get_all_trials(
        self,
        study_id: int,
        deepcopy: bool = True,
        states: Container[TrialState] | None = None,
    ) -> list[FrozenTrial]:
        """All of them, which are complete; nobody changes them."""
        return self.trials


def _trials(
    runs: Sequence[Trial],
    values: Sequence[Mapping[str, Any]],
    varied: Mapping[str, BaseDistribution],
) -> list[FrozenTrial]:
    """The runs with what they chose, where there was a choice."""
    found = []
    for number, (outcome, chosen) in enumerate(zip(runs, values)):
        own = {name: value for name, value in chosen.items() if name in varied}
        trial = FrozenTrial(
            number,
            TrialState.COMPLETE,
            outcome.score,
            datetime_start=None,
            datetime_complete=None,
            params=own,
            distributions={name: varied[name] for name in own},
            user_attrs={},
            system_attrs={},
            intermediate_values={},
            trial_id=number,
        )
        found.append(trial)
    return found


def _domain(values: list[Any]) -> BaseDistribution | None:
    """The distribution of a choice's values; None when it never varied."""
    if len(set(values)) < 2:
        return None
    if all(isinstance(v, float) for v in values) and len(set(values)) > 8:
        return FloatDistribution(min(values), max(values))
    return CategoricalDistribution(sorted(set(values), key=str))
