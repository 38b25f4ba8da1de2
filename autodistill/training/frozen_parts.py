"""Parts that a fit changes beside its weights, as bytes: losses, samplings, draws, companions."""

import io
import pickle
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from autodistill.training.fit_plan import FitPlan
from autodistill.training.signals import OpenShard


def given(network: Any, shard: OpenShard, plan: FitPlan) -> list[Any]:
    """All that a fit is given and does not change, or that is kept as its weights."""
    tutored = None if plan.mixing is None else plan.mixing.teacher
    known = [shard, *plan.views, plan.live, tutored]
    weights = [*network.parameters(), *network.buffers()]
    return [each for each in (*known, *network.modules(), *weights) if each is not None]


def freeze(parts: Any, known: Sequence[Any]) -> Tensor | None:
    """The parts as bytes, without what is known; None where one of them cannot be written."""
    file = io.BytesIO()
    try:
        _Freezer(file, known).dump(parts)
    except (pickle.PicklingError, AttributeError, TypeError):  # a function without a name, a lock
        return None
    return torch.frombuffer(bytearray(file.getbuffer()), dtype=torch.uint8)


def thaw(data: Tensor, known: Sequence[Any]) -> Any:
    """The parts again, around what is known, which is given in the same order."""
    return _Thawer(io.BytesIO(data.numpy().tobytes()), known).load()


class _Freezer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, known: Sequence[Any]) -> None:
        super().__init__(file)
        self.places = {id(each): place for place, each in enumerate(known)}

    def persistent_id(self, obj: Any) -> int | None:
        """The place of what is known."""
        return self.places.get(id(obj))


class _Thawer(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, known: Sequence[Any]) -> None:
        super().__init__(file)
        self.known = known

    def persistent_load(self, pid: int) -> Any:
        """The known thing at this place."""
        return self.known[pid]
