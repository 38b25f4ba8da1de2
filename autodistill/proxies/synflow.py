"""How much flows through the weights, whatever the data.

Source   Tanaka et al. 2020 (SynFlow), arXiv:2006.05467; as a proxy: Abdelfattah et al. 2021, arXiv:2101.08134.
Idea     With all weights positive the product along every path is counted; no data and no labels are needed.
Inputs   a student; embeddings of ones in place of words.
Units    the logarithm of a sum over weights, for the sum leaves every range.
Differs  weights of linear layers only; norms stay as they are.
"""

import math
from typing import Any

import torch

from autodistill.proxies import Proxy, Shown, with_gradients
from autodistill.proxies._activity import saliency


class SynFlow(Proxy):
    """Logarithm of the sum of |weight · gradient| of the outputs' sum."""

    def score(self, student: Any, teacher: Any, shown: Shown) -> float:
        """The formula; weights are put back as they were."""
        kept = {n: p.detach().clone() for n, p in student.named_parameters()}
        ones = torch.ones(1, shown.mask.shape[1], student.get_input_embeddings().weight.shape[1])
        inputs = {"inputs_embeds": ones, "attention_mask": torch.ones(1, shown.mask.shape[1], dtype=torch.long)}
        try:
            with torch.no_grad():
                for p in student.parameters():
                    p.abs_()
            total = saliency(with_gradients(student, lambda: student(**inputs).logits.float().sum()).values())
        finally:
            with torch.no_grad():
                for n, p in student.named_parameters():
                    p.copy_(kept[n])
        return math.log(total) if total > 0 else -math.inf
