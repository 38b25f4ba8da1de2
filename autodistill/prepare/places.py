"""The places of trials: one for each worker, on every card, as far as memory goes."""

from dataclasses import replace

import torch

from autodistill.runtime.device import Device
from autodistill.training.trial_data import TrialData

CONTEXT_BYTES = 600_000_000
"""Memory of a card that each process on it takes before its first tensor, about."""
HEADROOM = 1.5
"""Memory of the largest trial over that of the trials that were timed."""
USABLE = 0.9
"""Share of a card's free memory that trials may use."""


def trials_held(device: Device) -> int:
    """Trials that the memory of a card holds at once; 0 where nothing is known, as on a CPU.

    To be called in a process that has run some of them.
    """
    if device.kind != "cuda":
        return 0
    free, _ = torch.cuda.mem_get_info(device.index)
    peak = torch.cuda.max_memory_reserved(device.index)
    return held(free + torch.cuda.memory_reserved(device.index), peak)


def held(free: int, peak: int) -> int:
    """Trials of this peak that fit in so many free bytes; one is tried in any case."""
    return max(1, int(USABLE * free / (HEADROOM * peak + CONTEXT_BYTES)))


def at_once(device: Device, workers: int, on_card: int | None) -> int:
    """Trials that run at once: as many as there are workers, fewer where cards hold fewer."""
    return min(workers, on_card * (1 + len(device.like))) if on_card else workers


def places(data: TrialData, workers: int, on_card: int | None) -> tuple[TrialData, ...]:
    """The data of each place; places take the cards in turn, and share the memory of one."""
    device = data.device
    if device.kind != "cuda":
        return (data,) * workers
    cards, count = (device.index, *device.like), at_once(device, workers, on_card)
    taken = [cards[n % len(cards)] for n in range(count)]
    of_place = [
        replace(device, index=card, like=(), memory_share=1 / taken.count(card)) for card in taken
    ]
    return tuple(replace(data, device=each) for each in of_place)
