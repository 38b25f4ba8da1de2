"""Choice of the attention implementation while a network trains.

In bfloat16 and on short texts, eager attention is faster than fused: torch's fused attention on a
CPU has a slow backward pass in bfloat16. Forward and backward of three MiniLM layers and 32 rows
took, on one thread of an AMD EPYC with torch 2.13, 95 ms fused and 50 eager at 12 tokens, 157 and
106 at 32, 657 and 481 at 128; 16 rows of 256 tokens took 669 and 724. In float32 both are equal.
The two differ by rounding; scores, and what is written to disk, use the network's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autodistill.runtime.device import Device

MOST_TOKENS = 128
"""Mean tokens of a row up to which eager attention is faster."""


def training_attention(network: Any, lengths: NDArray[np.int64], device: Device) -> str:
    """The attention to train with on rows of these lengths.

    The network's own, unless that is the fused one and slow here.
    """
    slow = device.is_cpu and device.bfloat16
    own: str = getattr(network.config, "_attn_implementation", "")
    return "eager" if own == "sdpa" and slow and lengths.mean() <= MOST_TOKENS else own


@contextmanager
def attention(network: Any, kind: str) -> Iterator[None]:
    """A context in which the network computes attention this way."""
    own = getattr(network.config, "_attn_implementation", "")
    if kind == own:
        yield
        return
    network.set_attn_implementation(kind)
    try:
        yield
    finally:
        network.set_attn_implementation(own)
