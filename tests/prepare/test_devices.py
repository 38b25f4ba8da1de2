"""The devices of this machine, found by name; no card is needed to try it."""

import os

import pytest

from autodistill.errors import SpecError, TeacherError
from autodistill.prepare import devices
from autodistill.prepare.apart import run_on
from autodistill.prepare.devices import find_device
from autodistill.runtime.device import CPU, Device
from autodistill.runtime.progress import Tick


@pytest.fixture
def two_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with two cards."""
    monkeypatch.setattr(devices, "card_count", lambda: 2)
    monkeypatch.setattr(devices, "has_mps", lambda: False)
    monkeypatch.setattr(devices, "examined", lambda n: Device("cuda", n, "bfloat16", "a card"))


@pytest.fixture
def no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any."""
    monkeypatch.setattr(devices, "card_count", lambda: 0)
    monkeypatch.setattr(devices, "has_mps", lambda: False)


@pytest.mark.usefixtures("two_cards")
def test_the_first_card_is_taken_by_itself_and_another_one_by_its_number() -> None:
    assert [find_device(n).place for n in ("auto", "cuda", "cuda:1")] == [
        "cuda:0",
        "cuda:0",
        "cuda:1",
    ]
    assert find_device("cpu").is_cpu


@pytest.mark.usefixtures("no_card")
def test_without_a_card_it_is_the_cpu() -> None:
    assert find_device("auto") == find_device("cpu")
    assert find_device("auto").is_cpu


@pytest.mark.usefixtures("two_cards")
def test_a_card_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(SpecError, match=r"cuda:2: there is none here; .*: cpu, cuda:0, cuda:1\."):
        find_device("cuda:2")


@pytest.mark.usefixtures("no_card")
@pytest.mark.parametrize("name", ["cuda", "cuda:1", "mps"])
def test_a_machine_without_cards_says_so(name: str) -> None:
    with pytest.raises(SpecError, match=f"--device {name}: there is none here; there is: cpu"):
        find_device(name)


def test_a_mac_is_named_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "card_count", lambda: 0)
    monkeypatch.setattr(devices, "has_mps", lambda: True)

    assert find_device("auto").is_cpu
    assert find_device("mps") == Device("mps")


def process(fails: bool, tick: Tick) -> int:
    """The number of the process that this runs in."""
    tick(1, 2)
    if fails:
        raise TeacherError("the teacher is no good")
    return os.getpid()


def test_work_on_a_card_is_done_in_a_process_of_its_own() -> None:
    said: list[tuple[int, int]] = []

    on_cpu, on_card = (
        run_on(device, "it", process, False, tick=lambda *x: said.append(x))
        for device in (CPU, Device("cuda"))
    )

    assert on_cpu == os.getpid() != on_card
    assert said == [(1, 2), (1, 2)]


def test_a_persons_mistake_comes_back_from_there_as_such() -> None:
    with pytest.raises(TeacherError, match=r"^the teacher is no good$"):
        run_on(Device("cuda"), "it", process, True, tick=lambda *_: None)


def test_a_card_that_cannot_be_used_is_one_message() -> None:
    if devices.card_count():
        pytest.skip("there is a card")
    with pytest.raises(SpecError, match="cuda:0: the card is there, but cannot be used: "):
        devices.examined(0)


@pytest.mark.parametrize(("name", "like"), [("cuda", (1, 3)), ("auto", (1, 3)), ("cuda:0", ())])
def test_a_card_without_a_number_stands_for_all_of_its_model(
    name: str, like: tuple[int, ...], two_cards: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        devices, "card_names", lambda: ["a card", "a card", "another card", "a card"]
    )

    assert find_device(name).like == like


def test_a_device_of_several_cards_names_them() -> None:
    assert str(Device("cuda", 0, name="A100", like=(1,))) == "cuda:0, cuda:1 (A100)"
