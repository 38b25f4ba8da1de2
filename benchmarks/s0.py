"""Do proxies rank the 64 residual networks of DisWOT's space S0 by accuracy?

The accuracy is that of the distilled networks; and what makes DisWOT's own number?

The networks have 1, 3, 5 or 7 blocks in each of three stages; the published accuracies are on
CIFAR-100. Images are any small ones: the networks keep their random weights. The teacher has 9
blocks in each stage.
"""

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.stats import kendalltau, spearmanr

from autodistill.registry import families
from autodistill.search.screening.agreement import ranks
from autodistill.search.screening.proxies import ForwardOutput, Proxy
from benchmarks.s0_networks import (
    DEPTHS,
    NETWORKS,
    Network,
    network,
    read_truth,
    shown_images,
    teacher_network,
)
from benchmarks.s0_readings import read_all

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Row:
    """Kendall's tau of one score with the published accuracies."""

    name: str
    kd: float
    """Tau of the mean rank over all starts."""
    spread: float
    """Deviation of the taus of single starts, each the mean over batches."""
    one: float
    """Mean of these taus."""
    vanilla: float
    spearman: float
    same_depth: float
    """With `kd`, over pairs whose last stages have the same depth."""


def s0(
    truth: Path,
    images: Path,
    *,
    batches: int,
    rows: int,
    starts: int,
    readings: int,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Two tables: all proxies, and readings of DisWOT.

    The proxies are measured over `batches` and `starts`, the readings over one batch and `readings`
    starts.
    """
    kd, vanilla = (read_truth(truth / f"{name}.txt") for name in ("kd", "vanilla"))
    params = np.array(
        [float(sum(p.numel() for p in network(n, 0, "own").parameters())) for n in NETWORKS]
    )
    tau = kendalltau(params, _in_order(kd))[0]
    say(
        f"parameters: 3-3-3 {params[NETWORKS.index((3, 3, 3))]:,.0f}, 7-1-3 "
        f"{params[NETWORKS.index((7, 1, 3))]:,.0f}; tau {tau:.3f}"
    )
    begin = time.perf_counter()
    found = _on_all(
        lambda start, depths: _proxies(shown_images(images, batches, rows), start, depths), starts
    )
    seconds = time.perf_counter() - begin
    proxies = _table(found, kd, vanilla, say)
    begin = time.perf_counter()
    _on_all(
        lambda start, depths: _proxies(
            shown_images(images, batches, rows), start, depths, ("channels",)
        ),
        starts,
    )
    alone = time.perf_counter() - begin
    say(
        f"\nall proxies: {seconds:.0f} s, channels alone: {alone:.0f} s\n\nreadings of DisWOT, "
        f"{readings} starts, one batch of {rows}"
    )
    read = _table(
        _on_all(
            lambda start, depths: read_all(shown_images(images, 1, rows), start, depths), readings
        ),
        kd,
        vanilla,
        say,
    )
    return {
        "params_333": int(params[NETWORKS.index((3, 3, 3))]),
        "params_713": int(params[NETWORKS.index((7, 1, 3))]),
        "tau_params_kd": float(tau),
        "seconds_all": seconds,
        "seconds_channels": alone,
        "proxies": {r.name: r.__dict__ for r in proxies},
        "readings": {r.name: r.__dict__ for r in read},
    }


def _on_all(measure: Callable[[int, Network], dict[str, float]], starts: int) -> dict[str, Numbers]:
    """Values of shape (starts, networks), by name.

    Each core takes one network at a time. Proxies that are not a number for some network are left
    out.
    """
    asked = list(product(range(starts), NETWORKS))
    rows: list[dict[str, float]] = Parallel(n_jobs=-1)(
        delayed(measure)(start, depths) for start, depths in asked
    )
    table = pd.DataFrame(rows).dropna(axis="columns")
    return {str(n): table[n].to_numpy().reshape(starts, len(NETWORKS)) for n in table}


def _proxies(
    shown: Sequence[ForwardOutput], start: int, depths: Network, names: Sequence[str] = ()
) -> dict[str, float]:
    """Means over batches; those that look at a trained teacher's answers are not here."""
    students = {kind: network(depths, start, kind) for kind in ("own", "normal")}
    found = {}
    for name in names or families.names("proxies"):
        proxy: Proxy = families.build("proxies", name, {})
        if proxy.looks_at != "built":
            looked = shown if proxy.looks_at == "batch" else shown[:1]
            teacher = teacher_network(start, proxy.weights) if proxy.compares else None
            found[name] = float(
                np.mean([proxy.score(students[proxy.weights], teacher, s) for s in looked])
            )
    return found


def _table(
    scores: Mapping[str, Numbers],
    kd: Mapping[Network, float],
    vanilla: Mapping[Network, float],
    say: Callable[[str], None],
) -> list[Row]:
    truth, alone = _in_order(kd), _in_order(vanilla)
    rows = sorted((_row(n, v, truth, alone) for n, v in scores.items()), key=lambda r: -r.kd)
    say(f"{'':46} kd tau  one start (deviation)  vanilla  kd rho  same last stage")
    for r in rows:
        say(
            f"{r.name:46} {r.kd:6.3f}  {r.one:9.3f} ({r.spread:.3f})  {r.vanilla:11.3f}  "
            f"{r.spearman:6.3f}  {r.same_depth:10.3f}"
        )
    return rows


def _row(name: str, values: Numbers, truth: Numbers, alone: Numbers) -> Row:
    mean_rank = np.mean([ranks(list(v)) for v in values], axis=0)
    single = [float(kendalltau(v, truth)[0]) for v in values]
    last = np.array([n[2] for n in NETWORKS])
    same = [
        kendalltau(mean_rank[last == d], truth[last == d])[0]
        for d in DEPTHS
        if np.ptp(mean_rank[last == d])
    ]
    spread = float(np.std(single, ddof=1)) if len(single) > 1 else math.nan
    own = [float(kendalltau(mean_rank, t)[0]) for t in (truth, alone)]
    return Row(
        name,
        own[0],
        spread,
        float(np.mean(single)),
        own[1],
        float(spearmanr(mean_rank, truth)[0]),
        float(np.mean(same)) if same else math.nan,
    )


def _in_order(truth: Mapping[Network, float]) -> Numbers:
    return np.array([truth[n] for n in NETWORKS])
