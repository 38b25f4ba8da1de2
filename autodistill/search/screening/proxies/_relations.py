"""Distances between two networks that need no equal widths."""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional as F


def relation_distance(
    student: Float[Tensor, "batch student_width"],
    teacher: Float[Tensor, "batch teacher_width"],
    *,
    centred: bool,
) -> Float[Tensor, ""]:
    """Mean squared difference of Gram matrices whose rows have length one."""
    sides = [x - x.mean(0) if centred else x for x in (student, teacher)]
    ours, theirs = (F.normalize(x @ x.T, dim=1) for x in sides)
    return (ours - theirs).square().mean()


def class_gradient(
    weight: Float[Tensor, "classes width"],
    features: Float[Tensor, "batch width"],
    labels: Int[Tensor, "batch"],
    bias: Float[Tensor, "classes"] | float = 0.0,
) -> Float[Tensor, "classes width"]:
    """Gradient of the mean cross-entropy with respect to a head's weights."""
    answers = (features @ weight.T + bias).softmax(1) - F.one_hot(labels, len(weight)).to(features)
    return answers.T @ features / len(features)


def class_distance(
    student: Float[Tensor, "classes student_width"], teacher: Float[Tensor, "classes teacher_width"]
) -> Float[Tensor, ""]:
    """The same for the classes' gradients; zero at two classes: they are opposite."""
    ours, theirs = (F.normalize(x @ x.T, dim=1) for x in (student, teacher))
    return (ours - theirs).square().mean()


def channel_distance(
    student: Float[Tensor, "classes width"], teacher: Float[Tensor, "classes width"]
) -> Float[Tensor, ""]:
    """Distance of the classes' outer products of the gradient with itself.

    Rows have length one: the released form, for equal widths.
    """
    ours, theirs = (
        F.normalize(torch.einsum("ci,cj->cij", x, x), dim=2) for x in (student, teacher)
    )
    return (ours - theirs).square().sum() / student.numel()


def token_map(
    states: Float[Tensor, "batch tokens width"],
    gradient: Float[Tensor, "classes width"],
    labels: Int[Tensor, "batch"],
    mask: Int[Tensor, "batch tokens"],
) -> Float[Tensor, "batch tokens"]:
    """Alignment of each valid token with its label's gradient, as shares of the row.

    Zero where no token is aligned.
    """
    along = torch.einsum("btw,bw->bt", states, gradient[labels]).clamp_min(0.0) * mask
    return F.normalize(along, p=1, dim=1)


def token_distance(
    student: Float[Tensor, "batch tokens"], teacher: Float[Tensor, "batch tokens"]
) -> Float[Tensor, ""]:
    """Squared distance of a row's maps, mean over rows."""
    return (student - teacher).square().sum(1).mean()
