"""Predicted classes as text: two bytes for each row, compressed, for files and the database."""

import base64
import zlib

MOST_BYTES = 100_000_000
"""Largest size of the predictions of one run."""


def pack(data: bytes) -> str:
    """Bytes as text."""
    return base64.b85encode(zlib.compress(data, 9)).decode()


def unpack(text: str) -> bytes:
    """The bytes of a text; raises ValueError or zlib.error where it is damaged."""
    stream = zlib.decompressobj()
    data = stream.decompress(base64.b85decode(text), MOST_BYTES)
    if not stream.eof or stream.unused_data:
        raise ValueError("it is cut off, too long, or has something behind it")
    if len(data) % 2:
        raise ValueError(f"{len(data)} bytes are not two for each row")
    return data
