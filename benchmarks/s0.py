"""Do proxies rank the 64 residual networks of DisWOT's space S0 as their distilled accuracy does, and what makes its own number?

The networks have 1, 3, 5 or 7 blocks in each of three stages; the published accuracies are on CIFAR-100. Images are any small ones:
the networks keep their random weights. The teacher has 9 blocks in each stage.
"""

import io
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from joblib import Parallel, delayed
from numpy.typing import NDArray
from scipy.stats import kendalltau, spearmanr
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.students._networks.residual import ResidualConfig
from autodistill.errors import DataError
from autodistill.registry import families
from autodistill.screening.agreement import ranks
from autodistill.screening.proxies import ForwardOutput, Proxy, last_states, normed_by_batch
from autodistill.screening.proxies._relations import (
    channel_distance,
    class_distance,
    class_gradient,
    relation_distance,
)
from autodistill.screening.scoring import at_random

DEPTHS, TEACHER, CLASSES = (1, 3, 5, 7), (9, 9, 9), 100
NETWORKS = tuple(product(DEPTHS, repeat=3))
Numbers = NDArray[np.float64]
Network = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """Kendall's tau of one score with the published accuracies."""

    name: str
    kd: float
    """Of the mean rank over all starts."""
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
    """Two tables: all proxies over `batches` and `starts`, readings of DisWOT over one batch and `readings` starts."""
    kd, vanilla = (read_truth(truth / f"{name}.txt") for name in ("kd", "vanilla"))
    params = np.array(
        [float(sum(p.numel() for p in network(n, 0, "own").parameters())) for n in NETWORKS]
    )
    tau = kendalltau(params, _in_order(kd))[0]
    say(
        f"parameters: 3-3-3 {params[NETWORKS.index((3, 3, 3))]:,.0f}, 7-1-3 {params[NETWORKS.index((7, 1, 3))]:,.0f}; tau {tau:.3f}"
    )
    begin = time.perf_counter()
    found = _on_all(
        lambda start, depths: _proxies(_shown(images, batches, rows), start, depths), starts
    )
    seconds = time.perf_counter() - begin
    proxies = _table(found, kd, vanilla, say)
    begin = time.perf_counter()
    _on_all(
        lambda start, depths: _proxies(_shown(images, batches, rows), start, depths, ("channels",)),
        starts,
    )
    alone = time.perf_counter() - begin
    say(
        f"\nall proxies: {seconds:.0f} s, channels alone: {alone:.0f} s\n\nreadings of DisWOT, {readings} starts, one batch of {rows}"
    )
    read = _table(
        _on_all(lambda start, depths: _read(_shown(images, 1, rows), start, depths), readings),
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


def read_truth(path: Path) -> dict[Network, float]:
    """Accuracy by depths, from lines such as `113 69.01`; raises DataError when it is not of all 64 networks."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    found = {tuple(map(int, depths)): float(value) for depths, value in lines}
    if set(found) != set(NETWORKS):
        raise DataError(
            f"{path} holds {len(found)} networks, not the {len(NETWORKS)} of S0; give the folder with kd.txt and vanilla.txt."
        )
    return found


@cache
def _shown(images: Path, count: int, rows: int) -> list[ForwardOutput]:
    """Images and labels from train*.parquet, in a seeded order, each channel normed over what is shown."""
    from PIL import Image

    table = pd.concat([pd.read_parquet(p) for p in sorted(images.glob("train*.parquet"))])
    order = np.random.default_rng(0).permutation(len(table))[: count * rows]
    pixels = (
        np.stack(
            [
                np.asarray(Image.open(io.BytesIO(table["image"].iloc[i]["bytes"])).convert("RGB"))
                for i in order
            ]
        )
        / 255.0
    )
    normed = (
        ((pixels - pixels.mean((0, 1, 2))) / pixels.std((0, 1, 2)))
        .transpose(0, 3, 1, 2)
        .astype(np.float32)
    )
    labels = torch.from_numpy(table["label"].to_numpy()[order])
    parts = [slice(start, start + rows) for start in range(0, count * rows, rows)]
    return [ForwardOutput({"pixel_values": torch.from_numpy(normed[p])}, labels[p]) for p in parts]


def network(depths: Sequence[int], start: int, weights: str) -> Any:
    """Of S0, at random weights."""
    return at_random(ResidualConfig(depths=tuple(depths), num_labels=CLASSES), start, weights)


@cache
def _teacher(start: int, weights: str) -> Any:
    return network(TEACHER, start, weights)


def _on_all(measure: Callable[[int, Network], dict[str, float]], starts: int) -> dict[str, Numbers]:
    """(starts, networks), by name; each core takes one network at a time. What is not a number for some network is left out."""
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
            teacher = _teacher(start, proxy.weights) if proxy.compares else None
            found[name] = float(
                np.mean([proxy.score(students[proxy.weights], teacher, s) for s in looked])
            )
    return found


Reading = Callable[[Any, Any, ForwardOutput], float]
"""(teacher, student, batch) to a score, higher is better."""


def _read(shown: Sequence[ForwardOutput], start: int, depths: Network) -> dict[str, float]:
    """The metric as it can be read, and three numbers of the student alone that grow with the depth of its last stage."""
    read: dict[str, Reading] = {
        "channels": _channels,
        "classes of gradients": lambda t, s, b: (
            -float(class_distance(_gradient(s, b), _gradient(t, b)))
        ),
        "classes of activation maps (paper)": lambda t, s, b: _paper(
            _maps(s, b).transpose(0, 1).flatten(1), _maps(t, b).transpose(0, 1).flatten(1)
        ),
        "rows by activation maps": lambda t, s, b: _rows(
            _maps(s, b).flatten(1), _maps(t, b).flatten(1)
        ),
        "relation of places (paper)": lambda t, s, b: _paper(
            last_states(s, b).flatten(1), last_states(t, b).flatten(1)
        ),
        "relation of places, rows normed": lambda t, s, b: _rows(
            last_states(s, b).flatten(1), last_states(t, b).flatten(1)
        ),
        "relation of means": lambda t, s, b: _rows(
            last_states(s, b).mean(1), last_states(t, b).mean(1)
        ),
        "relation of means, centred": lambda t, s, b: _rows(
            last_states(s, b).mean(1), last_states(t, b).mean(1), True
        ),
        "student alone: spread of logits": lambda t, s, b: float(_logits(s, b).std()),
        "student alone: length of the gradient": lambda t, s, b: float(_gradient(s, b).norm()),
    }
    found = {"student alone: blocks in the last stage": float(depths[2])}
    for weights in ("normal", "own"):
        student = network(depths, start, weights)
        for name, reading in read.items():
            found[f"{name}, {weights} weights"] = float(
                np.mean([reading(_teacher(start, weights), student, s) for s in shown])
            )
    return found


def _channels(teacher: Any, student: Any, shown: ForwardOutput) -> float:
    return -float(channel_distance(_gradient(student, shown), _gradient(teacher, shown)))


def _gradient(net: Any, shown: ForwardOutput) -> Tensor:
    head = net.classifier
    return class_gradient(
        head.weight.detach(), last_states(net, shown).mean(1), shown.labels, head.bias.detach()
    )


def _maps(net: Any, shown: ForwardOutput) -> Tensor:
    """Class activation maps: (batch, classes, places)."""
    return torch.einsum("nc,bpc->bnp", net.classifier.weight.detach(), last_states(net, shown))


@torch.no_grad()
def _logits(net: Any, shown: ForwardOutput) -> Tensor:
    with normed_by_batch(net):
        found: Tensor = net(**shown.inputs).logits
    return found


def _paper(student: Tensor, teacher: Tensor) -> float:
    """Minus the distance of Gram matrices that are divided by their norm."""
    ours, theirs = (F.normalize((x @ x.T).flatten(), dim=0) for x in (student, teacher))
    return -float((ours - theirs).norm())


def _rows(student: Tensor, teacher: Tensor, centred: bool = False) -> float:
    return -float(relation_distance(student, teacher, centred=centred))


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
            f"{r.name:46} {r.kd:6.3f}  {r.one:9.3f} ({r.spread:.3f})  {r.vanilla:11.3f}  {r.spearman:6.3f}  {r.same_depth:10.3f}"
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
