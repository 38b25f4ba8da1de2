"""The member that computes each name of the reference numbers.

Each of their names has a function of inputs and parameters.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from autodistill.components.losses import auto_scale
from autodistill.components.losses._subclasses import (
    Subclasses,
    away_from,
    places,
    principal,
    shares,
)
from autodistill.components.losses.ab import AlphaBeta
from autodistill.components.losses.aldr import row_scales
from autodistill.components.losses.bd_kd import BDKD
from autodistill.components.losses.ce import CrossEntropy
from autodistill.components.losses.comp_sum import CompSum
from autodistill.components.losses.dac import DAC
from autodistill.components.losses.dco import DCO
from autodistill.components.losses.dice import Dice
from autodistill.components.losses.dist import DIST
from autodistill.components.losses.dkd import DKD
from autodistill.components.losses.hl_gauss import histogram
from autodistill.components.losses.js import JensenShannon
from autodistill.components.losses.kl import KL
from autodistill.components.losses.kl_standardised import StandardisedKL
from autodistill.components.losses.kl_std_scaled import StdScaledKL
from autodistill.components.losses.label_smoothing import LabelSmoothing
from autodistill.components.losses.ldr import LDR, robust
from autodistill.components.losses.lelp import LELP
from autodistill.components.losses.log_cosh import LogCosh
from autodistill.components.losses.logit_mse import LogitMSE
from autodistill.components.losses.margin_gold import GoldMargin
from autodistill.components.losses.mse_centred import CentredMSE
from autodistill.components.losses.nkd import NKD
from autodistill.components.losses.ofa import OFA
from autodistill.components.losses.pld import PLD
from autodistill.components.losses.ranknet import RankNet
from autodistill.components.losses.reverse_kl import ReverseKL
from autodistill.components.losses.sinkhorn import Sinkhorn
from autodistill.components.losses.symmetric_ce import SymmetricCE
from autodistill.components.losses.uskd import USKD, own_labels, ranked_labels
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
from autodistill.components.targets.label_revision import LabelRevision
from autodistill.components.targets.swap import Swap
from autodistill.components.targets.swing import Swing
from autodistill.components.weightings.confidence import Confidence
from autodistill.components.weightings.correct_only import CorrectOnly
from autodistill.components.weightings.entropy import Entropy
from autodistill.components.weightings.reference import excess
from autodistill.components.weightings.wsld import WSLD
from tests.reference_layers import LAYERS, Member


def _logits(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """The arguments of a logit loss; cases without labels get zeros."""
    student = x["student_logits"]
    return (
        student,
        x["teacher_logits"],
        x.get("labels", torch.zeros(len(student), dtype=torch.long)),
    )


def _hard(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The arguments of a hard loss."""
    return x["student_logits"], x["labels"]


def _two_heads(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    return x["student_logits"], x["weak_logits"]


def _row_scales(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    return row_scales(
        x["student_logits"].detach(), x["lambda_prev"], float(p["lambda0"]), float(p["alpha"])
    )


def _teacher(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """The arguments of a weighting that does not look at the student."""
    teacher = x["teacher_logits"]
    return (
        torch.zeros_like(teacher),
        teacher,
        x.get("labels", torch.zeros(len(teacher), dtype=torch.long)),
    )


def _detached(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    student, teacher, labels = _logits(x)
    return student.detach(), teacher, labels


def _revised(x: Mapping[str, Tensor], temperature: float, target: Target) -> Tensor:
    return target.revise(x["teacher_logits"] / temperature, x["labels"])


def _course(schedule: Schedule, steps: int, last: int, name: str) -> Tensor:
    """One factor at the first of so many steps and on."""
    return torch.tensor([getattr(schedule.factors(step / last), name) for step in range(steps)])


def _lelp_directions(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    states = x["embeddings"].double()
    seen = states @ away_from(x["teacher_weight"].double()) if p["null_space"] else states
    return principal(seen, x["labels"], p["C"], p["S"]).directions


def _lelp_target(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    seen = x["embeddings"] @ away_from(x["teacher_weight"]) if p["null_space"] else x["embeddings"]
    spread = (
        x["projected_std"].mean(1)
        if p["scale"] == "class_mean_std"
        else torch.ones(len(x["centres"]))
    )
    known = Subclasses(x["centres"], x["directions"] / spread[:, None, None], x["projected_std"])
    return shares(x["teacher_logits"] / p["T"], places(seen, known) / p["beta"]).exp()


def _lelp_kl(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    labels = torch.zeros(len(x["target"]), dtype=torch.long)
    value: Tensor = LELP(parts=p["S"], temperature=float(p["T"]))(
        x["student_logits"], x["target"].flatten(1).log(), labels
    )
    return value


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


def _dco_factor(student: Tensor, labels: Tensor, draws: int) -> Tensor:
    """Differences between slopes at the other classes and cross-entropy's.

    They do not underflow in float64.
    """
    z = student.detach().double().requires_grad_(True)
    slopes = [
        torch.autograd.grad(DCO(draws=n)(z, labels), z)[0]
        .scatter(1, labels.unsqueeze(1), 0.0)
        .sum(1)
        for n in (draws, 1)
    ]
    return slopes[0] / slopes[1]


def _mixed_count(batch: int, ratio: float) -> Tensor:
    share = EmbeddingMixup(alpha=1.0, ratio=ratio).draw(batch, np.random.default_rng(0)).share
    return (share < 1).sum()


MEMBERS: dict[str, Member] = {
    "ce": lambda x, p: CrossEntropy()(*_hard(x)),
    "ce_soft": lambda x, p: CrossEntropy()(x["student_logits"], x["soft_labels"]),
    "label_smoothing": lambda x, p: LabelSmoothing(epsilon=float(p["eps"]))(*_hard(x)),
    "ldr": lambda x, p: LDR(scale=float(p["lam"]), margin=float(p["c"]))(*_hard(x)),
    "aldr": lambda x, p: robust(*_hard(x), _row_scales(x, p), float(p["c"])),
    "aldr_lambda": lambda x, p: _row_scales(x, p),
    "comp_sum": lambda x, p: CompSum(tau=float(p["tau"]))(*_hard(x)),
    "dice": lambda x, p: Dice(
        alpha=float(p["alpha"]), smooth=float(p["smooth"]), squared=p["squared"]
    )(*_hard(x)),
    "dco": lambda x, p: DCO(draws=p["N"])(*_hard(x)),
    "dco_factor": lambda x, p: _dco_factor(*_hard(x), p["N"]),
    "kl": lambda x, p: KL(temperature=float(p["T"]))(*_logits(x)),
    "reverse_kl": lambda x, p: ReverseKL(temperature=float(p["T"]))(*_logits(x)),
    "js": lambda x, p: JensenShannon(temperature=float(p["T"]))(*_logits(x)),
    "ab": lambda x, p: AlphaBeta(
        alpha=float(p["alpha"]), beta=float(p["beta"]), temperature=float(p["T"])
    )(*_logits(x)),
    "ofa": lambda x, p: OFA(epsilon=float(p["eps"]), temperature=float(p["T"]))(*_logits(x)),
    "nkd": lambda x, p: NKD(gamma=float(p["gamma"]), temperature=float(p["T"]))(*_logits(x)),
    "dkd": lambda x, p: DKD(
        alpha=float(p["alpha"]), beta=float(p["beta"]), temperature=float(p["T"])
    )(*_logits(x)),
    "pld": lambda x, p: PLD(temperature=float(p["tau"]))(*_logits(x)),
    "ranknet": lambda x, p: RankNet()(*_logits(x)),
    "kl_standardised": lambda x, p: StandardisedKL(temperature=float(p["T"]))(*_logits(x)),
    "kl_std_scaled": lambda x, p: StdScaledKL()(*_logits(x)),
    "logit_mse": lambda x, p: (CentredMSE if p["centred"] else LogitMSE)()(*_logits(x)),
    "log_cosh": lambda x, p: LogCosh(temperature=float(p["tau"]))(*_logits(x)),
    "margin_all_pairs": lambda x, p: x["student_logits"].shape[1] * CentredMSE()(*_logits(x)),
    "margin_gold": lambda x, p: GoldMargin()(*_logits(x)),
    "dist": lambda x, p: DIST(
        beta=float(p["beta"]), gamma=float(p["gamma"]), temperature=float(p["tau"])
    )(*_logits(x)),
    "sinkhorn": lambda x, p: Sinkhorn(
        epsilon=float(p["eps"]), iterations=p["iters"], temperature=float(p["T"])
    )(*_logits(x)),
    "bdkd": lambda x, p: (
        BDKD(high=float(p["w_hi"]) / float(p["w_lo"]), temperature=float(p["T"]))(*_logits(x))
        * float(p["w_lo"])
    ),
    "dac_kl": lambda x, p: DAC(mass=float(p["p"]), temperature=float(p["T"]))(*_logits(x)),
    "symmetric_ce": lambda x, p: SymmetricCE()(*_logits(x)),
    "lelp_directions": _lelp_directions,
    "lelp_target": _lelp_target,
    "lelp_kl": _lelp_kl,
    "uskd": lambda x, p: USKD(
        alpha=float(p["alpha"]), beta=float(p["beta"]), mu=float(p["mu"])
    ).softened(*_two_heads(x), x["labels"]),
    "uskd_target_labels": lambda x, p: own_labels(*_hard(x)),
    "uskd_non_target_labels": lambda x, p: ranked_labels(*_two_heads(x), x["labels"]),
    "hl_gauss": lambda x, p: histogram(
        x["y"], float(p["low"]), float(p["high"]), p["bins"], float(p["sigma_ratio"])
    ),
    "label_revision": lambda x, p: _revised(
        x, float(p["T"]), LabelRevision(eta=float(p["eta"]), scope=p["scope"])
    ).softmax(-1),
    "swing_temperature": lambda x, p: (
        p["T0"] * Swing(kappa=float(p["kappa"])).temperatures(x["privacy"])
    ),
    "swap_target": lambda x, p: _revised(x, 1.0, Swap()),
    "wsld_weights": lambda x, p: WSLD().weights(*_logits(x)),
    "wsld_kd": lambda x, p: KL(temperature=float(p["T"]))(
        *_logits(x), WSLD().weights(*_detached(x))
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
    **LAYERS,
}
