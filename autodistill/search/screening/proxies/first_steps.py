"""Loss of a student after its first training steps.

Source   none; the shortest of all short trainings, on recorded logits, so that the teacher is not
         run.
Idea     Twenty steps cost a second; a student that soon follows its teacher will probably follow
         it further.
Inputs   the student as it would be trained, rows with the trained teacher's logits.
Units    minus the mean divergence of the last five steps' batches, each before its step, at
         temperature 2, in nats.
Differs  plain AdamW at one rate; a copy of the student is trained, the student itself stays.
"""

import copy
from typing import Any

import torch
from torch.nn import functional as F

from autodistill.search.screening.proxies import ForwardOutput, Proxy, every_weight_trained

STEPS, LAST = 20, 5
TEMPERATURE = 2.0


class FirstSteps(Proxy):
    """Twenty steps, each on rows that no step has used."""

    looks_at = "built"

    def score(self, student: Any, teacher: Any, shown: ForwardOutput) -> float:
        """The student's score under this proxy."""
        own, losses = copy.deepcopy(student), list[float]()
        own.train()
        with every_weight_trained(own):
            step = torch.optim.AdamW(own.parameters(), lr=3e-4 * getattr(student, "pace", 1.0))
            for part in shown.parts(STEPS):
                assert part.answers is not None
                logits = own(**part.inputs).logits.float()
                target = F.log_softmax(part.answers / TEMPERATURE, dim=1)
                loss = F.kl_div(
                    F.log_softmax(logits / TEMPERATURE, dim=1),
                    target,
                    reduction="batchmean",
                    log_target=True,
                )
                step.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]
                step.step()
                losses.append(float(loss.detach()))
        last = losses[-LAST:]
        return -sum(last) / len(last)
