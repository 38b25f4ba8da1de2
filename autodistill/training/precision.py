"""Number format of a training on this machine."""

from typing import Any

import torch

from autodistill.runtime.device import Device
from autodistill.runtime.processor import is_bfloat16_fast


def this_cpu() -> Device:
    """This CPU, in bfloat16 where that is faster than float32."""
    known = dict[str, Any](torch.cpu.get_capabilities())
    flags = {name for name, there in known.items() if there is True}
    fast = is_bfloat16_fast(flags, intel="Intel" in str(known.get("cpu_name")))
    return Device(precision="bfloat16" if fast else "float32")


def number_format(device: Device) -> torch.autocast:
    """A context in which networks are run in the device's number format."""
    return torch.autocast(device.kind, torch.bfloat16, enabled=device.bfloat16)
