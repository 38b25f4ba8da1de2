"""What every member of the family losses promises, over the whole folder."""

import copy
import json

import pytest
import torch
from jaxtyping import TypeCheckError
from torch import Tensor

from autodistill.components.losses import FeatureLoss, HardLoss, LogitLoss, Loss
from autodistill.registry import families
from autodistill.study.rules import takes_mixed_labels
from tests.contracts.members import corners
from tests.paths import of_member

ROWS, CLASSES, WIDTH, TOKENS = 6, 3, 5, 4
BASES = {"hard": HardLoss, "logit": LogitLoss, "feature": FeatureLoss}
SLOPE_LEFT = {"sinkhorn": 1e-4}
"""At a match: after a given number of turns a transport plan is not quite symmetric."""
BY_OPTION = {"affinity_bank"}
"""Look at labels under one of their options, which is not the default."""
every_loss = pytest.mark.parametrize("name", families.names("losses"))


def make(name: str, values: dict[str, object] | None = None, width: int = WIDTH) -> Loss:
    """A loss with its learned parts, the same ones every time."""
    torch.manual_seed(0)
    loss: Loss = families.build("losses", name, values or {})
    if isinstance(loss, FeatureLoss):
        loss.classes, loss.heads = CLASSES, (1, 1)
    loss.connect(width, WIDTH)
    if isinstance(loss, FeatureLoss):
        loss.learn(torch.randn(12, WIDTH), torch.arange(12) % CLASSES, torch.arange(12))
    return loss


def inputs(loss: Loss, dtype: torch.dtype = torch.float32, width: int = WIDTH) -> dict[str, Tensor]:
    """A student that wants gradients, then a teacher and what this kind of loss takes beside."""
    torch.manual_seed(1)
    labels, logits = torch.arange(ROWS) % CLASSES, torch.randn(ROWS, CLASSES, dtype=dtype)
    if not isinstance(loss, FeatureLoss):
        student = torch.randn(ROWS, CLASSES, dtype=dtype).requires_grad_(True)
        return (
            {"student": student, "labels": labels}
            if loss.kind == "hard"
            else {"student": student, "teacher": logits, "labels": labels}
        )
    by_row, ahead = (ROWS, TOKENS) if "mask" in loss.beside else (ROWS,), batch_place(loss)
    ahead_shape = ((3,) if loss.signal == "projections" else (2,) if loss.spans else ())[:ahead]
    student, teacher = (torch.randn(*ahead_shape, *by_row, w, dtype=dtype) for w in (width, WIDTH))
    mask = (torch.arange(TOKENS) < torch.tensor([4, 2, 3, 4, 1, 3]).unsqueeze(1)).long()
    known = {"labels": labels, "logits": logits, "mask": mask, "rows": torch.arange(ROWS)}
    return {"student": student.requires_grad_(True), "teacher": teacher} | {
        n: known[n] for n in loss.beside
    }


def batch_place(loss: Loss) -> int:
    """Which dimension of a feature counts rows."""
    return int(isinstance(loss, FeatureLoss) and (loss.signal == "projections" or loss.spans))


def chosen(loss: Loss, given: dict[str, Tensor], rows: Tensor) -> dict[str, Tensor]:
    """These rows of everything."""
    return {
        k: x.index_select(batch_place(loss) if k in ("student", "teacher") else 0, rows)
        for k, x in given.items()
    }


def call(loss: Loss, given: dict[str, Tensor]) -> Tensor:
    """The value, with the same draws each time; a loss that remembers does so in a copy."""
    torch.manual_seed(2)
    beside = {k: v for k, v in given.items() if k not in ("student", "teacher")}
    own = copy.deepcopy(loss)
    if isinstance(loss, FeatureLoss):
        return own(given["student"], given["teacher"], **beside)  # type: ignore[no-any-return]
    return own(*given.values())  # type: ignore[no-any-return]


@every_loss
def test_a_default_is_inside_its_range(name: str) -> None:
    assert [
        k.name for k in families.card("losses", name).knobs.values() if k.domain.problem(k.default)
    ] == []


@every_loss
def test_a_loss_is_a_finite_scalar_at_both_ends_of_every_knob(name: str) -> None:
    for values in [{}, *corners("losses", name)]:
        loss = make(name, values)

        value = call(loss, inputs(loss))

        assert value.shape == ()
        assert value.dtype == torch.float32
        assert value.isfinite(), values


@every_loss
def test_knobs_are_stored_unchanged_and_survive_json(name: str) -> None:
    knobs = families.card("losses", name).knobs
    for values in [{k: knob.default for k, knob in knobs.items()}, *corners("losses", name)]:
        loss = make(name, json.loads(json.dumps(values)))

        assert {k: getattr(loss, k) for k in values} == values


@every_loss
def test_the_class_says_what_it_is(name: str) -> None:
    loss, card = make(name), families.card("losses", name)

    assert isinstance(loss, BASES[loss.kind])
    assert loss.needs <= {"labels", "logits", "rows", "pooled", "tokens", "projections"}
    assert loss.at_match in {"zero", "minimum", "none"}
    assert {k: card.traits[k] for k in ("kind", "needs", "at_match")} == {
        k: getattr(loss, k) for k in ("kind", "needs", "at_match")
    }


@every_loss
def test_the_five_labels_are_written(name: str) -> None:
    card = families.card("losses", name)

    assert card.summary
    assert set(card.labels) == {"Source", "Idea", "Inputs", "Units", "Differs"}


@every_loss
def test_half_precision_is_computed_in_float32(name: str) -> None:
    loss = make(name)
    given = inputs(loss)
    halves = {k: x.detach().bfloat16() if x.is_floating_point() else x for k, x in given.items()}
    singles = {k: x.float() if x.is_floating_point() else x for k, x in halves.items()}

    with torch.autocast("cpu", dtype=torch.bfloat16):
        value = call(loss, halves)

    assert value.dtype == torch.float32
    assert value.isfinite()
    torch.testing.assert_close(value, call(loss, singles))


@every_loss
def test_the_gradient_reaches_the_student_and_never_the_teacher(name: str) -> None:
    loss = make(name)
    given = {k: x.detach().requires_grad_(x.is_floating_point()) for k, x in inputs(loss).items()}

    call(loss, given).backward()

    slope = given.pop("student").grad
    assert slope is not None
    assert slope.isfinite().all()
    assert slope.abs().sum() > 0
    assert all(x.grad is None for x in given.values())


@every_loss
def test_the_gradient_is_that_of_the_value(name: str) -> None:
    loss = make(name).double()
    if loss.holds:
        pytest.skip("holds a part constant: the reference numbers check its gradient")
    given = inputs(loss, torch.float64)

    assert torch.autograd.gradcheck(
        lambda s: call(loss, given | {"student": s}), (given["student"],)
    )


@every_loss
def test_the_order_of_the_batch_does_not_matter(name: str) -> None:
    loss = make(name)
    given = inputs(loss)
    order = torch.tensor([3, 0, 5, 1, 4, 2])

    torch.testing.assert_close(
        call(loss, chosen(loss, given, order)), call(loss, given), atol=1e-6, rtol=1e-5
    )


@every_loss
def test_one_row_gives_a_finite_value_with_a_graph(name: str) -> None:
    loss = make(name)
    value = call(loss, chosen(loss, inputs(loss), torch.tensor([0])))

    assert value.isfinite()
    assert value.requires_grad


@every_loss
def test_a_student_equal_to_its_teacher_has_the_loss_that_at_match_promises(name: str) -> None:
    loss = make(name).double()
    given = inputs(loss, torch.float64)
    if loss.at_match == "none":
        pytest.skip("promises nothing")
    same = given["student"].detach().clone().requires_grad_(True)

    value = call(loss, given | {"student": same, "teacher": same.detach()})
    (slope,) = torch.autograd.grad(value, same)

    assert slope.abs().max() < SLOPE_LEFT.get(name, 1e-6)
    assert value <= call(loss, given)
    if loss.at_match == "zero":
        assert abs(value.item()) < 1e-6


@every_loss
def test_needs_is_honest_about_labels(name: str) -> None:
    loss = make(name)
    given = inputs(loss)
    if loss.kind == "feature" and "labels" not in loss.needs:
        return  # is not given any
    other = given | {"labels": (given["labels"] + 1) % CLASSES}

    assert torch.equal(call(loss, given), call(loss, other)) == (
        name in BY_OPTION or "labels" not in loss.needs
    )


@every_loss
def test_a_loss_that_mixup_may_use_takes_shares_of_classes(name: str) -> None:
    loss = make(name)
    if loss.kind == "feature" or not takes_mixed_labels(name):
        pytest.skip("never sees labels, or takes classes only")
    *given, labels = inputs(loss).values()
    shares = torch.nn.functional.one_hot(labels, CLASSES).float()

    torch.testing.assert_close(loss(*given, shares), loss(*given, labels))
    mixed, other = 0.3 * shares + 0.7 * shares.flip(0), loss(*given, labels.flip(0))
    torch.testing.assert_close(loss(*given, mixed), 0.3 * loss(*given, labels) + 0.7 * other)


@every_loss
def test_needs_is_honest_about_the_teacher(name: str) -> None:
    loss = make(name)

    if isinstance(loss, FeatureLoss):
        assert loss.needs == {*([loss.signal] if loss.matches else []), *loss.beside} - {"mask"}
        return
    assert ("logits" in loss.needs) == (loss.kind == "logit")
    assert ("pooled" in loss.needs) == (
        isinstance(loss, LogitLoss) and type(loss).expanded is not LogitLoss.expanded
    )


@pytest.mark.parametrize(
    "name",
    [
        n
        for n in families.names("losses")
        if {"logits", "pooled"} <= families.card("losses", n).traits["needs"]
    ],
)
def test_what_is_made_of_the_teacher_fits_the_losss_own_head(name: str) -> None:
    loss = make(name)
    assert isinstance(loss, LogitLoss)
    assert loss.head
    torch.manual_seed(3)
    states, logits, labels = (
        torch.randn(60, WIDTH),
        torch.randn(60, CLASSES),
        torch.arange(60) % CLASSES,
    )
    loss.learn(states, logits, labels)

    found = loss.expanded(logits, states)

    assert found.shape == (60, loss.outputs(CLASSES))
    assert loss(
        found, found, torch.nn.functional.one_hot(labels, CLASSES).float()
    ).isfinite()  # labels as mixup makes them
    assert found.isfinite().all()
    torch.testing.assert_close(loss.expanded(logits[7:9], states[7:9]), found[7:9])
    loss.learn(
        states[:3], logits[:3], torch.zeros(3, dtype=torch.long)
    )  # a class without rows, one with fewer rows than parts
    assert loss.expanded(logits, states).isfinite().all()


@every_loss
def test_learned_parts_are_parameters_and_survive_a_state_dict(name: str) -> None:
    loss, other = make(name), make(name)
    for p in other.parameters():
        torch.nn.init.constant_(p, 0.5)

    other.load_state_dict(loss.state_dict())

    assert set(loss.state_dict()) == {n for n, _ in loss.named_parameters()}
    assert torch.equal(call(loss, inputs(loss)), call(other, inputs(other)))


@every_loss
def test_every_learned_part_is_trained(name: str) -> None:
    loss = make(name)

    given = inputs(loss)
    student, teacher = given.pop("student"), given.pop("teacher", None)
    (
        loss(student, teacher, **given)
        if isinstance(loss, FeatureLoss)
        else loss(*inputs(loss).values())
    ).backward()

    assert [n for n, p in loss.named_parameters() if p.grad is None] == []


@every_loss
def test_width_free_is_honest(name: str) -> None:
    loss = make(name)
    if loss.kind != "feature":
        pytest.skip("looks at logits")
    narrow = make(name, width=WIDTH - 1)
    given = inputs(narrow, width=WIDTH - 1)

    if loss.width_free:
        assert call(narrow, given).isfinite()
    else:
        with pytest.raises(TypeCheckError, match="width"):
            call(narrow, given)


@every_loss
def test_every_member_has_its_own_test(name: str) -> None:
    if not (families.folder("losses") / f"{name}.py").exists():
        pytest.skip("from another package")

    assert of_member("losses", name).exists()


def test_shapes_are_checked_while_testing() -> None:
    with pytest.raises(TypeCheckError, match="parameter 'teacher'"):
        make("kl")(torch.zeros(2, 3), torch.zeros(2, 4), torch.zeros(2, dtype=torch.long))
