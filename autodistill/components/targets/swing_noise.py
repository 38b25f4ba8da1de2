"""Teacher temperatures and noise that rise with the share of personal words in a row.

Source   Li et al. 2022 (Swing distillation), arXiv:2212.08349, a temperature by privacy and noise
         on soft targets; the formula is this project's own.
Idea     Beside softer targets, rows with names, numbers and addresses get blurred ones: what a
         student repeats of them is not exactly what the teacher said.
Inputs   the teacher's logits, the share of personal words in each row.
Units    logits: normal noise of sigma times that share is added, then they are divided by 1 + kappa
         times the share.
Differs  per row rather than per token; the noise of a row is a function of its logits, the same in
         every pass: fresh noise would average out over a training.
"""

import zlib
from typing import Annotated

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from autodistill.components.targets.swing import Swing
from autodistill.registry.ranges import Real


class SwingNoise(Swing):
    """(logits + sigma r noise) / (1 + kappa r), with r the share of personal words."""

    corrects = False
    for_privacy = True

    def __init__(
        self,
        *,
        kappa: Annotated[float, Real(0.0, 8.0)] = 2.0,
        sigma: Annotated[float, Real(0.0, 2.0)] = 0.5,
    ) -> None:
        super().__init__(kappa=kappa)
        self.sigma = sigma

    def revise(
        self,
        logits: Float[Tensor, "batch classes"],
        labels: Int[Tensor, "batch"],
        privacy: Float[Tensor, "batch"] | None = None,
    ) -> Float[Tensor, "batch classes"]:
        """The blurred and softened logits; unchanged without privacy shares."""
        if privacy is None:
            return logits
        return super().revise(self.noised(logits, privacy, noise_of(logits)), labels, privacy)

    def noised(
        self,
        logits: Float[Tensor, "batch classes"],
        privacy: Float[Tensor, "batch"],
        noise: Float[Tensor, "batch classes"],
    ) -> Float[Tensor, "batch classes"]:
        """The logits with this noise, in proportion to the privacy of a row."""
        return logits + self.sigma * privacy.unsqueeze(1) * noise


def noise_of(logits: Float[Tensor, "batch classes"]) -> Float[Tensor, "batch classes"]:
    """Standard normal numbers, the same for the same row."""
    rows = logits.detach().cpu().double().numpy()
    drawn = [np.random.default_rng(zlib.crc32(row.tobytes())).normal(size=len(row)) for row in rows]
    return torch.from_numpy(np.array(drawn).reshape(rows.shape)).to(logits)
