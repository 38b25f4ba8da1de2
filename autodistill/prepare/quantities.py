"""Budgets and limits as people write them: 20m, 1h30m, params=5M, latency=5ms."""

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pandas as pd

from autodistill.errors import SpecError
from autodistill.study.study import CLOSING_SHARE, Budget

DEFAULT_BUDGET = "20m"
"""The budget where neither a time nor a number of runs is given."""
LIMITS: dict[str, tuple[str, dict[str, float]]] = {
    "params": ("params", {"": 1, "k": 1e3, "m": 1e6, "b": 1e9}),
    "size": ("size_bytes", {"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9}),
    "latency": ("latency_ms", {"ms": 1, "s": 1e3, "us": 1e-3}),
}
"""By the name a person types: the key of a cost, and what its units stand for."""
COSTS = {cost: name for name, (cost, _) in LIMITS.items()}
"""The other way round."""


def parse_limits(texts: Sequence[str]) -> dict[str, float]:
    """Costs of params=5M, size=20MB, latency=5ms; raises SpecError with every problem."""
    found, problems = {}, []
    for text in texts:
        name, _, value = text.partition("=")
        key, units = LIMITS.get(name.strip(), ("", {}))
        number = re.fullmatch(r"\s*([0-9.]+(?:e[0-9]+)?)\s*([a-zA-Z]*)\s*", value)
        unit = units.get(number[2].lower()) if number else None
        try:
            amount = float(number[1]) * unit if number and unit else 0.0
        except ValueError:
            amount = 0.0
        if key and amount > 0:
            found[key] = amount
        else:
            problems.append(f"--limit {text}: write params=5M, size=20MB or latency=5ms.")
    if problems:
        raise SpecError(problems)
    return found


def limits_of(given: Mapping[str, float | str]) -> dict[str, float]:
    """Limits as numbers or as texts: {"params": 5e6, "latency": "5ms"}.

    Numbers are parameters, bytes and milliseconds. A limit has the name of the option or that of
    the cost: latency or latency_ms. Raises SpecError with every problem.
    """
    found, texts, problems = dict[str, float](), list[str](), list[str]()
    for key, value in given.items():
        name = COSTS.get(key, key)
        if isinstance(value, str):
            texts.append(f"{name}={value}")
        elif name not in LIMITS:
            problems.append(f"unknown limit '{key}'; there is: {', '.join(LIMITS)}.")
        elif isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            problems.append(f"limit {key} is {value!r}; it must be above 0, or a text such as 5M.")
        else:
            found[LIMITS[name][0]] = float(value)
    try:
        found |= parse_limits(texts)
    except SpecError as error:
        problems += error.problems
    if problems:
        raise SpecError(problems)
    return found


def parse_seconds(text: str) -> float | None:
    """Seconds of 90s, 20m, 1h30m; None for nothing; raises SpecError."""
    if not text:
        return None
    try:
        seconds = float(pd.Timedelta(text).total_seconds())
    except ValueError:
        seconds = -1.0
    if not seconds > 0 or text.strip().isdigit():
        raise SpecError(f"--budget {text}: not a duration; write 90s, 20m or 1h30m.")
    return seconds


def budget_of(
    given: str | timedelta = "", trials: int | None = None, closing_share: float = CLOSING_SHARE
) -> Budget:
    """A time, a number of trials, or both, whichever is spent first; 20 minutes by default.

    Raises SpecError.
    """
    problems = []
    if trials is not None and trials < 1:
        problems.append(f"--trials {trials}: at least one run is needed.")
    if not 0 <= closing_share <= 0.9:
        problems.append(f"--repeat-fraction {closing_share}: it is 0 to 0.9.")
    if not isinstance(given, str | timedelta):
        problems.append(f"--budget {given!r}: not a duration; write 90s, 20m or 1h30m.")
    if problems:
        raise SpecError(problems)
    if isinstance(given, timedelta):
        given = f"{given.total_seconds()}s"
    return Budget(trials, parse_seconds(given or ("" if trials else DEFAULT_BUDGET)), closing_share)
