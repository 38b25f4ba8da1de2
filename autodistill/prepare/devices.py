"""The devices of this machine: found by name, without touching a card in this process."""

from dataclasses import replace

import torch

from autodistill.errors import SpecError
from autodistill.prepare.apart import run_on, unseen
from autodistill.runtime.device import AUTO, Device, check_device
from autodistill.runtime.progress import Tick
from autodistill.training.precision import this_cpu


def find_device(name: str) -> Device:
    """The device of this name: auto, cpu, cuda, cuda:1 or mps.

    `auto` is the first card of CUDA, else the CPU; never mps, which is used where it is named: it
    has not been measured. A card without a number stands for all of its model. Raises SpecError
    for a device that is not there.
    """
    check_device(name)
    kind, _, place = name.partition(":")
    number = int(place or 0)
    if kind == "mps" and has_mps():
        return Device("mps")
    if kind == "cpu" or (kind == AUTO and not card_count()):
        return this_cpu()
    if kind in ("cuda", AUTO) and number < card_count():
        return examined(number) if place else with_its_like(examined(number))
    cards = card_count()
    there = ["cpu", *(f"cuda:{n}" for n in range(cards)), *(["mps"] if has_mps() else [])]
    built = torch.version.cuda is not None or torch.version.hip is not None
    hint = "" if kind != "cuda" or built else " This PyTorch is a build without CUDA."
    raise SpecError(f"--device {name}: there is none here; there is: {', '.join(there)}.{hint}")


def card_count() -> int:
    """Number of cards: the driver's library is asked, which leaves the cards alone."""
    return torch.cuda.device_count()


def has_mps() -> bool:
    """Whether this is a Mac whose graphics processor PyTorch can use."""
    return torch.backends.mps.is_available()


def with_its_like(card: Device) -> Device:
    """The card with the others of its model."""
    names = card_names()
    same = [n for n, name in enumerate(names) if n != card.index and name == card.name]
    return replace(card, like=tuple(same))


def card_names() -> list[str]:
    """Models of the cards; several are looked at by a process of its own."""
    if card_count() < 2:
        return []
    return run_on(Device("cuda"), "looking at the cards", _card_names, tick=unseen)


def _card_names(_: Tick) -> list[str]:
    return [torch.cuda.get_device_name(n) for n in range(card_count())]


def examined(place: int) -> Device:
    """A card with its model's name, in bfloat16 if it has that; a process of its own asks it.

    Raises SpecError where it cannot be used.
    """
    card = Device("cuda", place)
    return run_on(card, "looking at the card", _examine, place, tick=unseen)


def _examine(place: int, _: Tick) -> Device:
    try:
        torch.zeros(1, device=f"cuda:{place}")
        known = torch.cuda.get_device_properties(place)
    except (RuntimeError, AssertionError) as error:
        raise SpecError(
            f"--device cuda:{place}: the card is there, but cannot be used: "
            f"{str(error).splitlines()[0]}. Give --device cpu, or another card."
        ) from None
    fast = known.major >= 8 or torch.version.hip is not None
    return Device("cuda", place, "bfloat16" if fast else "float32", known.name)
