"""A loss with its learned parts, and a small batch of what its kind is given."""

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from autodistill.components.losses import FeatureLoss, Loss
from autodistill.testing._members import Member

ROWS, CLASSES, WIDTH, TOKENS = 6, 3, 5, 4


def connected(member: Member, values: Mapping[str, Any] | None = None, width: int = WIDTH) -> Loss:
    """The loss with its learned parts, the same ones every time."""
    torch.manual_seed(0)
    loss: Loss = member.build(**values or {})
    if isinstance(loss, FeatureLoss):
        loss.classes, loss.heads = CLASSES, (1, 1)
    loss.connect(width, WIDTH)
    if isinstance(loss, FeatureLoss):
        loss.learn(torch.randn(12, WIDTH), torch.arange(12) % CLASSES, torch.arange(12))
    return loss


def batch(loss: Loss, dtype: torch.dtype = torch.float32, width: int = WIDTH) -> dict[str, Tensor]:
    """A student that wants gradients, then a teacher and what this kind of loss takes beside."""
    torch.manual_seed(1)
    labels, logits = torch.arange(ROWS) % CLASSES, torch.randn(ROWS, CLASSES, dtype=dtype)
    if not isinstance(loss, FeatureLoss):
        student = torch.randn(ROWS, CLASSES, dtype=dtype).requires_grad_(True)
        teacher = {} if loss.kind == "hard" else {"teacher": logits}
        return {"student": student} | teacher | {"labels": labels}
    by_row, ahead = (ROWS, TOKENS) if "mask" in loss.beside else (ROWS,), batch_place(loss)
    ahead_shape = ((3,) if loss.signal == "projections" else (2,) if loss.spans else ())[:ahead]
    features = [torch.randn(*ahead_shape, *by_row, w, dtype=dtype) for w in (width, WIDTH)]
    mask = (torch.arange(TOKENS) < torch.tensor([4, 2, 3, 4, 1, 3]).unsqueeze(1)).long()
    known = {"labels": labels, "logits": logits, "mask": mask, "rows": torch.arange(ROWS)}
    return {"student": features[0].requires_grad_(True), "teacher": features[1]} | {
        n: known[n] for n in loss.beside
    }


def batch_place(loss: Loss) -> int:
    """Which dimension of a feature counts rows."""
    return int(isinstance(loss, FeatureLoss) and (loss.signal == "projections" or loss.spans))


def selected(loss: Loss, given: Mapping[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    """These rows of everything."""
    return {
        k: x.index_select(batch_place(loss) if k in ("student", "teacher") else 0, rows)
        for k, x in given.items()
    }


def value_of(loss: Loss, given: Mapping[str, Tensor]) -> Tensor:
    """The value, with the same draws each time; a loss that remembers does so in a copy."""
    torch.manual_seed(2)
    return applied(copy.deepcopy(loss), given)


def applied(loss: Loss, given: Mapping[str, Tensor]) -> Tensor:
    """The value of the loss itself, called as its kind is."""
    if isinstance(loss, FeatureLoss):
        beside = {k: v for k, v in given.items() if k not in ("student", "teacher")}
        return loss(given["student"], given["teacher"], **beside)  # type: ignore[no-any-return]
    return loss(*given.values())  # type: ignore[no-any-return]
