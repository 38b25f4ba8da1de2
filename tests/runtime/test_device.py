"""The processor that networks run on."""

import pytest

from autodistill.errors import SpecError
from autodistill.runtime.device import CPU, MARKS, Device, check_device

CARD = Device("cuda", 1, "bfloat16", "NVIDIA H200")


def test_a_cpu_is_in_cache_keys_what_it_was_before_there_were_others() -> None:
    assert [repr(Device(precision=p).mark) for p in ("float32", "bfloat16")] == ["False", "True"]


def test_two_cards_of_one_kind_have_one_mark_and_no_cpus() -> None:
    assert CARD.mark == Device("cuda", 0, "bfloat16").mark
    assert CARD.mark in MARKS
    assert CARD.mark not in (CPU.mark, CPU.exact.mark, CARD.exact.mark)


def test_seconds_are_those_of_a_model_and_say_nothing_on_a_cpu() -> None:
    assert (CPU.speed, CARD.speed) == ("", "cuda NVIDIA H200 bfloat16")


def test_torch_knows_it_by_its_place() -> None:
    assert [d.place for d in (CPU, CARD, Device("mps"))] == ["cpu", "cuda:1", "mps"]


@pytest.mark.parametrize("name", ["auto", "cpu", "cuda", "cuda:0", "cuda:12", "mps"])
def test_a_device_has_one_of_these_names(name: str) -> None:
    check_device(name)


@pytest.mark.parametrize("name", ["", "gpu", "CUDA", "cuda:", "cuda:x", "cuda:-1", "mps:0", "cpu "])
def test_another_name_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(SpecError, match="write auto, cpu, cuda, cuda:N or mps"):
        check_device(name)
