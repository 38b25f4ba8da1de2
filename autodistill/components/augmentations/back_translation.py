"""Texts translated into another language and back.

Source   Sennrich et al. 2016, arXiv:1511.06709; Yu et al. 2018, arXiv:1804.09541, as augmentation;
         He et al. 2021, arXiv:2109.11105.
Idea     A round trip through another language says the same in other words.
Inputs   two translation models, in the folders given by AUTODISTILL_TRANSLATE and
         AUTODISTILL_TRANSLATE_BACK.
Units    whole texts.
Differs  the views of a text are the best hypotheses of one beam search; a text whose translation
         comes back empty is kept unchanged.
"""

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from autodistill.components.augmentations import TextAugmentation
from autodistill.components.augmentations._networks import folder_of, loaded
from autodistill.registry.ranges import OneOf

MOST_TOKENS = 256


class BackTranslation(TextAugmentation):
    """Round-trip translation; each view is another beam hypothesis."""

    variables = ("AUTODISTILL_TRANSLATE", "AUTODISTILL_TRANSLATE_BACK")
    rate = 1.0

    def __init__(self, *, views: Annotated[int, OneOf(1, 2, 3)] = 1) -> None:
        self.views = views

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The words of the best hypothesis."""
        return self._back(" ".join(words), 0).split()

    def _text(self, text: str, view: int, seed: int, place: int) -> str:
        return self._back(text, view)

    def _back(self, text: str, view: int) -> str:
        there, back = (folder_of(name, "a translation model") for name in self.variables)
        if not text.strip():
            return text
        abroad = _translated(there, text, 1)[0]
        return _translated(back, abroad, self.views)[view] or text


def _translated(folder: Path, text: str, hypotheses: int) -> list[str]:
    """The best `hypotheses` translations, best first; deterministic."""
    import torch

    tokenizer, network = loaded(folder, "AutoModelForSeq2SeqLM")
    encoded = tokenizer(
        text,
        truncation=True,
        max_length=MOST_TOKENS,
        return_tensors="pt",
        return_token_type_ids=False,
    )
    with torch.inference_mode():
        beams = {"num_beams": hypotheses, "num_return_sequences": hypotheses, "do_sample": False}
        found = network.generate(**encoded, max_new_tokens=MOST_TOKENS, **beams)
    return [str(t).strip() for t in tokenizer.batch_decode(found, skip_special_tokens=True)]
