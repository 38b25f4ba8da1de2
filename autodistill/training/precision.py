"""Number format of a training on this machine."""

from typing import Any

import torch

from autodistill.runtime.processor import is_bfloat16_fast


def fast_bfloat16() -> bool:
    """Whether this CPU is faster in bfloat16 than in float32."""
    known = dict[str, Any](torch.cpu.get_capabilities())
    flags = {name for name, there in known.items() if there is True}
    return is_bfloat16_fast(flags, intel="Intel" in str(known.get("cpu_name")))
