"""Words replaced by the proposals of a masked language model.

Source   Kobayashi 2018, arXiv:1805.06201; Wu et al. 2019, arXiv:1812.06705; He et al. 2021,
         arXiv:2109.11105, the operator `contextual`.
Idea     Another word that fits the sentence preserves most of its meaning, in words that the
         training set lacks.
Inputs   texts of at least two words; a masked language model, in the folder given by
         AUTODISTILL_MASKED_LM.
Units    share of the words, at least one.
Differs  all chosen words are masked at once; a proposal is sampled from the ten most likely whole
         words other than the original.
"""

import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Annotated

from autodistill.components.augmentations import TextAugmentation, count_of
from autodistill.components.augmentations._networks import folder_of, loaded
from autodistill.registry.ranges import OneOf

PROPOSALS = 10


class Contextual(TextAugmentation):
    """Replaces `rate` times the number of words."""

    variables = ("AUTODISTILL_MASKED_LM",)

    def __init__(
        self,
        *,
        rate: Annotated[float, OneOf(0.1, 0.3, 0.5)] = 0.1,
        views: Annotated[int, OneOf(1, 2, 3)] = 1,
    ) -> None:
        self.rate = rate
        self.views = views

    def change(self, words: Sequence[str], draw: random.Random) -> Sequence[str]:
        """The changed words of one text."""
        import torch

        folder = folder_of(self.variables[0], "a masked language model")
        tokenizer, network = loaded(folder, "AutoModelForMaskedLM")
        places = sorted(draw.sample(range(len(words)), count_of(self.rate, len(words))))
        if not places:
            return words
        shown = " ".join(
            tokenizer.mask_token if i in places else word for i, word in enumerate(words)
        )
        most = network.config.max_position_embeddings
        encoded = tokenizer(shown, truncation=True, max_length=most, return_tensors="pt")
        with torch.inference_mode():
            logits = network(**encoded).logits[
                0, encoded["input_ids"][0] == tokenizer.mask_token_id
            ]
        known, found = _whole_words(folder), list(words)
        # zip stops early: masks beyond the model's maximum length keep their original words
        for place, row in zip(places, logits):
            fitting = [i for i in known if known[i].lower() != words[place].lower()]
            best = row[fitting].topk(min(PROPOSALS, len(fitting)))
            found[place] = known[
                fitting[draw.choices(best.indices.tolist(), best.values.softmax(0).tolist())[0]]
            ]
        return found


@cache
def _whole_words(folder: Path) -> dict[int, str]:
    """Token ids that are whole words, with their text.

    Byte-level and sentence-piece vocabularies mark whole words with a leading Ġ or ▁.
    """
    vocabulary = loaded(folder, "AutoModelForMaskedLM")[0].get_vocab()
    marked = sum(token[:1] in "Ġ▁" for token in vocabulary if token) > len(vocabulary) / 4
    words = {
        i: token.lstrip("Ġ▁") for token, i in vocabulary.items() if not marked or token[:1] in "Ġ▁"
    }
    return {i: word for i, word in sorted(words.items()) if word.isalpha()}
