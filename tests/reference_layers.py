"""Reference numbers about layers and about whole networks.

Feature losses, maps, fidelity; the others are in reference.py.
"""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.func import functional_call

from autodistill.analysis.resampling import mcnemar
from autodistill.components.losses._bounds import infonce_bound, mi_alpha_bound, tuba_bound
from autodistill.components.losses.affinity import by_affinity
from autodistill.components.losses.affinity_bank import by_bank
from autodistill.components.losses.attention_mse import scores_mse
from autodistill.components.losses.attention_transfer import AttentionTransfer
from autodistill.components.losses.cc import CorrelationCongruence
from autodistill.components.losses.cka import CKA
from autodistill.components.losses.cosine import Cosine
from autodistill.components.losses.crd import contrast, density_sum
from autodistill.components.losses.fsp import flow as flow_matrix
from autodistill.components.losses.hidden_ce import HiddenCE
from autodistill.components.losses.mcmi import MCMI, spread
from autodistill.components.losses.minilm_relation import relation_divergence
from autodistill.components.losses.mse import FeatureMSE
from autodistill.components.losses.nd import NormAndDirection
from autodistill.components.losses.pkt import PKT
from autodistill.components.losses.rkd import RKD, by_angle, by_distance
from autodistill.components.losses.sp import SimilarityPreserving
from autodistill.components.losses.token_relations import inner
from autodistill.components.losses.vid import VID
from autodistill.components.mappings import LayerMapping
from autodistill.components.mappings.emd import flow
from autodistill.components.mappings.last import Last
from autodistill.components.mappings.skip import Skip
from autodistill.components.mappings.topk_nearest import nearest
from autodistill.components.targets.class_similarity import class_logits
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

Member = Callable[[Mapping[str, Tensor], Mapping[str, Any]], Tensor]


def _tokens(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Every valid token as one row."""
    valid = x["mask"].bool()
    return x["student_hidden"][valid], x["teacher_hidden"][valid]


def _features(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    return x["student_features"], x["teacher_features"]


def _vid(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    loss = VID()
    loss.connect(x["target"].shape[1], x["target"].shape[1])
    given = (x["pred_mean"], x["target"])
    value: Tensor = functional_call(loss, {"raw": x["raw_scale"]}, given)
    return value


def _nd(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    loss = NormAndDirection()
    loss.learn(x["prototypes"], *[torch.arange(len(x["prototypes"]))] * 2)
    value: Tensor = loss(*_features(x), labels=x["labels"])
    return value


def _arrays(x: Mapping[str, Tensor], *names: str) -> tuple[Any, ...]:
    return tuple(x[n].numpy() for n in names)


def _number(found: float | None) -> Tensor:
    return torch.tensor(found, dtype=torch.float64)


def _known(x: Tensor) -> Any:
    return x.detach().double().numpy()


def _constant(found: Any, like: Tensor) -> Tensor:
    return torch.from_numpy(found).to(like)


def _flow(distances: Tensor) -> Tensor:
    return _constant(flow(_known(distances)), distances)


def _emd_hidden_mse(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    valid = x["mask"].bool()
    rows = [
        torch.stack([FeatureMSE()(s[valid], t[valid]) for t in x["teacher_layers"]])
        for s in x["student_layers"]
    ]
    distances = torch.stack(rows)
    return (_flow(distances) * distances).sum()


def _relation(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    a, b = p["relation"]
    ours, theirs = ((x[f"{who}_{a}"], x[f"{who}_{b}"]) for who in ("student", "teacher"))
    return relation_divergence(*ours, *theirs, x["mask"], p["heads"])


def _maps(x: Tensor) -> Tensor:
    """Channels of an image as the width of its places."""
    return x.flatten(2).transpose(1, 2)


def _attention_transfer(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    ours, theirs = _maps(x["student_map"]), _maps(x["teacher_map"])
    mask = torch.ones(ours.shape[:2], dtype=torch.long)
    value: Tensor = AttentionTransfer(power=p["p"])(ours, theirs, mask=mask)
    return value


def _fsp(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    ours, theirs = (
        flow_matrix(x[f"{who}_first"], x[f"{who}_second"], x["mask"])
        for who in ("student", "teacher")
    )
    return (ours - theirs).square().mean()


def _crd(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    found = []
    for who, other in (("student", "teacher"), ("teacher", "student")):
        scores = (
            torch.einsum("bkd,bd->bk", x[f"memory_{other}"][x["idx"]], x[f"{who}_embed"]) / p["tau"]
        )
        found.append(contrast(scores, density_sum(scores.detach(), p["n_data"]), p["n_data"]))
    return torch.stack(found).sum()


def _affinity_bank(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    return by_bank(
        *_features(x), x["student_bank"], x["teacher_bank"], p["tau"], both=p["both_directions"]
    )


def _pairs(mapping: LayerMapping, p: Mapping[str, Any]) -> Tensor:
    find = mapping.pairs if p["feature"] == "hidden" else mapping.attention_pairs
    return torch.tensor(find(p["n_student"], p["n_teacher"]))


def _dse(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    return _number(spectral_entropy(_known(x["features"]), p["sigma"], p["t"]))


def _dsmi(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    subsets = dict(enumerate(p["subsets"]))
    return _number(
        spectral_information(
            _known(x["features"]), x["labels"].numpy(), subsets, p["sigma"], p["t"]
        )
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
        return _number(total([(w.detach(), g) for w, g in zip(weights, slopes)]))

    return found


def _synflow(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    positive = {k: v.abs() if k[1:].isdigit() else v for k, v in x.items()}
    run, weights, _ = _layers_of(positive)
    slopes = torch.autograd.grad(run(torch.ones_like(x["x"][:1])).sum(), weights)
    return _number(saliency([(w.detach(), g) for w, g in zip(weights, slopes)]))


def _nwot(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    run, _, seen = _layers_of(x)
    run(x["x"])
    return _number(code_volume([s.detach() for s in seen]))


def _reward(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    limit = {"limit": p["max_params"], "progress": p["iteration"] / 15} if "max_params" in p else {}
    return _number(
        reward(p["acc"], p["acc_teacher"], p["params_student"], p["params_teacher"], **limit)
    )


LAYERS: dict[str, Member] = {
    "feature_mse": lambda x, p: FeatureMSE()(*_tokens(x)),
    "cosine": lambda x, p: Cosine()(*_tokens(x)),
    "hidden_ce": lambda x, p: HiddenCE()(*_tokens(x)),
    "pkd": lambda x, p: 2 * Cosine()(*_features(x)),
    "sp": lambda x, p: SimilarityPreserving()(*_features(x)),
    "cka": lambda x, p: CKA()(*_features(x)),
    "pkt": lambda x, p: PKT()(*_features(x)),
    "rkd": lambda x, p: p["w_distance"] * RKD(angle=p["w_angle"] / p["w_distance"])(*_features(x)),
    "rkd_distance": lambda x, p: by_distance(*_features(x)),
    "rkd_angle": lambda x, p: by_angle(*_features(x)),
    "cc": lambda x, p: CorrelationCongruence(**p)(*_features(x)),
    "vid": _vid,
    "nd": _nd,
    "infonce": lambda x, p: infonce_bound(x["scores"]),
    "tuba": lambda x, p: tuba_bound(x["scores"], x["baselines"]),
    "nwj": lambda x, p: tuba_bound(x["scores"], torch.ones_like(x["scores"][0])),
    "emd": lambda x, p: (_flow(x["distance"]) * x["distance"]).sum(),
    "topk_nearest": lambda x, p: (
        _constant(nearest(_known(x["distance"]), p["k"]), x["distance"]) * x["distance"]
    ).sum(1),
    "emd_hidden_mse": _emd_hidden_mse,
    "affinity": lambda x, p: by_affinity(*_features(x), p["tau"], own=not p["exclude_self"]),
    "agreement": lambda x, p: _number(
        agreement.agreement(*_arrays(x, "student_logits", "teacher_logits"))
    ),
    "inherited_errors": lambda x, p: _number(
        agreement.inherited_errors(*_arrays(x, "student_logits", "teacher_logits", "labels"))
    ),
    "ece": lambda x, p: _number(
        agreement.calibration_error(
            x["student_logits"].numpy(), x["labels"].numpy(), bins=p["bins"]
        )
    ),
    "brier": lambda x, p: _number(agreement.brier(*_arrays(x, "student_logits", "labels"))),
    "mcnemar": lambda x, p: _number(
        mcnemar(*(x[k].bool().numpy() for k in ("correct_a", "correct_b")))[2]
    ),
    "mi_alpha": lambda x, p: mi_alpha_bound(x["scores"], x["baselines"], float(p["alpha"])),
    "map_skip": lambda x, p: _pairs(Skip(), p),
    "map_last": lambda x, p: _pairs(Last(), p),
    "attention_mse": lambda x, p: scores_mse(x["student_scores"], x["teacher_scores"], x["mask"]),
    "attention_transfer": _attention_transfer,
    "minilm_relation": _relation,
    "fsp": _fsp,
    "crd": _crd,
    "trg_inner": lambda x, p: inner(
        x["student_tokens"],
        x["teacher_tokens"],
        torch.ones(x["student_tokens"].shape[:2], dtype=torch.long),
    ),
    "affinity_bank": _affinity_bank,
    "diswot_relation": lambda x, p: relation_distance(*_features(x), centred=p["centred"]),
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
    "reffakd_class_targets": lambda x, p: class_logits(
        x["embeddings"], x["labels"], p["C"], p["tau"]
    ).softmax(1),
    "dse": _dse,
    "dsmi": _dsmi,
}
