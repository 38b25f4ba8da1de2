"""Tiny untrained classifiers of many architectures, with one tokenizer for all."""

from pathlib import Path
from typing import Any

from tests.fakes import sentences, tiny_tokenizer

END = "<|endoftext|>"
LABELS = ("neg", "pos", "so")
LAYERS, WIDTH, POSITIONS = 4, 32, 66
SIZES: dict[str, Any] = {
    "hidden_size": WIDTH,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": 2,
    "intermediate_size": 2 * WIDTH,
    "max_position_embeddings": POSITIONS,
}
DEBERTA = SIZES | {
    "relative_attention": True,
    "pos_att_type": ["c2p", "p2c"],
    "type_vocab_size": 0,
}
OWN: dict[str, dict[str, Any]] = {
    "albert": SIZES | {"embedding_size": 16},
    "bert": SIZES,
    "camembert": SIZES,
    "deberta": DEBERTA | {"max_relative_positions": 20},
    "deberta-v2": DEBERTA | {"position_biased_input": False, "position_buckets": 8},
    "distilbert": {
        "dim": WIDTH,
        "n_layers": LAYERS,
        "n_heads": 2,
        "hidden_dim": 2 * WIDTH,
        "max_position_embeddings": POSITIONS,
    },
    "electra": SIZES | {"embedding_size": 16},
    "gpt2": {"n_embd": WIDTH, "n_layer": LAYERS, "n_head": 2, "n_positions": POSITIONS},
    "longformer": SIZES | {"attention_window": [4, 4, 8, 8]},
    "modernbert": SIZES | {"local_attention": 8},
    "mpnet": SIZES,
    "qwen2": SIZES | {"num_key_value_heads": 1},
    "roberta": SIZES | {"type_vocab_size": 1},
    "xlm-roberta": SIZES,
}
"""Their configs, where they are not the defaults, by model type."""


def byte_tokenizer(folder: Path) -> Path:
    """A tokenizer as GPT-2 has one: pairs of bytes, no token to fill rows up with."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([text for text, _ in sentences(60)], trainer)
    names = {"bos_token": END, "eos_token": END, "unk_token": END}
    PreTrainedTokenizerFast(tokenizer_object=made, **names).save_pretrained(folder)
    return folder


def tiny_classifier(folder: Path, kind: str, own: dict[str, Any] | None = None) -> Path:
    """A folder with an untrained classifier of this model type and a tokenizer."""
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

    make = byte_tokenizer if kind in ("gpt2", "qwen2") else tiny_tokenizer
    tokenizer = AutoTokenizer.from_pretrained(make(folder))
    torch.manual_seed(0)
    names = dict(enumerate(LABELS))
    special = {
        f"{name}_token_id": getattr(tokenizer, f"{name}_token_id")
        for name in ("pad", "bos", "eos", "cls", "sep")
    }
    config = AutoConfig.for_model(
        kind,
        **(OWN[kind] if own is None else own),
        **special,
        vocab_size=len(tokenizer),
        id2label=names,
        label2id={n: i for i, n in names.items()},
    )
    network = AutoModelForSequenceClassification.from_config(config)
    for value in network.parameters():  # untrained heads answer all rows alike
        if value.dim() > 1:
            torch.nn.init.normal_(value, std=0.2)
    if own is None and tokenizer.pad_token_id is not None:
        with torch.no_grad():
            network.get_input_embeddings().weight[tokenizer.pad_token_id] = 0
    network.save_pretrained(folder)
    return folder
