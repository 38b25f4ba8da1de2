"""Importance of choices by Optuna's PED-ANOVA over a study's runs.

Source   Watanabe et al. 2023, arXiv:2304.10255: how differently the best runs chose, knob by
         knob, conditional ones included.
"""

import warnings
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState, create_trial

from autodistill.analysis.variance import choices
from autodistill.study.results import StudyResult


def importances(record: StudyResult) -> dict[str, float]:
    """Importance by name of the choice, adding up to one.

    Empty for a study of fewer than ten runs or one that varied nothing.
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
    if len(runs) < 10 or not varied:
        return {}
    level = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study(direction="maximize")
        for outcome, chosen in zip(runs, values):
            own = {k: v for k, v in chosen.items() if k in varied}
            study.add_trial(
                create_trial(
                    state=TrialState.COMPLETE,
                    value=outcome.score,
                    params=own,
                    distributions={k: varied[k] for k in own},
                )
            )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return optuna.importance.get_param_importances(
                study, evaluator=optuna.importance.PedAnovaImportanceEvaluator()
            )
    finally:
        optuna.logging.set_verbosity(level)


def _domain(values: list[Any]) -> BaseDistribution | None:
    """The distribution of a choice's values; None when it never varied."""
    if len(set(values)) < 2:
        return None
    if all(isinstance(v, float) for v in values) and len(set(values)) > 8:
        return FloatDistribution(min(values), max(values))
    return CategoricalDistribution(sorted(set(values), key=str))
