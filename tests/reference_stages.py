"""Reference numbers about the other stages: targets, weights, schedules, mixups."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import auto_scale
from autodistill.components.losses.kl import KL
from autodistill.components.losses.logit_mse import LogitMSE
from autodistill.components.mixups import Mix
from autodistill.components.mixups.embedding import EmbeddingMixup
from autodistill.components.samplings.pacing import Pacing
from autodistill.components.schedules import Schedule
from autodistill.components.schedules.anneal import Anneal
from autodistill.components.schedules.annealing_kd import AnnealingKD
from autodistill.components.schedules.balance import balanced
from autodistill.components.schedules.decay import Decay
from autodistill.components.schedules.entropy_match import moved
from autodistill.components.schedules.warm_up import WarmUp
from autodistill.components.targets import Target
from autodistill.components.targets.class_similarity import class_logits
from autodistill.components.targets.label_revision import LabelRevision
from autodistill.components.targets.swap import Swap
from autodistill.components.targets.swing import Swing
from autodistill.components.targets.swing_noise import SwingNoise
from autodistill.components.tutors.balanced import blended
from autodistill.components.weightings.confidence import Confidence
from autodistill.components.weightings.correct_only import CorrectOnly
from autodistill.components.weightings.entropy import Entropy
from autodistill.components.weightings.reference import excess
from autodistill.components.weightings.wsld import WSLD
from tests.reference_inputs import Member, logits


def _teacher(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """The arguments of a weighting that does not look at the student."""
    teacher = x["teacher_logits"]
    return (
        torch.zeros_like(teacher),
        teacher,
        x.get("labels", torch.zeros(len(teacher), dtype=torch.long)),
    )


def _detached(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    student, teacher, labels = logits(x)
    return student.detach(), teacher, labels


def _revised(x: Mapping[str, Tensor], temperature: float, target: Target) -> Tensor:
    return target.revise(x["teacher_logits"] / temperature, x["labels"])


def _swing_kl(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    """Both networks at the temperature of a row, which the weight of the row makes up for."""
    student, teacher, labels = logits(x)
    swing = Swing(kappa=float(p["kappa"]))
    ratio = swing.temperatures(x["privacy"])
    softer = swing.revise(teacher, labels, x["privacy"])
    value: Tensor = KL(temperature=float(p["T0"]))(
        student / ratio.unsqueeze(1), softer, labels, ratio**2
    )
    return value


def _swing_target(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    swing = SwingNoise(kappa=float(p["kappa"]), sigma=float(p["sigma"]))
    noised = swing.noised(x["teacher_logits"], x["privacy"], x["noise"])
    temperatures = p["T0"] * swing.temperatures(x["privacy"])
    found: Tensor = (noised / temperatures.unsqueeze(1)).softmax(-1)
    return found


def _several_teachers(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    student, teachers, labels = logits(x)
    loss, t = KL(temperature=1.0), float(p["T"])
    if p["combine"] == "weighted_sum":
        found = [w * loss(student / t, z / t, labels) for w, z in zip(x["weights"], teachers)]
        return t**2 * torch.stack(found).sum()
    value: Tensor = t**2 * loss(student / t, blended(teachers / t, x["weights"]), labels)
    return value


def _course(schedule: Schedule, steps: int, last: int, name: str) -> Tensor:
    """One factor at the first of so many steps and on."""
    return torch.tensor([getattr(schedule.factors(step / last), name) for step in range(steps)])


def _balance(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    losses = x["losses"].double()
    weights = [[1 / losses.shape[1]] * losses.shape[1]]
    for relative in (losses / losses[0]).tolist():
        weights.append(balanced(weights[-1], relative, p["r"], p["beta"]))
    return torch.tensor(weights[1:], dtype=torch.float64)


def _entropy_balance(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    temperatures = x["temperatures"]
    known = F.log_softmax(x["teacher_logits"] / temperatures[:, None, None], dim=-1)
    own = -(known.exp() * known).sum(-1).mean(-1)
    return torch.tensor(
        [
            moved(t, h, own.mean().item(), p["rho"])
            for t, h in zip(temperatures.tolist(), own.tolist())
        ]
    )


def _phi(p: Mapping[str, Any]) -> float:
    levels = p["tau_max"]
    return AnnealingKD(levels=levels, share=1.0).factors((levels - p["T"]) / levels).teacher


def _mixed_count(batch: int, ratio: float) -> Tensor:
    share = EmbeddingMixup(alpha=1.0, ratio=ratio).draw(batch, np.random.default_rng(0)).share
    return (share < 1).sum()


STAGES: dict[str, Member] = {
    "label_revision": lambda x, p: _revised(
        x, float(p["T"]), LabelRevision(eta=float(p["eta"]), scope=p["scope"])
    ).softmax(-1),
    "reffakd_class_targets": lambda x, p: class_logits(
        x["embeddings"], x["labels"], p["C"], p["tau"]
    ).softmax(1),
    "swing_temperature": lambda x, p: (
        p["T0"] * Swing(kappa=float(p["kappa"])).temperatures(x["privacy"])
    ),
    "multi_teacher_kl": _several_teachers,
    "swing_target": _swing_target,
    "swing_kl": _swing_kl,
    "swap_target": lambda x, p: _revised(x, 1.0, Swap()),
    "wsld_weights": lambda x, p: WSLD().weights(*logits(x)),
    "wsld_kd": lambda x, p: KL(temperature=float(p["T"]))(
        *logits(x), WSLD().weights(*_detached(x))
    ),
    "entropy_weights": lambda x, p: Entropy(temperature=float(p["T"])).weights(*_teacher(x)),
    "confidence_weights": lambda x, p: Confidence().weights(*_teacher(x)),
    "correct_only_weights": lambda x, p: CorrectOnly().weights(*_teacher(x)),
    "linear_anneal": lambda x, p: (
        _course(Anneal(), p["epochs"], p["epochs"] - 1, "temperature") * (p["T0"] - p["T_end"])
        + p["T_end"]
    ),
    "adaspec_keep": lambda x, p: excess(
        x["student_logits"], x["teacher_logits"], x["reference_logits"]
    ),
    "pacing": lambda x, p: torch.tensor(
        [
            Pacing(start=p["lam0"], share=p["tau"], power=p["p"]).open_share(t / p["total"])
            for t in range(p["total"] + 1)
        ]
    ),
    "linear_decay": lambda x, p: _course(Decay(), p["epochs"], p["epochs"], "logit"),
    "warmup": lambda x, p: _course(
        WarmUp(share=p["warmup"] / p["epochs"]), p["epochs"], p["epochs"], "logit"
    ),
    "mtard_balance": _balance,
    "entropy_balance": _entropy_balance,
    "annealing_phi": lambda x, p: _course(
        AnnealingKD(levels=p["tau_max"], share=1.0), p["tau_max"], p["tau_max"], "teacher"
    ),
    "annealing_kd": lambda x, p: LogitMSE()(
        x["student_logits"], _phi(p) * x["teacher_logits"], x["student_logits"].argmax(1)
    ),
    "auto_scale": lambda x, p: torch.tensor(auto_scale(**p)),
    "partial_mixup_count": lambda x, p: _mixed_count(**p),
    "mixup": lambda x, p: Mix(x["perm"], x["lam"]).blend(x["x"]),
    "mixup_text": lambda x, p: Mix(x["perm"], torch.full((len(x["perm"]),), p["lam"])).blend(
        x["embeddings"]
    ),
}
