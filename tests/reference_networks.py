"""Reference numbers about whole networks: fidelity, proxies, information."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from autodistill.analysis.resampling import mcnemar
from autodistill.components.losses.mcmi import MCMI, spread
from autodistill.search.screening.agreement import reward
from autodistill.search.screening.proxies._activity import code_volume, norms, saliency
from autodistill.search.screening.proxies._relations import (
    channel_distance,
    class_distance,
    class_gradient,
    relation_distance,
    token_distance,
    token_map,
)
from autodistill.training import agreement
from autodistill.training.spectral_entropy import spectral_entropy, spectral_information
from tests.reference_inputs import Member, arrays, features, known, number


def _dse(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    return number(spectral_entropy(known(x["features"]), p["sigma"], p["t"]))


def _dsmi(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    subsets = dict(enumerate(p["subsets"]))
    return number(
        spectral_information(known(x["features"]), x["labels"].numpy(), subsets, p["sigma"], p["t"])
    )


def _mcmi(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    hard = torch.nn.functional.cross_entropy(x["logits"], x["labels"])
    weight: float = p["lam"]
    return hard - weight * spread(x["logits"], x["labels"], x["centroids"])


def _cmi(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    loss = MCMI()
    loss.learn(x["logits"], x["labels"])
    return spread(x["logits"], x["labels"], loss.means)


def _semantic(distance: Callable[[Tensor, Tensor], Tensor]) -> Member:
    return lambda x, p: distance(x["student_class_gradient"], x["teacher_class_gradient"])


def _token_cam(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    sides = ((x[f"{who}_hidden"], x[f"{who}_class_gradient"]) for who in ("student", "teacher"))
    return token_distance(
        *(token_map(states, gradient, x["labels"], x["mask"]) for states, gradient in sides)
    )


def _layers_of(
    x: Mapping[str, Tensor],
) -> tuple[Callable[[Tensor], Tensor], list[Tensor], list[Tensor]]:
    """The reference networks.

    They are linear layers, or convolutions with a mean over places and one linear layer.
    """
    weights = [
        x[k].clone().requires_grad_(True)
        for k in sorted(x, key=lambda k: k[1:])
        if k[0] in "wk" and k[1:].isdigit()
    ]
    biases = [x[k] for k in sorted(x) if k[0] == "b" and k[1:].isdigit()]
    seen: list[Tensor] = []

    def run(y: Tensor) -> Tensor:
        seen.clear()
        for i, w in enumerate(weights):
            bias = biases[i] if biases else None
            if w.ndim == 2 and y.ndim == 4:
                y = y.mean((2, 3))
            y = (
                torch.nn.functional.conv2d(y, w, bias, padding=1)
                if w.ndim == 4
                else torch.nn.functional.linear(y, w, bias)
            )
            if i < len(weights) - 1:
                seen.append(y.flatten(1))
                y = y.relu()
        return y

    return run, weights, seen


def _of_loss(total: Callable[[list[tuple[Tensor, Tensor]]], float]) -> Member:
    def found(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
        run, weights, _ = _layers_of(x)
        slopes = torch.autograd.grad(
            torch.nn.functional.cross_entropy(run(x["x"]), x["labels"]), weights
        )
        return number(total([(w.detach(), g) for w, g in zip(weights, slopes)]))

    return found


def _synflow(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    positive = {k: v.abs() if k[1:].isdigit() else v for k, v in x.items()}
    run, weights, _ = _layers_of(positive)
    slopes = torch.autograd.grad(run(torch.ones_like(x["x"][:1])).sum(), weights)
    return number(saliency([(w.detach(), g) for w, g in zip(weights, slopes)]))


def _nwot(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    run, _, seen = _layers_of(x)
    run(x["x"])
    return number(code_volume([s.detach() for s in seen]))


def _reward(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    limit = {"limit": p["max_params"], "progress": p["iteration"] / 15} if "max_params" in p else {}
    return number(
        reward(p["acc"], p["acc_teacher"], p["params_student"], p["params_teacher"], **limit)
    )


NETWORKS: dict[str, Member] = {
    "agreement": lambda x, p: number(
        agreement.agreement(*arrays(x, "student_logits", "teacher_logits"))
    ),
    "inherited_errors": lambda x, p: number(
        agreement.inherited_errors(*arrays(x, "student_logits", "teacher_logits", "labels"))
    ),
    "ece": lambda x, p: number(
        agreement.calibration_error(
            x["student_logits"].numpy(), x["labels"].numpy(), bins=p["bins"]
        )
    ),
    "brier": lambda x, p: number(agreement.brier(*arrays(x, "student_logits", "labels"))),
    "mcnemar": lambda x, p: number(
        mcnemar(*(x[k].bool().numpy() for k in ("correct_a", "correct_b")))[2]
    ),
    "diswot_relation": lambda x, p: relation_distance(*features(x), centred=p["centred"]),
    "diswot_semantic_cxc": _semantic(class_distance),
    "diswot_semantic_dxd": _semantic(channel_distance),
    "diswot_token_cam": _token_cam,
    "cls_gradient": lambda x, p: class_gradient(x["classifier_weight"], x["features"], x["labels"]),
    "synflow": _synflow,
    "snip": _of_loss(saliency),
    "grad_norm": _of_loss(norms),
    "nwot": _nwot,
    "n2n_reward": _reward,
    "mcmi": _mcmi,
    "cmi": _cmi,
    "dse": _dse,
    "dsmi": _dsmi,
}
