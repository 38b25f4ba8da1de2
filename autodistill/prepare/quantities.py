"""Budgets and limits as people write them: 20m, 1h30m, params=5M, latency=5ms."""

import math
import os
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pandas as pd

from autodistill.errors import SpecError, choose_from
from autodistill.runtime.ray_cluster import check_address
from autodistill.study.study import CLOSING_SHARE, Budget

DEFAULT_BUDGET = "20m"
"""The budget where neither a time nor a number of runs is given."""
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 3.2e7
"""A budget is a second at least, and about a year at most."""
MOST_SEED = 2**32 - 1
MOST_TRIALS = 2**31 - 1
MOST_WORKERS = 256
ENGINES = ("local", "ray")
"""Places for trials: processes of this machine, tasks of a Ray cluster."""
RAY = ENGINES[1]
LIMITS: dict[str, tuple[str, dict[str, float]]] = {
    "params": ("params", {"": 1, "k": 1e3, "m": 1e6, "b": 1e9}),
    "size": (
        "size_bytes",
        {"b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30},
    ),
    "latency": ("latency_ms", {"us": 1e-3, "ms": 1, "s": 1e3}),
}
"""By the name a person types: the key of a cost, and what its units stand for."""
UNITS = {
    "params": "a number or K, M, B, as in params=5M",
    "size": "KB, MB or GB, as in size=20MB",
    "latency": "us, ms or s, as in latency=5ms",
}
"""The units of each limit, for messages."""
COSTS = {cost: name for name, (cost, _) in LIMITS.items()}
"""The other way round."""
SHOWN = {
    "params": ((1e9, "B"), (1e6, "M"), (1e3, "K"), (1, "")),
    "size_bytes": ((1e9, " GB"), (1e6, " MB"), (1e3, " KB"), (1, " B")),
    "latency_ms": ((1e3, " s"), (1, " ms"), (1e-3, " us")),
}
"""Units in which costs are shown, the largest first."""


def cost_text(cost: str, amount: float, digits: int = 3) -> str:
    """A cost in the unit that suits it: 61.2 MB, 5.3 ms, 22.6M."""
    scale, unit = next((u for u in SHOWN[cost] if amount >= u[0]), SHOWN[cost][-1])
    return f"{float(f'{amount / scale:.{digits}g}'):g}{unit}"


def over_limit(cost: str, amount: float, most: float) -> str:
    """A cost over its limit: size 61 MB > 30 MB; with as many digits as set the two apart."""
    for digits in range(3, 7):
        above, below = cost_text(cost, amount, digits), cost_text(cost, most, digits)
        if above != below:
            break
    return f"{COSTS[cost]} {above} > {below}"


def parse_limits(texts: Sequence[str]) -> dict[str, float]:
    """Costs of params=5M, size=20MB, latency=5ms; raises SpecError with every problem."""
    found, problems = dict[str, float](), list[str]()
    for text in texts:
        name, _, value = text.partition("=")
        name = name.strip().lower()
        if name not in LIMITS:
            problems.append(
                f"--limit {text}: write params=5M, size=20MB or latency=5ms; there is no limit "
                f"{name!r}."
            )
            continue
        if problem := _limit_problem(name, value, found):
            problems.append(f"--limit {text}: {problem}")
    if problems:
        raise SpecError(problems)
    return found


def _limit_problem(name: str, value: str, found: dict[str, float]) -> str:
    """The fault of a limit's value; an amount that is right is added to `found`."""
    cost, units = LIMITS[name]
    read = re.fullmatch(r"\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*([a-zA-Z]*)\s*", value, re.I)
    if read is None:
        return f"{value.strip()!r} is not an amount; write {UNITS[name]}."
    number, unit = float(read[1]), read[2].lower()
    if unit not in units:
        what = f"{read[2]!r} is no unit of it" if unit else "the unit is missing"
        return f"{what}; write {UNITS[name]}."
    if not 0 < number * units[unit] < math.inf:
        return f"it must be above 0 and finite; write {UNITS[name]}."
    if cost in found:
        return f"there is another limit of {name}; give one."
    found[cost] = number * units[unit]
    return ""


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
        elif isinstance(value, bool) or not (
            isinstance(value, int | float) and 0 < value < math.inf
        ):
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
        seconds = math.nan if _is_number(text) else float(pd.Timedelta(text).total_seconds())
    except (ValueError, OverflowError):
        seconds = math.nan
    if math.isnan(seconds):
        raise SpecError(f"--budget {text}: not a duration; write 90s, 20m or 1h30m.")
    if not SHORTEST_SECONDS <= seconds <= LONGEST_SECONDS:
        raise SpecError(
            f"--budget {text}: it has to be between a second and a year; write 90s, 20m or 1h30m."
        )
    return seconds


def _is_number(text: str) -> bool:
    """Whether a unit is missing: libraries take such a number for nanoseconds."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def budget_of(
    given: str | timedelta = "", trials: int | None = None, closing_share: float = CLOSING_SHARE
) -> Budget:
    """A time, a number of trials, or both, whichever is spent first; 20 minutes by default.

    Raises SpecError.
    """
    problems = []
    if trials is not None and not 1 <= trials <= MOST_TRIALS:
        problems.append(
            f"--trials {trials}: at least one run is needed, and at most {MOST_TRIALS:,}."
        )
    if not 0 <= closing_share <= 0.9:
        problems.append(f"--repeat-fraction {closing_share}: it has to be 0 to 0.9.")
    seconds = None
    try:
        if not isinstance(given, str | timedelta):
            raise SpecError(f"--budget {given!r}: not a duration; write 90s, 20m or 1h30m.")
        if isinstance(given, timedelta):
            given = f"{given.total_seconds()}s"
        seconds = parse_seconds(given or ("" if trials is not None else DEFAULT_BUDGET))
    except SpecError as error:
        problems += error.problems
    if problems:
        raise SpecError(problems)
    return Budget(trials, seconds, closing_share)


def engine_of(engine: str, address: str, workers: int) -> tuple[str | None, int]:
    """The Ray cluster's address, None without one, and trials at once; raises SpecError.

    0 is left as it is where the cluster will say how many.
    """
    place, at_once = _address_of(engine, address), workers_of(workers)
    if place is None:
        return None, at_once
    check_address(place)
    return place, workers


def _address_of(engine: str, address: str) -> str | None:
    if engine not in ENGINES:
        raise SpecError(choose_from("engine", engine, ENGINES, "--engine"))
    if engine == RAY:
        return address
    if address:
        raise SpecError(f"--address {address}: it names a Ray cluster; give --engine ray, too.")
    return None


def workers_of(asked: int) -> int:
    """Trials at once, one per core for 0; raises SpecError."""
    if not 0 <= asked <= MOST_WORKERS:
        raise SpecError(
            f"--workers {asked}: it has to be 1 to {MOST_WORKERS}, or 0 for one per core "
            f"({os.cpu_count() or 1} here)."
        )
    return asked or os.cpu_count() or 1


def check_seed(seed: int) -> None:
    """Refuse a seed that random generators do not take; raises SpecError."""
    if not 0 <= seed <= MOST_SEED:
        raise SpecError(f"--seed {seed}: it has to be 0 to {MOST_SEED:,} (2**32 - 1).")
