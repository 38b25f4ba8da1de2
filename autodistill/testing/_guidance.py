"""The promises of targets, weightings and schedules."""

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from autodistill.components.schedules import Factors, Schedule, StepStats
from autodistill.components.targets import Target
from autodistill.components.weightings import Weighting
from autodistill.testing._members import COMMON, Check, Member, all_five_labels_are_written, require

ROWS, CLASSES, STEPS = 12, 4, 200
NEEDS = frozenset({"hard", "logit", "feature", "temperature", "squares"})


def _rows() -> tuple[Tensor, Tensor, Tensor]:
    """Student and teacher logits and labels; some of both are wrong."""
    torch.manual_seed(2)
    student, teacher = 2 * torch.randn(ROWS, CLASSES), 2 * torch.randn(ROWS, CLASSES)
    return student, teacher, torch.arange(ROWS) % CLASSES


def a_target_changes_rows_one_by_one(member: Member) -> None:
    """Finite logits of the same shape; no row depends on the others."""
    _, teacher, labels = _rows()
    for values in member.settings():
        target: Target = member.build(**values)
        revised = target.revise(teacher, labels)
        require(revised.shape == teacher.shape, f"shape {tuple(revised.shape)} at {values}")
        require(revised.isfinite().all(), f"a logit is not finite at {values}")
        torch.testing.assert_close(
            target.revise(teacher[3:5], labels[3:5]),
            revised[3:5],
            msg=lambda m: f"a row depends on the rows beside it: {m}",
        )


def a_target_leaves_certain_right_rows_alone(member: Member) -> None:
    """A sure teacher stays right; one that `corrects` makes more rows right."""
    _, teacher, labels = _rows()
    for values in member.settings():
        target: Target = member.build(**values)
        sure = target.revise(40.0 * one_hot(labels, CLASSES).float(), labels)
        require((sure.argmax(-1) == labels).all(), f"a sure and right row turns wrong at {values}")
        before, after = (
            int((x.argmax(-1) == labels).sum()) for x in (teacher, target.revise(teacher, labels))
        )
        require(
            after > before or not target.corrects,
            f"corrects is written, but {before} rows were right and {after} are, at {values}",
        )


def a_weighting_gives_every_row_a_finite_weight(member: Member) -> None:
    """None below zero, for a single row and for networks that are certain too."""
    student, teacher, labels = _rows()
    sure = 80.0 * one_hot(labels, CLASSES).float()
    given = {"of a batch": (student, teacher, labels), "of certain networks": (sure, sure, labels)}
    given["of networks that are certainly wrong"] = (-sure, -sure, labels)
    given["of a single row"] = (student[:1], teacher[:1], labels[:1])
    for values in member.settings():
        weighting: Weighting = member.build(**values)
        for what, rows in given.items():
            weights, shape = weighting.weights(*rows), tuple(rows[2].shape)
            require(weights.shape == shape, f"weights {what}: shape {tuple(weights.shape)}")
            require(weights.isfinite().all(), f"a weight {what} is not finite at {values}")
            require((weights >= 0).all(), f"a weight {what} is below zero at {values}")


def a_weighting_tells_rows_apart(member: Member) -> None:
    """Some rows count more at the defaults, unless it has yet to learn."""
    weighting: Weighting = member.build()
    weights = weighting.weights(*_rows()).tolist()
    require(len(set(weights)) > 1 or weighting.trades, f"every row has the weight {weights[0]:g}")


def _course(schedule: Schedule) -> list[Factors]:
    """The hard loss falls, the logit loss does not; the student is less sure than the teacher."""
    found = []
    for step in range(STEPS):
        found.append(schedule.factors(step / STEPS))
        if schedule.listens:
            teacher = found[-1].teacher * 2 * torch.eye(3)[:2]
            schedule.hear(StepStats(1 - step / STEPS, 1.0, 0.5, torch.zeros(2, 3), teacher))
    return found


def a_schedule_moves_and_keeps_its_factors_between_nothing_and_all(member: Member) -> None:
    """From 0 to 1, a logit loss's up to 2 (half of the weight becomes all); never all zero."""
    for values in member.settings():
        factors = _course(member.build(**values))
        require(len(set(factors)) > 1, f"nothing changes over the training at {values}")
        for f in factors:
            for name, value in vars(f).items():
                top = 2 if name == "logit" else 1
                require(0 <= value <= top, f"the factor {name} is {value:g} at {values}")
            silent = max(f.logit, f.feature, f.hard) <= 0
            require(not silent, f"no part of the loss counts at {values}: {f}")


def a_schedule_that_needs_a_hard_loss_is_one_that_silences_the_logit_loss(member: Member) -> None:
    """`needs` names known parts, and hard just if the logit loss may lose all of its weight."""
    written = member.card.traits.get("needs", Schedule.needs)
    require(written <= NEEDS, f"needs names {sorted(written - NEEDS)}; known: {sorted(NEEDS)}")
    schedule: Schedule = member.build()
    if schedule.listens:
        return
    steps = [schedule.factors(step / STEPS) for step in range(STEPS)]
    silences = any(f.logit < 0.01 and f.hard > 0 for f in steps)
    says = "hard" in schedule.needs
    require(
        silences == says,
        f"needs {'names' if says else 'lacks'} hard, but the logit loss "
        f"{'loses all' if silences else 'never loses all'} of its weight",
    )


_SHARED: tuple[Check, ...] = (*COMMON, all_five_labels_are_written)
TARGETS: tuple[Check, ...] = (
    *_SHARED,
    a_target_changes_rows_one_by_one,
    a_target_leaves_certain_right_rows_alone,
)
WEIGHTINGS: tuple[Check, ...] = (
    *_SHARED,
    a_weighting_gives_every_row_a_finite_weight,
    a_weighting_tells_rows_apart,
)
SCHEDULES: tuple[Check, ...] = (
    *_SHARED,
    a_schedule_moves_and_keeps_its_factors_between_nothing_and_all,
    a_schedule_that_needs_a_hard_loss_is_one_that_silences_the_logit_loss,
)
