"""A trial as a plain PyTorch loop: the baseline for the framework's overhead."""

import math
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from autodistill.components.losses import auto_scale
from autodistill.registry import families
from autodistill.training.attention import MOST_TOKENS
from autodistill.training.batches import Batch, Stream, load_batch
from autodistill.training.predictions import EVALUATION_TOKENS
from autodistill.training.rungs import EARLY_ROWS
from autodistill.training.signals import OpenShard, SignalRequest
from autodistill.training.trial import TrialSpec
from autodistill.training.trial_data import TrialData

RUNGS = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class Ready:
    """All inputs of the loop, in memory before its clock starts."""

    epochs: list[list[Batch]]
    early: list[tuple[Batch, NDArray[np.int64]]]
    """Batches of validation rows, and the places of their logits."""
    selection: list[tuple[Batch, NDArray[np.int64]]]
    early_labels: NDArray[np.int64]
    labels: NDArray[np.int64]
    attention: str
    """Attention implementation in training: see autodistill.training.attention."""


@dataclass(frozen=True)
class Ended:
    """Results of the loop."""

    curve: tuple[tuple[int, float], ...]
    network: Any
    seconds: float
    cpu_seconds: float


def get_ready(data: TrialData, ticket: TrialSpec, teacher_layers: tuple[int, ...]) -> Ready:
    """The batches of a trial with this spec, in its order."""
    vocabulary = families.build(
        "students", ticket.pipeline.student.name, ticket.pipeline.student.knobs
    ).vocabulary
    shard = data.shards[vocabulary].open()
    rows = np.sort(np.random.default_rng(ticket.seed).permutation(data.train_rows)[: ticket.rows])
    size = families.build(
        "optimizers", ticket.pipeline.optimizer.name, ticket.pipeline.optimizer.knobs
    ).batch
    stream = Stream(shard, rows, size=size, seed=ticket.seed)
    stream.wanted = SignalRequest(teacher_layers)
    epochs = [list(stream) for _ in range(ticket.epochs)]
    selection = np.arange(data.train_rows, data.train_rows + data.selection_rows)
    early = np.random.default_rng(0).permutation(selection)[:EARLY_ROWS]
    kind = (
        "eager"
        if data.device.bfloat16 and shard.table.lengths[rows].mean() <= MOST_TOKENS
        else "sdpa"
    )
    return Ready(
        epochs,
        _parts(shard, early),
        _parts(shard, selection),
        shard.labels[early],
        shard.labels[selection],
        kind,
    )


def train_by_hand(data: TrialData, ticket: TrialSpec, ready: Ready) -> Ended:
    """The same steps as a trial, with scores at a quarter, half and end.

    Student, losses, AdamW, clipping and schedule.
    """
    begin, cpu = time.perf_counter(), time.process_time()
    torch.manual_seed(ticket.seed)
    student = families.build(
        "students", ticket.pipeline.student.name, ticket.pipeline.student.knobs
    )
    network = student.build(data.backbone, data.vocabularies[student.vocabulary])
    criterion = Criterion(data, ticket, network)
    own, trained_with = network.config._attn_implementation, ready.attention
    network.set_attn_implementation(trained_with)
    steps = sum(map(len, ready.epochs))
    knobs = ticket.pipeline.optimizer.knobs
    trained = [p for p in (*network.parameters(), *criterion.parameters()) if p.requires_grad]
    groups: list[dict[str, Any]] = [
        {
            "params": [p for p in trained if p.ndim > 1],
            "weight_decay": knobs.get("weight_decay", 0.01),
        },
        {"params": [p for p in trained if p.ndim <= 1], "weight_decay": 0.0},
    ]
    rate = knobs.get("lr", 2e-4)
    optimizer = torch.optim.AdamW(groups, lr=rate, fused=True)
    rise = max(1, round(knobs.get("warmup", 0.1) * steps))
    rungs = {math.ceil(steps * share): round(4 * share) for share in RUNGS}
    curve, done = [], 0
    for batches in ready.epochs:
        for batch in batches:
            factor = min((done + 1) / rise, max(0.0, (steps - done) / max(1, steps - rise + 1)))
            for group in optimizer.param_groups:
                group["lr"] = rate * factor
            with torch.autocast("cpu", torch.bfloat16, enabled=data.device.bfloat16):
                loss = criterion(network, batch)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([p for group in groups for p in group["params"]], 1.0)
            optimizer.step()
            done += 1
            if done in rungs:
                last = done == steps
                network.set_attn_implementation(own)
                score = _score(
                    network,
                    ready.selection if last else ready.early,
                    ready.labels if last else ready.early_labels,
                    data,
                )
                network.set_attn_implementation(trained_with)
                curve.append((rungs[done], score))
    return Ended(tuple(curve), network, time.perf_counter() - begin, time.process_time() - cpu)


class Criterion(nn.Module):
    """The weighted sum of a pipeline's terms.

    Feature terms compare mean states of matched layers.
    """

    def __init__(self, data: TrialData, ticket: TrialSpec, network: Any) -> None:
        super().__init__()
        self.terms = ticket.pipeline.terms
        self.scales: dict[int, float] = {}
        self.pairs: dict[int, tuple[tuple[int, int], ...]] = {}
        losses = []
        for i, term in enumerate(self.terms):
            if term.mapping is None:
                losses.append(
                    nn.ModuleList([families.build("losses", term.loss.name, term.loss.knobs)])
                )
                continue
            mapping = families.build("mappings", term.mapping.name, term.mapping.knobs)
            self.pairs[i] = mapping.pairs(network.config.num_hidden_layers, data.backbone.layers)
            several = nn.ModuleList(
                families.build("losses", term.loss.name, term.loss.knobs) for _ in self.pairs[i]
            )
            for loss in several:
                loss.connect(  # type: ignore[operator]
                    network.config.hidden_size, data.backbone.width
                )
            losses.append(several)
        self.losses = nn.ModuleList(losses)

    @property
    def teacher_layers(self) -> tuple[int, ...]:
        """Layers of the teacher whose states are needed."""
        return tuple(sorted({j for pairs in self.pairs.values() for _, j in pairs}))

    def forward(self, network: Any, batch: Batch) -> Tensor:
        """The loss of one batch."""
        inputs = {
            "input_ids": batch.ids,
            "attention_mask": batch.mask,
            "token_type_ids": batch.types,
        }
        out = network(**inputs, output_hidden_states=bool(self.pairs))
        logits = out.logits.float()
        values: list[Tensor] = []
        for i, losses in enumerate(self.losses):
            if i in self.pairs:
                weight = batch.mask.unsqueeze(-1).float()
                means = [(h.float() * weight).sum(1) / weight.sum(1) for h in out.hidden_states]
                pairs: Any = zip(self.pairs[i], losses)  # type: ignore[call-overload]
                each = [f(means[s], batch.teacher_pooled[t]) for (s, t), f in pairs]
                values.append(torch.stack(each).mean())
            elif losses[0].kind == "hard":  # type: ignore[index]
                values.append(losses[0](logits, batch.labels))  # type: ignore[index]
            else:
                values.append(
                    losses[0](logits, batch.teacher_logits, batch.labels)  # type: ignore[index]
                )
        if not self.scales:
            hard = nn.functional.cross_entropy(logits.detach(), batch.labels).item()
            rescaled = {i for i in self.pairs if self.losses[i][0].rescale}  # type: ignore[index]
            self.scales = {
                i: auto_scale(hard, v.item()) if i in rescaled else 1.0
                for i, v in enumerate(values)
            }
        weighted = [
            t.weight * self.scales[i] * v for i, (t, v) in enumerate(zip(self.terms, values))
        ]
        return torch.stack(weighted).sum()


@torch.inference_mode()
def _score(
    network: Any,
    parts: list[tuple[Batch, NDArray[np.int64]]],
    labels: NDArray[np.int64],
    data: TrialData,
) -> float:
    was_training = network.training
    network.eval()
    predictions = np.zeros(len(labels), dtype=np.int64)
    for batch, places in parts:
        with torch.autocast("cpu", torch.bfloat16, enabled=data.device.bfloat16):
            logits = network(
                input_ids=batch.ids, attention_mask=batch.mask, token_type_ids=batch.types
            ).logits
        predictions[places] = logits.float().numpy().argmax(1)
    network.train(was_training)
    return float(families.build("metrics", data.metric, {})(predictions, labels))


def _parts(shard: OpenShard, rows: NDArray[np.int64]) -> list[tuple[Batch, NDArray[np.int64]]]:
    place = {int(r): i for i, r in enumerate(rows)}
    size = max(1, EVALUATION_TOKENS // int(shard.table.lengths[rows].max()))
    parts = shard.table.in_length_order(rows, size)
    return [(load_batch(shard, part), np.array([place[int(r)] for r in part])) for part in parts]
