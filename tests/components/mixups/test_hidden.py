"""Blended states: by the reference numbers of embeddings.

The rest is tested in training (tests/training/test_mixing.py, test_mixing_trials.py).
"""

import numpy as np
import torch

from autodistill.components.mixups.embedding import EmbeddingMixup
from autodistill.components.mixups.hidden import HiddenMixup


def test_shares_and_partners_are_drawn_as_on_embeddings() -> None:
    one, other = (
        kind(alpha=0.7, ratio=0.4).draw(20, np.random.default_rng(3))
        for kind in (HiddenMixup, EmbeddingMixup)
    )

    assert torch.equal(one.share, other.share)
    assert torch.equal(one.partner, other.partner)


def test_blended_states_give_blended_logits_of_a_linear_classifier() -> None:
    torch.manual_seed(0)
    mix = HiddenMixup(ratio=1.0).draw(6, np.random.default_rng(0))
    head, states = torch.nn.Linear(4, 3), torch.randn(6, 4)

    torch.testing.assert_close(head(mix.blend(states)), mix.blend(head(states)))
