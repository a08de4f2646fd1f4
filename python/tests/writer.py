"""Writes TFRecords for the tests by other means than the reader: struct, and a CRC-32C bit by bit."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

_TABLE = []
for _byte in range(256):
    for _ in range(8):
        _byte = _byte >> 1 ^ (0x82F63B78 if _byte & 1 else 0)
    _TABLE.append(_byte)


def crc32c(data: bytes) -> int:
    state = 0xFFFFFFFF
    for byte in data:
        state = _TABLE[(state ^ byte) & 0xFF] ^ state >> 8
    return state ^ 0xFFFFFFFF


def masked(data: bytes) -> bytes:
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def frame(data: bytes) -> bytes:
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | 2) + varint(len(content)) + content


def feature(values: Sequence[bytes] | Sequence[float] | Sequence[int] | np.ndarray) -> bytes:
    if isinstance(values, np.ndarray):
        return field(2, field(1, values.astype("<f4").tobytes()))
    if values and isinstance(values[0], bytes):
        return field(1, b"".join(field(1, value) for value in values))
    return field(3, field(1, b"".join(varint(value & (1 << 64) - 1) for value in values)))


def example(**features: Sequence[bytes] | Sequence[int] | np.ndarray) -> bytes:
    return field(1, b"".join(field(1, field(1, name.encode()) + field(2, feature(values))) for name, values in features.items()))


def picture(number: int, size: int = 4, **more: Sequence[bytes] | Sequence[int] | np.ndarray) -> bytes:
    """A picture whose numbers are made of its own number."""
    count = size * size
    return example(
        image_name=[f"data/resized/{number:06}.jpeg".encode()],
        image_l=np.linspace(-1, 1, count) * (number % 7) / 7,
        image_ab=np.linspace(-0.5, 0.5, 2 * count) + number / 1000,
        image_embedding=np.full(5, number),
        **more,
    )


def write(path: Path, datas: Iterable[bytes]) -> Path:
    """A plain file, or one that is packed as its ending tells."""
    content = b"".join(frame(data) for data in datas)
    if path.suffix == ".gz":
        content = gzip.compress(content)
    elif path.suffix == ".zlib":
        content = zlib.compress(content)
    elif path.suffix == ".zst":
        import zstandard

        content = zstandard.ZstdCompressor().compress(content)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def write_set(folder: Path, counts: Sequence[int], *, ending: str = "", validation: Sequence[int] = ()) -> Path:
    """Records 0, 1, ... of so many pictures, numbered through."""
    begin = 0
    for number, count in enumerate(counts):
        prefix = "val_" if number in validation else ""
        write(folder / f"{prefix}lab_images_{number}.tfrecord{ending}", (picture(i) for i in range(begin, begin + count)))
        begin += count
    return folder
