"""Scores of a space's students under training-free proxies, beside their size."""

import copy
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from autodistill.components.students import Backbone
from autodistill.components.students._networks import read_config, untrained
from autodistill.components.students._passes import inputs_of
from autodistill.datasets._tables import PixelTable
from autodistill.registry import families
from autodistill.runtime.device import CPU, Device
from autodistill.runtime.progress import Screen
from autodistill.search.screening.agreement import ranks
from autodistill.search.screening.candidates import Candidate, Candidates
from autodistill.search.screening.proxies import ForwardOutput, Proxy
from autodistill.training.batches import load_batch
from autodistill.training.placing import placed
from autodistill.training.signals import OpenShard

BATCHES, ROWS, STARTS = 5, 16, 3
"""Batches and their rows for every candidate, and random starts to average over."""
FEWEST = 8
"""Minimum number of students to score, however short the time."""
MANY_ROWS = 320
"""Number of rows for proxies that use the student as it would be trained."""


@dataclass(frozen=True)
class Scored:
    """One scored student."""

    candidate: Candidate
    scores: Mapping[str, tuple[float, float]]
    """Mean and deviation over batches and starts, by proxy."""


class Scorer:
    """Scores students on the same rows and the same random starts."""

    def __init__(
        self,
        backbone: Backbone,
        shard: OpenShard,
        train_rows: int,
        names: Sequence[str],
        *,
        batches: int = BATCHES,
        starts: int = STARTS,
        device: Device = CPU,
    ) -> None:
        self.backbone = backbone
        self.shard = shard
        self.starts = starts
        self.device = device
        self.proxies: dict[str, Proxy] = {n: families.build("proxies", n, {}) for n in names}
        order = np.random.default_rng(0).permutation(train_rows)
        self.rows = [
            np.sort(order[n * ROWS : (n + 1) * ROWS])
            for n in range(batches)
            if n * ROWS < train_rows
        ]
        self.many = order[:MANY_ROWS]

    def __call__(
        self, build: Callable[[], Any], many: OpenShard | None = None
    ) -> dict[str, tuple[float, float]]:
        """Means and deviations of a student's scores by proxy.

        `build` creates the student; `many` are the rows in its own vocabulary, with the teacher's
        logits.
        """
        network = build()
        found: dict[str, list[float]] = {n: [] for n in self.proxies}
        one = {n: p for n, p in self.proxies.items() if p.looks_at == "shape"}
        built = {n: p for n, p in self.proxies.items() if p.looks_at == "built"}
        with placed(network, self.device):
            for name, proxy in one.items():
                found[name].append(proxy.score(network, None, self.batches[0]))
            if built and many is not None:
                shown = self._shown(many, self.many)
                for name, proxy in built.items():
                    found[name].append(proxy.score(network, None, shown))
        for start in range(self.starts if len(self.proxies) > len(one) + len(built) else 0):
            students = {
                kind: self._at_random(self._alike(network), start, kind) for kind in self._kinds
            }
            for place, shown in enumerate(self.batches):
                for name, proxy in self.proxies.items():
                    if proxy.looks_at == "batch" or (proxy.looks_at == "start" and place == 0):
                        teacher = self.teachers[proxy.weights][start] if proxy.compares else None
                        found[name].append(proxy.score(students[proxy.weights], teacher, shown))
        return {n: _mean(v) for n, v in found.items() if v}

    @cached_property
    def batches(self) -> list[ForwardOutput]:
        """Batches in the teacher's own tokens, or in the students' pixels."""
        return [self._shown(self.shard, rows) for rows in self.rows]

    @cached_property
    def teachers(self) -> dict[str, list[Any]]:
        """Networks of the teacher's shape with random weights, by kind of weights."""
        config = read_config(self.backbone.folder)
        config.num_labels = len(self.backbone.label_names)
        if isinstance(self.shard.table, PixelTable):
            config.image_size = list(self.shard.table.size)
        compared = {p.weights for p in self.proxies.values() if p.compares}
        return {
            kind: [self._at_random(config, start, kind) for start in range(self.starts)]
            for kind in compared
        }

    @property
    def _kinds(self) -> set[str]:
        return {p.weights for p in self.proxies.values() if p.looks_at in ("batch", "start")}

    def _at_random(self, config: Any, start: int, kind: str) -> Any:
        """A network at random weights, which are the same on every device."""
        return at_random(config, start, kind).to(self.device.place)

    def _alike(self, network: Any) -> Any:
        """The student's config, with the teacher's vocabulary."""
        config, teacher = copy.deepcopy(network.config), read_config(self.backbone.folder)
        if hasattr(teacher, "vocab_size"):
            config.vocab_size, config.pad_token_id = teacher.vocab_size, teacher.pad_token_id
        places = "max_position_embeddings"  # rows are the teacher's, which may take longer ones
        if hasattr(teacher, places) and hasattr(config, places):
            setattr(config, places, max(getattr(config, places), getattr(teacher, places)))
        return config

    def _shown(self, shard: OpenShard, rows: NDArray[np.int64]) -> ForwardOutput:
        batch = load_batch(shard, rows).to(torch.device(self.device.place))
        inputs = inputs_of(
            _Of(read_config(self.backbone.folder)), batch.ids, batch.mask, batch.types
        )
        return ForwardOutput(inputs, batch.labels, batch.teacher_logits)


@dataclass(frozen=True)
class _Of:
    config: Any


def score(
    candidates: Candidates,
    scorer: Scorer,
    many: Mapping[str, OpenShard],
    most: int,
    screen: Screen,
    *,
    by: str = "",
    seconds: float = math.inf,
) -> list[Scored]:
    """Each candidate under every proxy, best mean rank first.

    Candidates are drawn at random, or bred by the score of proxy `by`. After `seconds` no more than
    `FEWEST` are scored.
    """
    made: list[Scored] = []
    begin = time.monotonic()
    with screen.bar("scoring students") as tick:

        def judge(candidate: Candidate) -> float:
            part = candidate.student
            vocabulary = candidates.data.words_of(families.build("students", part.name, part.knobs))
            made.append(
                Scored(candidate, scorer(lambda: candidates.build(part), many.get(vocabulary)))
            )
            tick(len(made), most)
            value = made[-1].scores.get(by, (0.0, 0.0))[0]
            return -math.inf if math.isnan(value) else value

        if by:
            candidates.evolve(most, judge)
        else:
            for candidate in candidates.draw(most):
                if len(made) >= FEWEST and time.monotonic() - begin > seconds:
                    break
                judge(candidate)
    likely = likelihood(made)
    return [made[i] for i in sorted(range(len(made)), key=lambda i: -likely[i])]


def likelihood(made: Sequence[Scored]) -> NDArray[np.float64]:
    """Mean rank over all proxies except the number of parameters; higher is better.

    The number of parameters is the baseline that any proxy has to beat.
    """
    found: NDArray[np.float64] = np.mean(
        [v for n, v in by_proxy(made).items() if n != "params"] or [np.zeros(len(made))], axis=0
    )
    return found


def by_proxy(made: Sequence[Scored]) -> dict[str, NDArray[np.float64]]:
    """Ranks of the students under each proxy, the highest for the best."""
    names = list(made[0].scores) if made else []
    return {n: ranks([s.scores[n][0] for s in made]) for n in names}


def possible(classes: int, *, answered: bool) -> list[str]:
    """Names of the proxies defined for this number of classes.

    Some need the trained teacher's logits.
    """
    cards = {n: families.card("proxies", n).traits for n in families.names("proxies")}
    return [
        n
        for n, f in cards.items()
        if f.get("fewest_classes", 2) <= classes and (answered or f.get("looks_at") != "built")
    ]


@torch.no_grad()
def at_random(config: Any, start: int, kind: str) -> Any:
    """A network of this shape at random weights.

    Drawn by the network itself, or all of them from a normal distribution of deviation one.
    """
    torch.manual_seed(start)
    network = untrained(config).eval()
    if kind == "normal":
        draw = torch.Generator().manual_seed(start)
        for module in network.modules():
            if isinstance(weight := getattr(module, "weight", None), Tensor) and weight.dim() > 1:
                weight.normal_(generator=draw)
                if isinstance(bias := getattr(module, "bias", None), Tensor):
                    bias.zero_()
    return network


def _mean(values: Sequence[float]) -> tuple[float, float]:
    with np.errstate(invalid="ignore"):  # a score may be minus infinity
        return float(np.mean(values)), float(np.std(values, ddof=1)) if len(values) > 1 else 0.0
