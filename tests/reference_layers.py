"""Reference numbers about layers: feature losses, bounds and maps."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.func import functional_call

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
from autodistill.components.losses.ickd import channels, distance
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
from autodistill.components.students.cut import kept_layers
from tests.reference_inputs import Member, features, known, tokens


def _vid(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    loss = VID()
    loss.connect(x["target"].shape[1], x["target"].shape[1])
    given = (x["pred_mean"], x["target"])
    value: Tensor = functional_call(loss, {"raw": x["raw_scale"]}, given)
    return value


def _nd(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    loss = NormAndDirection()
    loss.learn(x["prototypes"], *[torch.arange(len(x["prototypes"]))] * 2)
    value: Tensor = loss(*features(x), labels=x["labels"])
    return value


def _constant(found: Any, like: Tensor) -> Tensor:
    return torch.from_numpy(found).to(like)


def _flow(distances: Tensor) -> Tensor:
    return _constant(flow(known(distances)), distances)


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


def _ickd(x: Mapping[str, Tensor], p: Mapping[str, Any]) -> Tensor:
    ours, theirs = (
        channels(places.transpose(1, 2), torch.ones(len(places), places.shape[2], dtype=torch.long))
        for places in (x["student_map"], x["teacher_map"])
    )
    return distance(ours, theirs)


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
        *features(x), x["student_bank"], x["teacher_bank"], p["tau"], both=p["both_directions"]
    )


def _pairs(mapping: LayerMapping, p: Mapping[str, Any]) -> Tensor:
    find = mapping.pairs if p["feature"] == "hidden" else mapping.attention_pairs
    return torch.tensor(find(p["n_student"], p["n_teacher"]))


LAYERS: dict[str, Member] = {
    "feature_mse": lambda x, p: FeatureMSE()(*tokens(x)),
    "cosine": lambda x, p: Cosine()(*tokens(x)),
    "hidden_ce": lambda x, p: HiddenCE()(*tokens(x)),
    "pkd": lambda x, p: 2 * Cosine()(*features(x)),
    "sp": lambda x, p: SimilarityPreserving()(*features(x)),
    "cka": lambda x, p: CKA()(*features(x)),
    "pkt": lambda x, p: PKT()(*features(x)),
    "rkd": lambda x, p: p["w_distance"] * RKD(angle=p["w_angle"] / p["w_distance"])(*features(x)),
    "rkd_distance": lambda x, p: by_distance(*features(x)),
    "rkd_angle": lambda x, p: by_angle(*features(x)),
    "cc": lambda x, p: CorrelationCongruence(**p)(*features(x)),
    "vid": _vid,
    "nd": _nd,
    "infonce": lambda x, p: infonce_bound(x["scores"]),
    "tuba": lambda x, p: tuba_bound(x["scores"], x["baselines"]),
    "nwj": lambda x, p: tuba_bound(x["scores"], torch.ones_like(x["scores"][0])),
    "emd": lambda x, p: (_flow(x["distance"]) * x["distance"]).sum(),
    "topk_nearest": lambda x, p: (
        _constant(nearest(known(x["distance"]), p["k"]), x["distance"]) * x["distance"]
    ).sum(1),
    "emd_hidden_mse": _emd_hidden_mse,
    "affinity": lambda x, p: by_affinity(*features(x), p["tau"], own=not p["exclude_self"]),
    "mi_alpha": lambda x, p: mi_alpha_bound(x["scores"], x["baselines"], float(p["alpha"])),
    "map_skip": lambda x, p: _pairs(Skip(), p),
    "map_last": lambda x, p: _pairs(Last(), p),
    "attention_mse": lambda x, p: scores_mse(x["student_scores"], x["teacher_scores"], x["mask"]),
    "attention_transfer": _attention_transfer,
    "minilm_relation": _relation,
    "ickd": _ickd,
    "fsp": _fsp,
    "crd": _crd,
    "trg_inner": lambda x, p: inner(
        x["student_tokens"],
        x["teacher_tokens"],
        torch.ones(x["student_tokens"].shape[:2], dtype=torch.long),
    ),
    "affinity_bank": _affinity_bank,
    "inherit_layers": lambda x, p: torch.tensor(
        kept_layers(p["n_teacher"], p["n_student"] / p["n_teacher"], p["mode"])
    ),
}
