"""Promises of every proxy: it changes nothing.

Neither the order of rows nor what stands in padding matters.
"""

import hashlib
from typing import Any

import pytest
import torch
from transformers import BertConfig, BertForSequenceClassification

from autodistill.components.students._networks.residual import (
    ResidualConfig,
    ResidualForImageClassification,
)
from autodistill.registry import families
from autodistill.search.screening.proxies import ForwardOutput, Proxy
from tests.contracts.members import corners

every_proxy = pytest.mark.parametrize("name", families.names("proxies"))
COMPARING = [
    n for n in families.names("proxies") if families.card("proxies", n).traits.get("compares")
]


def network(layers: int = 2, width: int = 32, seed: int = 0) -> Any:
    """An untrained classifier of three classes."""
    torch.manual_seed(seed)
    sizes = {
        "vocab_size": 60,
        "hidden_size": width,
        "num_hidden_layers": layers,
        "num_attention_heads": 2,
        "intermediate_size": 2 * width,
    }
    return BertForSequenceClassification(BertConfig(**sizes, num_labels=3)).eval()


def rows(order: list[int] | None = None, padding: int = 0) -> ForwardOutput:
    """Six rows of four to six tokens."""
    torch.manual_seed(1)
    mask = (torch.arange(6) < torch.tensor([6, 4, 5, 6, 4, 5]).unsqueeze(1)).long()
    ids = torch.where(mask.bool(), torch.randint(5, 60, (6, 6)), padding)
    place = torch.tensor(order or list(range(6)))
    inputs = {
        "input_ids": ids[place],
        "attention_mask": mask[place],
        "token_type_ids": torch.zeros_like(ids),
    }
    answers = torch.tensor([[2.0, 0, -1], [0, 1, 0], [-1, 0, 2], [1, 0, 0], [0, 2, 1], [0, 0, 1]])
    return ForwardOutput(inputs, torch.tensor([0, 1, 2, 0, 1, 2])[place], answers[place])


def score(name: str, student: Any, shown: ForwardOutput, **knobs: Any) -> float:
    """Beside a teacher of another width where one is compared."""
    proxy: Proxy = families.build("proxies", name, knobs)
    return proxy.score(student, network(3, 32, seed=5) if proxy.compares else None, shown)


@every_proxy
def test_it_is_a_number_at_every_knob_and_the_network_is_as_before(name: str) -> None:
    student = network()
    before = digest(student)
    flags = [p.requires_grad for p in student.parameters()]

    for values in [{}, *corners("proxies", name)]:
        found = score(name, student, rows(), **values)

        assert isinstance(found, float)
        assert found == found  # a number
    assert digest(student) == before
    assert [p.requires_grad for p in student.parameters()] == flags
    assert all(p.grad is None for p in student.parameters())
    assert not [
        h
        for m in student.modules()
        for h in m._forward_hooks.values()
        if getattr(h, "__name__", "") == "<lambda>"
    ]


@pytest.mark.parametrize(
    "name", [n for n in families.names("proxies") if n != "first_steps"]
)  # its steps have an order
def test_neither_the_order_of_rows_nor_padding_matters(name: str) -> None:
    student = network()

    first, turned, padded = (
        score(name, student, shown) for shown in (rows(), rows([3, 0, 5, 1, 4, 2]), rows(padding=9))
    )

    assert turned == pytest.approx(first, rel=1e-4, abs=1e-7)
    assert padded == pytest.approx(first, rel=1e-4, abs=1e-7)


def images() -> ForwardOutput:
    """Six of them, two of each class."""
    torch.manual_seed(1)
    return ForwardOutput(
        {"pixel_values": torch.randn(6, 3, 8, 8)},
        torch.tensor([0, 1, 2, 0, 1, 2]),
        torch.randn(6, 3),
    )


def residual(depths: tuple[int, ...] = (1, 1, 1), seed: int = 0) -> Any:
    """An untrained network for images, of three classes."""
    torch.manual_seed(seed)
    return ResidualForImageClassification(
        ResidualConfig(depths=depths, widths=(4, 4, 8), num_labels=3)
    ).eval()


@every_proxy
def test_it_scores_networks_for_images_that_norm_by_batch_and_leaves_them_as_they_were(
    name: str,
) -> None:
    proxy: Proxy = families.build("proxies", name, {})
    student, teacher = residual(), residual((2, 2, 2), seed=5)
    before = digest(student)

    found = proxy.score(student, teacher if proxy.compares else None, images())

    assert found == found or name == "head_confidence"  # which needs attention
    assert digest(student) == before
    if proxy.compares:
        assert proxy.score(teacher, teacher, images()) == pytest.approx(0.0, abs=1e-7)
        assert found < 0


@pytest.mark.parametrize("name", COMPARING)
def test_a_student_equal_to_its_teacher_has_the_best_score(name: str) -> None:
    proxy: Proxy = families.build("proxies", name, {})
    teacher = network(3, seed=5)

    best = proxy.score(teacher, teacher, rows())

    assert best == pytest.approx(0.0, abs=1e-7)
    assert all(proxy.score(network(2, seed=s), teacher, rows()) < best for s in range(3))


@pytest.mark.parametrize("name", [n for n in COMPARING if n != "channels"])
def test_widths_may_differ(name: str) -> None:
    assert score(name, network(width=16), rows()) < 0


@every_proxy
def test_the_labels_are_written(name: str) -> None:
    assert {"Source", "Idea", "Inputs", "Units", "Differs"} <= set(
        families.card("proxies", name).labels
    )


def digest(student: Any) -> str:
    """A digest of everything in it."""
    return hashlib.sha256(
        b"".join(v.numpy().tobytes() for v in student.state_dict().values())
    ).hexdigest()
