"""Alignment of the tensors in a safetensors file to multiples of 64 bytes.

Loaders map the file instead of copying it, and matrix kernels may round differently on unaligned
memory: without this, a student read back differs from the trained one in the last bit now and then.
"""

import json
from pathlib import Path
from typing import Any

from autodistill.runtime import files

ALIGNMENT = 64


def align(path: Path) -> None:
    """Rewrite the file in place with aligned tensors.

    The same tensors, odd-sized ones last, the header padded with spaces (the format allows it).
    """
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    head: dict[str, Any] = json.loads(raw[8 : 8 + length])
    data = memoryview(raw)[8 + length :]
    tensors = {name: entry for name, entry in head.items() if name != "__metadata__"}
    order = sorted(
        tensors, key=lambda n: (_size(tensors[n]) % ALIGNMENT != 0, tensors[n]["data_offsets"])
    )
    placed: dict[str, Any] = (
        {"__metadata__": head["__metadata__"]} if "__metadata__" in head else {}
    )
    at = 0
    for name in order:
        placed[name] = {**tensors[name], "data_offsets": [at, at + _size(tensors[name])]}
        at += _size(tensors[name])
    text = json.dumps(placed, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % ALIGNMENT)
    with files.opened(path) as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        for name in order:
            begin, end = tensors[name]["data_offsets"]
            stream.write(data[begin:end])
    # the writer of safetensors makes the file private; whoever serves the student must read it
    path.chmod(0o644)


def _size(entry: dict[str, Any]) -> int:
    begin, end = entry["data_offsets"]
    return int(end - begin)
