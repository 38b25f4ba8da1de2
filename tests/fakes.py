"""Small real things for tests.

A data set that can be learned in seconds, and a tiny teacher that has learned it.
"""

import csv
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GOOD = ("good", "fine", "lovely", "bright", "warm", "great")
BAD = ("bad", "poor", "awful", "dull", "cold", "weak")
FILL = (
    "the",
    "film",
    "was",
    "a",
    "story",
    "of",
    "some",
    "day",
    "and",
    "night",
    "it",
    "felt",
    "very",
    "long",
    "short",
)


def sentences(rows: int, seed: int = 0) -> list[tuple[str, str]]:
    """(text, label) pairs: a text is `pos` when it has more good than bad words."""
    draw = random.Random(seed)
    found = []
    for i in range(rows):
        words, label = (GOOD, "pos") if i % 2 else (BAD, "neg")
        text = draw.choices(FILL, k=draw.randint(3, 9)) + draw.choices(words, k=2) + [f"n{i % 37}"]
        draw.shuffle(text)
        found.append((" ".join(text), label))
    return found


def write_csv(
    path: Path, rows: list[tuple[str, str]], head: tuple[str, str] = ("text", "label")
) -> Path:
    """A CSV file of these rows."""
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([head, *rows])
    return path


def tiny_tokenizer(folder: Path) -> Path:
    """A WordPiece tokenizer over the words above.

    It also knows single characters and some words that no text uses.
    """
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    characters = "abcdefghijklmnopqrstuvwxyz0123456789"
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *characters,
        *(f"##{c}" for c in characters),
    ]
    words += [*GOOD, *BAD, *FILL, *(f"n{i}" for i in range(37)), *(f"unused{i}" for i in range(50))]
    vocab = {w: i for i, w in enumerate(dict.fromkeys(words))}
    made = Tokenizer(models.WordPiece(vocab, unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    special = [("[CLS]", vocab["[CLS]"]), ("[SEP]", vocab["[SEP]"])]
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=special
    )
    names = {
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
    }
    PreTrainedTokenizerFast(tokenizer_object=made, **names).save_pretrained(folder)
    return folder


def tiny_teacher(
    folder: Path,
    *,
    layers: int = 2,
    width: int = 32,
    labels: tuple[str, ...] = ("neg", "pos"),
    steps: int = 60,
) -> Path:
    """A small BERT classifier of the sentences above.

    It is trained for a second or two (steps=0: not trained).
    """
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    tiny_tokenizer(folder)
    tok = AutoTokenizer.from_pretrained(folder)
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(tok),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=2 * width,
        max_position_embeddings=64,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={n: i for i, n in enumerate(labels)},
    )
    network = BertForSequenceClassification(config)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    rows = sentences(320, seed=1)
    for step in range(steps):
        part = rows[step * 32 % 320 : step * 32 % 320 + 32]
        coded = tok([t for t, _ in part], padding=True, return_tensors="pt")
        wanted = torch.tensor([["neg", "pos"].index(label) for _, label in part])
        loss = torch.nn.functional.cross_entropy(network(**coded).logits, wanted)
        torch.autograd.backward(loss)
        optimizer.step()
        optimizer.zero_grad()
    network.save_pretrained(folder)
    return folder


def bright_images(
    rows: int, seed: int = 0, side: int = 8
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images whose left, middle or right third is bright, and which third.

    The shapes are (rows, side, side, 3); labels are 0, 1, 2.
    """
    draw = np.random.default_rng(seed)
    labels = np.arange(rows) % 3
    images = draw.integers(0, 120, (rows, side, side, 3))
    third = -(-side // 3)
    for image, label in zip(images, labels):
        image[:, label * third : (label + 1) * third] += 100
    return images.astype(np.uint8), labels


def image_folder(folder: Path, rows: int = 150) -> Path:
    """The images above as files in folders by class."""
    from PIL import Image

    for number, (image, label) in enumerate(zip(*bright_images(rows))):
        place = folder / ("left", "middle", "right")[label]
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / f"{number}.png")
    return folder
