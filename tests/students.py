"""Tiny pre-trained networks of many families, each with a tokenizer of its own."""

from pathlib import Path
from typing import Any

from tests.architectures import OWN
from tests.fakes import sentences

SPECIAL = {
    "pad_token": "<pad>",
    "unk_token": "<unk>",
    "cls_token": "<cls>",
    "sep_token": "<sep>",
    "mask_token": "<mask>",
}


def own_tokenizer(folder: Path, size: int = 150, *, pieces: bool = False) -> Path:
    """A tokenizer learned from the sentences of the fakes: pairs, or sentence pieces."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made: Any = Tokenizer(models.Unigram() if pieces else models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.Metaspace() if pieces else pre_tokenizers.Whitespace()
    kind: Any = trainers.UnigramTrainer if pieces else trainers.BpeTrainer
    options = {"unk_token": "<unk>"} if pieces else {}
    names = list(SPECIAL.values())
    trainer = kind(vocab_size=size, special_tokens=names, show_progress=False, **options)
    made.train_from_iterator([text for text, _ in sentences(300)], trainer)
    marks = [(name, made.token_to_id(name)) for name in ("<cls>", "<sep>")]
    made.post_processor = processors.TemplateProcessing(
        single="<cls> $A <sep>", pair="<cls> $A <sep> $B:1 <sep>:1", special_tokens=marks
    )
    PreTrainedTokenizerFast(tokenizer_object=made, **SPECIAL).save_pretrained(folder)
    return folder


def tiny_student(folder: Path, kind: str = "bert", **changed: Any) -> Path:
    """A folder with an untrained encoder of this model type, and a tokenizer of its own."""
    import torch
    from transformers import AutoConfig, AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(own_tokenizer(folder, pieces=kind == "albert"))
    torch.manual_seed(0)
    special = {f"{n}_token_id": getattr(tokenizer, f"{n}_token_id") for n in ("pad", "cls", "sep")}
    config = AutoConfig.for_model(
        kind, **(OWN[kind] | {"vocab_size": len(tokenizer)} | special | changed)
    )
    AutoModel.from_config(config).save_pretrained(folder)
    return folder
