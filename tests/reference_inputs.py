"""The inputs that a case of the reference numbers gives to a member."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

Member = Callable[[Mapping[str, Tensor], Mapping[str, Any]], Tensor]


def tokens(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """Every valid token as one row."""
    valid = x["mask"].bool()
    return x["student_hidden"][valid], x["teacher_hidden"][valid]


def features(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    return x["student_features"], x["teacher_features"]


def arrays(x: Mapping[str, Tensor], *names: str) -> tuple[Any, ...]:
    return tuple(x[n].numpy() for n in names)


def number(found: float | None) -> Tensor:
    return torch.tensor(found, dtype=torch.float64)


def known(x: Tensor) -> Any:
    return x.detach().double().numpy()


def logits(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
    """The arguments of a logit loss; cases without labels get zeros."""
    student = x["student_logits"]
    return (
        student,
        x["teacher_logits"],
        x.get("labels", torch.zeros(len(student), dtype=torch.long)),
    )


def hard(x: Mapping[str, Tensor]) -> tuple[Tensor, Tensor]:
    """The arguments of a hard loss."""
    return x["student_logits"], x["labels"]
