"""TFRecord files: a length with its checksum, the data with its checksum, again and again; plain, or packed as a whole.

    uint64 length   uint32 masked CRC-32C of the length   byte data[length]   uint32 masked CRC-32C of the data
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from .checksum import masked_crc32c
from .errors import DamagedRecord
from .scratch import Scratch

HEADER_BYTES = 12
FOOTER_BYTES = 4
MOST_RECORD_BYTES = 1 << 30
_PACKED_CHUNK = 1 << 16
_ZSTD_CHUNK = 1 << 12  # one block of a few bytes may stand for 128 KiB
_UNPACKED_CHUNK = 1 << 16
_MOST_AT_ONCE = 1 << 23
_SCRATCH = Scratch()


class Compression(IntEnum):
    """How a file is packed. The numbers are those of the index format."""

    NONE = 0
    GZIP = 1
    ZLIB = 2
    ZSTD = 3


class Frame(NamedTuple):
    """One record of a file."""

    offset: int
    """Where it begins, in the unpacked stream."""

    data: bytes | memoryview

    crc: int
    """The masked CRC-32C of the data, as the file has it."""


def compression_of(path: Path) -> Compression:
    """How a file is packed, by its first bytes, whatever its name is."""
    with open(path, "rb") as file:
        head = file.read(HEADER_BYTES)
    if len(head) == HEADER_BYTES and masked_crc32c(head[:8]) == struct.unpack_from("<I", head, 8)[0]:
        return Compression.NONE  # a length may look like a signature; its checksum decides
    if head[:2] == b"\x1f\x8b":
        return Compression.GZIP
    if head[:4] == b"\x28\xb5\x2f\xfd" or (head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50):
        return Compression.ZSTD
    if len(head) >= 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0:
        return Compression.ZLIB
    return Compression.NONE


def read_frames(path: Path, *, check: bool = True, compression: Compression | None = None, copy: bool = True) -> Iterator[Frame]:
    """The records of a file from front to back.

    `check` compares the checksum of each record's data; lengths always are. Without `copy`, data may be a view that is good
    until anything else is read.
    """
    packing = compression_of(path) if compression is None else compression
    with open(path, "rb") as file:
        plain: _Source = file
        source = plain if packing is Compression.NONE else _Unpacker(plain, path, packing)
        left = os.fstat(file.fileno()).st_size if packing is Compression.NONE else None
        offset = 0
        while True:
            frame = _read_frame(source, path, offset, left, check, copy)
            if frame is None:
                return
            yield frame
            step = HEADER_BYTES + len(frame.data) + FOOTER_BYTES
            offset += step
            left = None if left is None else left - step


def _read_frame(source: _Source, path: Path, offset: int, left: int | None, check: bool, copy: bool) -> Frame | None:
    header = source.read(HEADER_BYTES)
    if not header:
        return None
    length = length_of(header, path, offset)
    if left is not None and length + HEADER_BYTES + FOOTER_BYTES > left:
        raise DamagedRecord("the file ends within the record", path, offset)  # before memory is taken for it
    data: bytes | memoryview
    if copy or length > _MOST_AT_ONCE:
        data = source.read(length)  # of a packed file, memory for what is there and not for what the length claims
    else:
        data = _SCRATCH.take(length).data
        data = data[: source.readinto(data)]
    footer = source.read(FOOTER_BYTES)
    if len(footer) < FOOTER_BYTES:
        raise DamagedRecord("the file ends within the record", path, offset)
    crc: int = struct.unpack("<I", footer)[0]
    if check:
        check_data(data, crc, path, offset)
    return Frame(offset, data, crc)


def length_of(header: bytes, path: Path, offset: int) -> int:
    """The length that a record's first twelve bytes tell."""
    if len(header) < HEADER_BYTES:
        raise DamagedRecord("the file ends within the record's header", path, offset)
    length: int
    length, stored = struct.unpack("<QI", header)
    if masked_crc32c(header[:8]) != stored:
        raise DamagedRecord("the length does not have its checksum", path, offset)
    if length > MOST_RECORD_BYTES:
        raise DamagedRecord(f"{length} bytes are too long for a record", path, offset)
    return length


def check_data(data: Any, crc: int, path: Path, offset: int) -> None:
    """Refuses data that does not have its checksum."""
    if masked_crc32c(data) != crc:
        raise DamagedRecord("the data does not have its checksum", path, offset)


class _Source(Protocol):
    """Bytes from front to back."""

    def read(self, count: int, /) -> bytes: ...

    def readinto(self, target: memoryview, /) -> int: ...


class _Unpacker:
    """A packed file, read like the plain one: one zlib stream, or gzip members or zstd frames one after the other."""

    def __init__(self, file: _Source, path: Path, compression: Compression) -> None:
        self._file = file
        self._path = path
        self._compression = compression
        self._inflater: Any = self._new_inflater()
        self._packed = b""
        self._ready = memoryview(b"")
        self._is_done = False

    def read(self, count: int, /) -> bytes:
        pieces = []
        while count and self._fill():
            pieces.append(self._take(count))
            count -= len(pieces[-1])
        return b"".join(pieces)

    def readinto(self, target: memoryview, /) -> int:
        filled = 0
        while filled < len(target) and self._fill():
            piece = self._take(len(target) - filled)
            target[filled : filled + len(piece)] = piece
            filled += len(piece)
        return filled

    def _fill(self) -> bool:
        while not self._ready and not self._is_done:
            self._ready = memoryview(self._inflate())
        return len(self._ready) > 0

    def _take(self, most: int) -> memoryview:
        taken, self._ready = self._ready[:most], self._ready[most:]
        return taken

    def _inflate(self) -> bytes:
        packed = self._packed or self._file.read(_ZSTD_CHUNK if self._compression is Compression.ZSTD else _PACKED_CHUNK)
        self._packed = b""
        if not packed:
            raise DamagedRecord(f"the {self._name} stream is cut off", self._path)
        try:
            if self._compression is Compression.ZSTD:
                unpacked: bytes = self._inflater.decompress(packed)
            else:
                unpacked = self._inflater.decompress(packed, _UNPACKED_CHUNK)
                self._packed = self._inflater.unconsumed_tail
        except (zlib.error, _zstd_error()) as error:
            raise DamagedRecord(f"the {self._name} stream is damaged ({error})", self._path) from error
        if self._inflater.eof:
            self._end_of_stream()
        return unpacked

    def _end_of_stream(self) -> None:
        self._packed = self._inflater.unused_data or self._file.read(_ZSTD_CHUNK)
        if not self._packed:
            self._is_done = True
        elif self._compression is Compression.ZLIB:
            raise DamagedRecord("bytes follow the end of the zlib stream", self._path)
        else:
            self._inflater = self._new_inflater()

    def _new_inflater(self) -> Any:
        if self._compression is Compression.ZSTD:
            return _zstandard(self._path).ZstdDecompressor().decompressobj()
        return zlib.decompressobj(31 if self._compression is Compression.GZIP else 15)

    @property
    def _name(self) -> str:
        return self._compression.name.lower()


def _zstandard(path: Path) -> Any:
    try:
        import zstandard
    except ImportError as error:
        raise ImportError(f"{path} is packed with zstd, which needs the package zstandard; or unpack it with `zstd -d`.") from error
    return zstandard


def _zstd_error() -> type[Exception]:
    try:
        import zstandard
    except ImportError:
        return zlib.error
    error: type[Exception] = zstandard.ZstdError
    return error
