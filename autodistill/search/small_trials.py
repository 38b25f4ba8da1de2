"""Trials of Optuna in less memory: what many of them have alike is there once."""

import sys
from typing import Any

from optuna.distributions import BaseDistribution
from optuna.trial import FrozenTrial

OF_THE_ASK = "relative_params"
"""The attributes in which TPE notes a suggestion until it has become parameters."""
Domains = dict[str, BaseDistribution]


class SmallTrials:
    """Makes them; one that has ended was read from the database with domains of its own."""

    def __init__(self) -> None:
        self.domains: dict[tuple[str, BaseDistribution], BaseDistribution] = {}
        """By name, too: a domain of 0 and 1 is equal to one of False and True."""
        self.spaces: dict[tuple[tuple[str, int], ...], Domains] = {}
        """Names with their domains, of trials that have the same."""

    def of(self, trial: FrozenTrial) -> FrozenTrial:
        """The same trial, changed in place."""
        own = {sys.intern(k): self._domain(k, d) for k, d in trial.distributions.items()}
        place = tuple((name, id(domain)) for name, domain in own.items())
        trial.distributions = self.spaces.setdefault(place, own)
        trial.params = {sys.intern(k): _shared(v) for k, v in trial.params.items()}
        trial.user_attrs = {sys.intern(k): v for k, v in trial.user_attrs.items()}
        trial.system_attrs = {
            sys.intern(k): v for k, v in trial.system_attrs.items() if not k.startswith(OF_THE_ASK)
        }
        return trial

    def _domain(self, name: str, domain: BaseDistribution) -> BaseDistribution:
        return self.domains.setdefault((name, domain), domain)


def _shared(value: Any) -> Any:
    """The same text, once in memory."""
    return sys.intern(value) if isinstance(value, str) else value
