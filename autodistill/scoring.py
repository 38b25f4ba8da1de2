"""Rank the students of a space by training-free proxies, beside their number of parameters."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from rich.table import Table

from autodistill import family
from autodistill.arrays import TokenTable
from autodistill.forecast import random_ask
from autodistill.pipeline import Part
from autodistill.prepare import Looked, backbone_of
from autodistill.proxies import Proxy, Shown
from autodistill.screen import Screen
from autodistill.students import Backbone, Vocabulary
from autodistill.teach.tokens import tokenize, vocabularies
from autodistill.train.latency import latency_ms, shape_of
from autodistill.train.parts import count

BATCHES, ROWS, STARTS = 5, 32, 3
"""Of rows that every candidate is shown, and of random starts that are averaged over."""
TRIES = 400
"""Draws from a space that is searched for students of different shapes."""


@dataclass(frozen=True)
class Scored:
    """One student."""

    student: Part
    cost: dict[str, float]
    """params, size_bytes, latency_ms."""
    scores: dict[str, tuple[float, float]]
    """Mean and deviation over batches and starts, by proxy."""

    def rank_sum(self, ranks: dict[str, list[float]], place: int) -> float:
        """Of all proxies but the number of parameters; 1 is best."""
        return float(sum(r[place] for name, r in ranks.items() if name != "params"))


def score(looked: Looked, names: Sequence[str], most: int, screen: Screen) -> list[Scored]:
    """Students of different shapes, each under these proxies, best sum of ranks first."""
    task, study, home = looked.task, looked.study, looked.home
    found = looked.tuned or replace(looked.found, label_names=task.label_names, tuned=True)
    backbone = backbone_of(found, task, study)
    words = vocabularies(found.folder, looked.known, study.max_length, home, held_out=len(task.selection))
    table = TokenTable.open(tokenize(found.folder, looked.known, study.max_length, home))
    batches = list(_batches(table, np.asarray(looked.known.labels), len(task.train)))
    tokens = int(np.median(table.lengths))
    made: list[Scored] = []
    teachers = [_untrained(config_of(backbone), start) for start in range(STARTS)]
    candidates = list(_candidates(looked, backbone, words, most, tokens))
    with screen.bar("scoring students") as tick:
        for place, (part, network, cost) in enumerate(candidates):
            made.append(Scored(part, cost, _scores(network, teachers, names, batches)))
            tick(place + 1, len(candidates))
    ranks = ranked(made, names)
    order = sorted(range(len(made)), key=lambda i: made[i].rank_sum(ranks, i))
    return [made[i] for i in order]


def ranked(made: Sequence[Scored], names: Sequence[str]) -> dict[str, list[float]]:
    """The rank of each student under each proxy, 1 the best; one without a score comes last, equal ones share the mean."""
    from scipy.stats import rankdata

    values = {n: [-math.inf if math.isnan(s.scores[n][0]) else s.scores[n][0] for s in made] for n in names}
    return {n: list(rankdata([-v for v in own])) for n, own in values.items()}


def possible(classes: int) -> list[str]:
    """Proxies that say something of a task of so many classes, by name."""
    return [n for n in family.names("proxies") if family.card("proxies", n).facts.get("fewest_classes", 2) <= classes]


def _candidates(
    looked: Looked, backbone: Backbone, words: dict[str, Vocabulary], most: int, tokens: int
) -> Iterator[tuple[Part, Any, dict[str, float]]]:
    """Students drawn from the space, one of each shape."""
    ask, seen = random_ask(random.Random(0)), set[str]()
    for _ in range(TRIES):
        part = looked.space.sample(ask).student
        student = family.build("students", part.name, part.knobs)
        network = student.build(backbone, words[student.vocabulary])
        if (shape := shape_of(network)) not in seen:
            seen.add(shape)
            yield part, network, {**count(network), "latency_ms": latency_ms(network, tokens)}
        if len(seen) >= most:
            return


def config_of(backbone: Backbone) -> Any:
    """Of the teacher, with the task's classes."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(backbone.folder, local_files_only=True)
    config.num_labels = len(backbone.label_names)
    return config


def _untrained(config: Any, start: int) -> Any:
    """A network of this shape at random weights."""
    from transformers import AutoModelForSequenceClassification

    torch.manual_seed(start)
    return AutoModelForSequenceClassification.from_config(config).eval()


def _scores(network: Any, teachers: Sequence[Any], names: Sequence[str], batches: Sequence[Shown]) -> dict[str, tuple[float, float]]:
    """Of networks of this shape beside the teacher's, both at random weights; what needs no batch is asked of the student as it is."""
    from transformers import AutoConfig

    same = {"vocab_size": teachers[0].config.vocab_size, "num_labels": teachers[0].config.num_labels}
    config = AutoConfig.for_model(**{**network.config.to_dict(), **same})
    proxies: dict[str, Proxy] = {n: family.build("proxies", n, {}) for n in names}
    found: dict[str, list[float]] = {n: [] for n in names}
    for start, teacher in enumerate(teachers):
        student = _untrained(config, start)
        for shown in batches:
            for name, proxy in proxies.items():
                asked = network if name in ("params", "depth") else student
                found[name].append(proxy.score(asked, teacher if proxy.compares else None, shown))
    with np.errstate(invalid="ignore"):  # a score may be minus infinity
        return {n: (float(np.mean(v)), float(np.std(v, ddof=1))) for n, v in found.items()}


def _batches(table: TokenTable, labels: np.ndarray, train_rows: int) -> Iterator[Shown]:
    """The same rows for all candidates, no row twice."""
    order = np.random.default_rng(0).permutation(train_rows)
    for start in range(0, min(train_rows, BATCHES * ROWS), ROWS):
        rows = np.sort(order[start : start + ROWS])
        ids, mask, types = map(torch.from_numpy, table.batch(rows))
        yield Shown({"input_ids": ids, "attention_mask": mask, "token_type_ids": types}, torch.from_numpy(labels[rows]))


def table(made: Sequence[Scored], ranks: dict[str, list[float]], top: int) -> Table:
    """Ranks of the first ones under each proxy."""
    found = Table(title=f"{len(made)} students, best sum of ranks first", title_justify="left")
    for head in ("student", "params", "MB", "ms", *ranks):
        found.add_column(head, justify="left" if head == "student" else "right", overflow="fold")
    for place, s in enumerate(made[:top]):
        cost = (f"{s.cost['params'] / 1e6:.1f}M", f"{s.cost['size_bytes'] / 1e6:.0f}", f"{s.cost['latency_ms']:.2f}")
        found.add_row(str(s.student), *cost, *(f"{own[place]:g}" for own in ranks.values()))
    return found
