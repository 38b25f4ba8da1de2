"""Shares and partners, and the embeddings that are blended by them.

Reference numbers come from tests/data/vectors_small.json.
"""

import json
from typing import Any

import numpy as np
import pytest
import torch

from autodistill.components.mixups import Mix
from autodistill.components.mixups.embedding import EmbeddingMixup
from tests.paths import TESTS

CASES: list[dict[str, Any]] = json.loads((TESTS / "data" / "vectors_small.json").read_text())[
    "cases"
]


def cases(name: str) -> pytest.MarkDecorator:
    """The reference cases of this name, as parameters."""
    return pytest.mark.parametrize(
        "case", [c for c in CASES if c["name"] == name], ids=lambda c: c["id"]
    )


@cases("mixup")
def test_inputs_and_labels_are_blended_like_the_reference_and_labels_sum_to_one(
    case: dict[str, Any],
) -> None:
    x, labels, share = (torch.tensor(case["inputs"][k]) for k in ("x", "soft_labels", "lam"))
    mix = Mix(torch.tensor(case["inputs"]["perm"]), share)

    blended = mix.blend(labels)

    torch.testing.assert_close(
        mix.blend(x), torch.tensor(case["expect"]["output"]), rtol=0, atol=case["output_tolerance"]
    )
    torch.testing.assert_close(
        blended,
        torch.tensor(case["expect"]["output_labels"]),
        rtol=0,
        atol=case["output_tolerance"],
    )
    torch.testing.assert_close(blended.sum(1), torch.ones(len(x)))


@cases("mixup_text")
def test_the_mask_is_the_union_of_both_texts(case: dict[str, Any]) -> None:
    mask, partner = torch.tensor(case["inputs"]["mask"]), torch.tensor(case["inputs"]["perm"])

    union = Mix(partner, torch.full((3,), case["params"]["lam"])).mask(mask)

    assert union.tolist() == case["expect"]["union_mask"]


@cases("partial_mixup_count")
@pytest.mark.parametrize("seed", range(5))
def test_exactly_the_share_of_the_batch_is_mixed(case: dict[str, Any], seed: int) -> None:
    batch, ratio = case["params"]["batch"], case["params"]["ratio"]

    mix = EmbeddingMixup(alpha=1.0, ratio=ratio).draw(batch, np.random.default_rng(seed))

    assert int((mix.share < 1).sum()) == case["expect"]["value"]


def test_a_row_that_keeps_all_or_gives_all_has_one_text_only() -> None:
    mask, types = torch.tensor([[1, 1, 1], [1, 0, 0]]), torch.tensor([[0, 1, 1], [0, 0, 0]])
    keeps, gives = (Mix(torch.tensor([1, 0]), torch.full((2,), share)) for share in (1.0, 0.0))

    assert torch.equal(keeps.mask(mask), mask)
    assert torch.equal(keeps.blend(types.float()), types.float())
    assert torch.equal(gives.mask(mask), mask[[1, 0]])
    assert torch.equal(gives.types(types, mask) * mask[[1, 0]], types[[1, 0]])


def test_segment_types_are_those_of_the_larger_share_and_of_the_other_text_beyond_its_end() -> None:
    mask, types = (
        torch.tensor([[1, 1, 0, 0], [1, 1, 1, 0]]),
        torch.tensor([[0, 1, 0, 0], [0, 0, 1, 0]]),
    )

    found = Mix(torch.tensor([1, 0]), torch.tensor([0.7, 0.4])).types(types, mask)

    assert found.tolist() == [[0, 1, 1, 0], [0, 1, 1, 0]]


def test_no_row_is_its_own_partner_and_every_other_row_comes_up() -> None:
    random, seen = np.random.default_rng(0), set()
    for _ in range(200):
        partner = EmbeddingMixup().draw(5, random).partner.tolist()
        assert sorted(partner) == list(range(5))
        seen |= set(enumerate(partner))

    assert seen == {(i, j) for i in range(5) for j in range(5) if i != j}


@pytest.mark.parametrize("alpha", [0.1, 0.4, 1.0, 2.0])
def test_shares_come_from_the_symmetric_beta_distribution(alpha: float) -> None:
    share = (
        EmbeddingMixup(alpha=alpha, ratio=1.0).draw(20_000, np.random.default_rng(0)).share.double()
    )

    # mean 1/2, variance 1 / (4 (2 alpha + 1));
    # the fourth moment makes the variance's error at most .25 / sqrt(20000)
    assert share.mean().item() == pytest.approx(0.5, abs=5 * 0.5 / 20_000**0.5)
    assert share.var().item() == pytest.approx(
        1 / (4 * (2 * alpha + 1)), abs=5 * 0.25 / 20_000**0.5
    )
