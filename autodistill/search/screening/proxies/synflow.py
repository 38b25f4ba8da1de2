"""Total flow through the weights, independent of the data.

Source   Tanaka et al. 2020 (SynFlow), arXiv:2006.05467; as a proxy: Abdelfattah et al. 2021,
         arXiv:2101.08134.
Idea     With all weights positive the product along every path is counted; no data and no labels
         are needed.
Inputs   a student; ones in place of pixels or of embedded words.
Units    the logarithm of a sum over weights, for the sum leaves every range.
Differs  weights of linear maps and convolutions only; layer norms stay as they are, batch norms
         change nothing.
"""

import math
from typing import Any

import torch

from autodistill.search.screening.proxies import ForwardOutput, Proxy, with_gradients
from autodistill.search.screening.proxies._activity import saliency


class SynFlow(Proxy):
    """Logarithm of the sum of |weight · gradient| of the outputs' sum."""

    looks_at = "start"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy; weights are restored afterwards."""
        kept = {n: p.detach().clone() for n, p in student.named_parameters()}
        pixels = shown.inputs.get("pixel_values")
        inputs = (
            {"pixel_values": torch.ones(1, *pixels.shape[1:], device=pixels.device)}
            if pixels is not None
            else _words(student, shown)
        )
        try:
            with torch.no_grad():
                for p in student.parameters():
                    p.abs_()
            total = saliency(
                with_gradients(student, lambda: student(**inputs).logits.float().sum()).values()
            )
        finally:
            with torch.no_grad():
                for n, p in student.named_parameters():
                    p.copy_(kept[n])
        return math.log(total) if total > 0 else -math.inf


def _words(student: Any, shown: ForwardOutput) -> dict[str, torch.Tensor]:
    mask = torch.ones_like(shown.inputs["attention_mask"][:1])
    width = student.get_input_embeddings().weight.shape[1]
    ones = torch.ones(*mask.shape, width, device=mask.device)
    return {"inputs_embeds": ones, "attention_mask": mask}
