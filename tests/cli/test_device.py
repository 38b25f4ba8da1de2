"""The device that a person names."""

from pathlib import Path

import pytest
import torch

from tests.commands import refused, says

pytestmark = pytest.mark.usefixtures("folder", "never")
no_card = pytest.mark.skipif(torch.cuda.device_count() > 0, reason="there is a card")


def test_a_name_that_no_device_has_is_refused_before_the_work(reviews: Path) -> None:
    says(
        refused("--dataset", reviews, "--device", "gpu"),
        "--device gpu: write auto, cpu, cuda, cuda:N or mps",
    )


@no_card
def test_a_card_that_is_not_there_is_refused_with_what_is(reviews: Path, teacher: Path) -> None:
    says(
        refused("--dataset", reviews, "--teacher", teacher, "--device", "cuda:3"),
        "--device cuda:3: there is none here; there is: cpu",
    )


@no_card
def test_the_environment_may_name_it(
    reviews: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTODISTILL_DEVICE", "cuda")

    says(
        refused("--dataset", reviews, "--teacher", teacher),
        "--device cuda: there is none here; there is: cpu",
    )
