"""Reference numbers about logits: hard losses and logit losses."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

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
from autodistill.components.losses.ce_std_scaled import StdScaledCrossEntropy
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
from tests.reference_inputs import Member, hard, logits


def _two_heads(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    return x["student_logits"], x["weak_logits"]


def _row_scales(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    return row_scales(
        x["student_logits"].detach(), x["lambda_prev"], float(p["lambda0"]), float(p["alpha"])
    )


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


LOGITS: dict[str, Member] = {
    "ce": lambda x, p: CrossEntropy()(*hard(x)),
    "ce_soft": lambda x, p: CrossEntropy()(x["student_logits"], x["soft_labels"]),
    "ce_std_scaled": lambda x, p: StdScaledCrossEntropy()(x["student_logits"], x["soft_labels"]),
    "label_smoothing": lambda x, p: LabelSmoothing(epsilon=float(p["eps"]))(*hard(x)),
    "ldr": lambda x, p: LDR(scale=float(p["lam"]), margin=float(p["c"]))(*hard(x)),
    "aldr": lambda x, p: robust(*hard(x), _row_scales(x, p), float(p["c"])),
    "aldr_lambda": lambda x, p: _row_scales(x, p),
    "comp_sum": lambda x, p: CompSum(tau=float(p["tau"]))(*hard(x)),
    "dice": lambda x, p: Dice(
        alpha=float(p["alpha"]), smooth=float(p["smooth"]), squared=p["squared"]
    )(*hard(x)),
    "dco": lambda x, p: DCO(draws=p["N"])(*hard(x)),
    "dco_factor": lambda x, p: _dco_factor(*hard(x), p["N"]),
    "kl": lambda x, p: KL(temperature=float(p["T"]))(*logits(x)),
    "soft_ce": lambda x, p: KL(temperature=float(p["T"]))(*logits(x)),
    "reverse_kl": lambda x, p: ReverseKL(temperature=float(p["T"]))(*logits(x)),
    "js": lambda x, p: JensenShannon(temperature=float(p["T"]))(*logits(x)),
    "ab": lambda x, p: AlphaBeta(
        alpha=float(p["alpha"]), beta=float(p["beta"]), temperature=float(p["T"])
    )(*logits(x)),
    "ofa": lambda x, p: OFA(epsilon=float(p["eps"]), temperature=float(p["T"]))(*logits(x)),
    "nkd": lambda x, p: NKD(gamma=float(p["gamma"]), temperature=float(p["T"]))(*logits(x)),
    "dkd": lambda x, p: DKD(
        alpha=float(p["alpha"]), beta=float(p["beta"]), temperature=float(p["T"])
    )(*logits(x)),
    "pld": lambda x, p: PLD(temperature=float(p["tau"]))(*logits(x)),
    "ranknet": lambda x, p: RankNet()(*logits(x)),
    "kl_standardised": lambda x, p: StandardisedKL(temperature=float(p["T"]))(*logits(x)),
    "kl_std_scaled": lambda x, p: StdScaledKL()(*logits(x)),
    "logit_mse": lambda x, p: (CentredMSE if p["centred"] else LogitMSE)()(*logits(x)),
    "log_cosh": lambda x, p: LogCosh(temperature=float(p["tau"]))(*logits(x)),
    "margin_all_pairs": lambda x, p: x["student_logits"].shape[1] * CentredMSE()(*logits(x)),
    "margin_gold": lambda x, p: GoldMargin()(*logits(x)),
    "dist": lambda x, p: DIST(
        beta=float(p["beta"]), gamma=float(p["gamma"]), temperature=float(p["tau"])
    )(*logits(x)),
    "sinkhorn": lambda x, p: Sinkhorn(
        epsilon=float(p["eps"]), iterations=p["iters"], temperature=float(p["T"])
    )(*logits(x)),
    "bdkd": lambda x, p: (
        BDKD(high=float(p["w_hi"]) / float(p["w_lo"]), temperature=float(p["T"]))(*logits(x))
        * float(p["w_lo"])
    ),
    "dac_kl": lambda x, p: DAC(mass=float(p["p"]), temperature=float(p["T"]))(*logits(x)),
    "symmetric_ce": lambda x, p: SymmetricCE()(*logits(x)),
    "lelp_directions": _lelp_directions,
    "lelp_target": _lelp_target,
    "lelp_kl": _lelp_kl,
    "uskd": lambda x, p: USKD(
        alpha=float(p["alpha"]), beta=float(p["beta"]), mu=float(p["mu"])
    ).softened(*_two_heads(x), x["labels"]),
    "uskd_target_labels": lambda x, p: own_labels(*hard(x)),
    "uskd_non_target_labels": lambda x, p: ranked_labels(*_two_heads(x), x["labels"]),
    "hl_gauss": lambda x, p: histogram(
        x["y"], float(p["low"]), float(p["high"]), p["bins"], float(p["sigma_ratio"])
    ),
}
