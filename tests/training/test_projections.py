"""Queries, keys and values, whichever way attention is computed."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoConfig, AutoModelForSequenceClassification

from autodistill.training.attention import attention
from autodistill.training.batches import load_batch
from autodistill.training.forward import show
from autodistill.training.projections import can_be_projected, projects
from autodistill.training.trial_data import TrialData
from tests.training.modules import HALF, student_of

SMALL = {
    "bert": {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
    },
    "distilbert": {"dim": 32, "n_layers": 2, "n_heads": 4, "hidden_dim": 64},
    "roberta": {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
    },
    "electra": {
        "embedding_size": 16,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
    },
    "deberta-v2": {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
    },
}


@pytest.mark.parametrize("kind", SMALL)
def test_the_maps_of_common_networks_are_found(kind: str) -> None:
    config = AutoConfig.for_model(kind, vocab_size=50, **SMALL[kind])

    assert can_be_projected(AutoModelForSequenceClassification.from_config(config))


def test_a_network_with_one_map_for_all_three_is_told_apart(tmp_path: Path) -> None:
    AutoConfig.for_model("gpt2", vocab_size=50, n_embd=32, n_layer=2, n_head=4).save_pretrained(
        tmp_path
    )

    assert not projects(tmp_path)


def test_a_folder_is_judged_by_its_config_alone(teacher: Path, tmp_path: Path) -> None:
    AutoConfig.from_pretrained(teacher).save_pretrained(tmp_path)

    assert projects(tmp_path)


@pytest.mark.parametrize("kind", ["eager", "sdpa"])
def test_softmax_of_their_product_is_the_networks_attention(data: TrialData, kind: str) -> None:
    network, batch = student_of(data, HALF), load_batch(data.shards["trimmed"].open(), np.arange(8))
    with attention(network, kind), torch.no_grad():
        shown = show(network, batch, states=False, projections=[0])
    with attention(network, "eager"), torch.no_grad():
        own = network(
            input_ids=batch.ids, attention_mask=batch.mask, output_attentions=True
        ).attentions[0]

    heads = own.shape[1]
    q, k, _ = (x.unflatten(2, (heads, -1)).transpose(1, 2) for x in shown.projections[0])
    scores = q @ k.transpose(2, 3) / q.shape[3] ** 0.5
    found = scores.masked_fill(~batch.mask.bool()[:, None, None], -1e9).softmax(3)

    torch.testing.assert_close(found, own, rtol=1e-4, atol=1e-5)
    assert not [
        h for m in network.modules() for h in m._forward_hooks.values() if isinstance(h, partial)
    ], "a hook was left behind"
