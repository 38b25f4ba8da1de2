"""The promises of every loss."""

import warnings

import torch
from torch.autograd.gradcheck import GradcheckError
from torch.nn.functional import one_hot

from autodistill.components.losses import FeatureLoss, HardLoss, LogitLoss
from autodistill.testing._batches import (
    CLASSES,
    ROWS,
    WIDTH,
    applied,
    batch,
    connected,
    selected,
    value_of,
)
from autodistill.testing._members import COMMON, Check, Member, all_five_labels_are_written, require

BASES = {"hard": HardLoss, "logit": LogitLoss, "feature": FeatureLoss}
SIGNALS = frozenset({"labels", "logits", "rows", "pooled", "tokens", "projections"})


def the_class_says_what_it_is(member: Member) -> None:
    """`kind`, `needs` and `at_match` are literal class attributes that fit the base class."""
    loss = connected(member)
    base = BASES.get(loss.kind)
    require(base is not None, f"kind is {loss.kind!r}; choose one of {', '.join(BASES)}")
    require(isinstance(loss, base or ()), f"kind is {loss.kind!r}, but the base class is another's")
    require(loss.needs <= SIGNALS, f"needs names {sorted(loss.needs - SIGNALS)}, which none gives")
    require(
        loss.at_match in ("zero", "minimum", "none"),
        f"at_match is {loss.at_match!r}; choose zero, minimum or none",
    )
    for trait in ("kind", "needs", "at_match"):
        written = member.card.traits.get(trait)
        require(
            written == getattr(loss, trait),
            f"{trait} is {getattr(loss, trait)!r}, but the source says {written!r}; "
            "write a literal on the class itself",
        )


def the_value_is_a_finite_scalar_at_both_ends_of_every_knob(member: Member) -> None:
    """One float32 number, whatever a search chooses."""
    for values in member.settings():
        loss = connected(member, values)
        value = value_of(loss, batch(loss))
        require(value.shape == (), f"the value has shape {tuple(value.shape)} at {values}")
        require(value.dtype == torch.float32, f"the value is {value.dtype} at {values}")
        require(value.isfinite(), f"the value is {value.item()} at {values}")


def half_precision_is_computed_in_float32(member: Member) -> None:
    """Under autocast and with bfloat16 inputs the value is that of float32."""
    loss = connected(member)
    given = batch(loss)
    halves = {k: x.detach().bfloat16() if x.is_floating_point() else x for k, x in given.items()}
    singles = {k: x.float() if x.is_floating_point() else x for k, x in halves.items()}
    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = value_of(loss, halves)
    require(value.dtype == torch.float32, f"the value of bfloat16 inputs is {value.dtype}")
    torch.testing.assert_close(
        value, value_of(loss, singles), msg=lambda m: f"float32 and bfloat16 inputs differ: {m}"
    )


def the_gradient_reaches_the_student_and_never_the_teacher(member: Member) -> None:
    """A finite slope that is not zero for the student, none for anything else."""
    loss = connected(member)
    given = {k: x.detach().requires_grad_(x.is_floating_point()) for k, x in batch(loss).items()}
    torch.autograd.backward(value_of(loss, given))
    slope = given.pop("student").grad
    require(slope is not None, "no gradient reaches the student")
    assert slope is not None
    require(slope.isfinite().all(), "the student's gradient is not finite")
    require(slope.abs().sum() > 0, "the student's gradient is zero")
    reached = [k for k, x in given.items() if x.grad is not None]
    require(not reached, f"a gradient reaches {', '.join(reached)}")


def the_gradient_is_that_of_the_value(member: Member) -> None:
    """Finite differences agree; a loss that `holds` a part constant is left out."""
    loss = connected(member).double()
    if not loss.holds:
        given = batch(loss, torch.float64)
        student = given["student"]
        try:
            torch.autograd.gradcheck(lambda s: value_of(loss, given | {"student": s}), (student,))
        except GradcheckError as error:
            raise AssertionError(f"the gradient is not that of the value: {error}") from error


def the_order_of_the_batch_does_not_matter(member: Member) -> None:
    """The same rows in another order have the same value."""
    loss = connected(member)
    given = batch(loss)
    order = torch.tensor([3, 0, 5, 1, 4, 2])
    torch.testing.assert_close(
        value_of(loss, selected(loss, given, order)),
        value_of(loss, given),
        atol=1e-6,
        rtol=1e-5,
        msg=lambda m: f"the order of the rows changes the value: {m}",
    )


def one_row_gives_a_finite_value_with_a_graph(member: Member) -> None:
    """The last batch of a pass may hold a single row."""
    loss = connected(member)
    value = value_of(loss, selected(loss, batch(loss), torch.tensor([0])))
    require(value.isfinite(), f"the value of one row is {value.item()}")
    require(value.requires_grad, "the value of one row has no graph")


def a_student_equal_to_its_teacher_has_the_loss_that_at_match_promises(member: Member) -> None:
    """No slope there and no smaller value elsewhere; `zero` says that the value is zero."""
    loss = connected(member).double()
    if loss.at_match == "none":
        return
    given = batch(loss, torch.float64)
    same = given["student"].detach().clone().requires_grad_(True)
    value = value_of(loss, given | {"student": same, "teacher": same.detach()})
    (slope,) = torch.autograd.grad(value, same)
    apart = value_of(loss, given)
    (slope_apart,) = torch.autograd.grad(apart, given["student"])
    # a transport plan after a given number of turns is not quite symmetric: hence the thousandth
    allowed = max(1e-6, 1e-3 * slope_apart.abs().max().item())
    require(slope.abs().max() < allowed, f"the slope at a match is {slope.abs().max().item():g}")
    require(value <= apart, f"{value.item():g} at a match, only {apart.item():g} apart")
    if loss.at_match == "zero":
        require(abs(value.item()) < 1e-6, f"the value at a match is {value.item():g}, not zero")


def needs_is_honest_about_labels(member: Member) -> None:
    """Labels change the value, under one setting at least, just if `needs` names them."""
    changes = False
    for values in member.settings():
        loss = connected(member, values)
        given = batch(loss)
        if "labels" in given:
            # in other groups, not under other names: prototypes of classes may not know names
            other = given | {"labels": torch.arange(ROWS) * CLASSES // ROWS}
            changes |= not torch.equal(value_of(loss, given), value_of(loss, other))
    if "labels" in connected(member).needs:
        require(changes, "needs names labels, but no setting's value depends on them")
    else:
        require(not changes, "needs lacks labels, but the value depends on them")


def needs_is_honest_about_the_teacher(member: Member) -> None:
    """`needs` names just the signals of the teacher that the loss is given."""
    loss = connected(member)
    if isinstance(loss, FeatureLoss):
        given = {*([loss.signal] if loss.matches else []), *loss.beside} - {"mask"}
        require(loss.needs == given, f"needs is {sorted(loss.needs)}, given is {sorted(given)}")
        return
    expands = isinstance(loss, LogitLoss) and type(loss).expanded is not LogitLoss.expanded
    for signal, given_it in (("logits", loss.kind == "logit"), ("pooled", expands)):
        says = signal in loss.needs
        require(
            says == given_it,
            f"needs {'names' if says else 'lacks'} {signal}, which a {loss.kind} loss "
            f"{'with' if expands else 'without'} `expanded` is {'' if given_it else 'not '}given",
        )


def a_loss_that_mixup_may_use_takes_shares_of_classes(member: Member) -> None:
    """Labels may be shares of the classes, in which the loss is linear."""
    loss = connected(member)
    if isinstance(loss, FeatureLoss) or not (loss.soft_labels or "labels" not in loss.needs):
        return
    *given, labels = batch(loss).values()
    shares = one_hot(labels, CLASSES).float()
    mixed, value = 0.3 * shares + 0.7 * shares.flip(0), loss(*given, labels)
    blended = 0.3 * value + 0.7 * loss(*given, labels.flip(0))
    for found, expected in ((loss(*given, shares), value), (loss(*given, mixed), blended)):
        torch.testing.assert_close(
            found, expected, msg=lambda m: f"labels that are shares have another value: {m}"
        )


def learned_parts_are_parameters_and_survive_a_state_dict(member: Member) -> None:
    """The state dict of a loss holds what it learns, and nothing else."""
    loss, other = connected(member), connected(member)
    for p in other.parameters():
        torch.nn.init.constant_(p, 0.5)
    other.load_state_dict(loss.state_dict())
    parameters = {n for n, _ in loss.named_parameters()}
    extra = set(loss.state_dict()) - parameters
    require(not extra, f"the state dict holds {sorted(extra)}, which are not parameters")
    ours, theirs = (value_of(m, batch(m)) for m in (loss, other))
    require(torch.equal(ours, theirs), "a loss with the same state dict has another value")


def every_learned_part_is_trained(member: Member) -> None:
    """The value depends on each parameter."""
    loss = connected(member)
    torch.autograd.backward(applied(loss, batch(loss)))
    idle = [n for n, p in loss.named_parameters() if p.grad is None]
    require(not idle, f"no gradient reaches the parameters {', '.join(idle)}")


def width_free_is_honest(member: Member) -> None:
    """A feature loss takes layers of different widths just if `width_free` says so."""
    loss = connected(member, width=WIDTH - 1)
    if not isinstance(loss, FeatureLoss):
        return
    try:
        with warnings.catch_warnings(action="ignore"):
            takes, why = bool(value_of(loss, batch(loss, width=WIDTH - 1)).isfinite()), ""
    except (RuntimeError, TypeError, ValueError) as error:
        takes, why = False, f": {error}"
    require(
        takes == loss.width_free,
        f"width_free is {loss.width_free}, but it {'takes' if takes else 'refuses'} widths "
        f"{WIDTH - 1} and {WIDTH}{why}",
    )


LOSSES: tuple[Check, ...] = (
    *COMMON,
    all_five_labels_are_written,
    the_class_says_what_it_is,
    the_value_is_a_finite_scalar_at_both_ends_of_every_knob,
    half_precision_is_computed_in_float32,
    the_gradient_reaches_the_student_and_never_the_teacher,
    the_gradient_is_that_of_the_value,
    the_order_of_the_batch_does_not_matter,
    one_row_gives_a_finite_value_with_a_graph,
    a_student_equal_to_its_teacher_has_the_loss_that_at_match_promises,
    needs_is_honest_about_labels,
    needs_is_honest_about_the_teacher,
    a_loss_that_mixup_may_use_takes_shares_of_classes,
    learned_parts_are_parameters_and_survive_a_state_dict,
    every_learned_part_is_trained,
    width_free_is_honest,
)
