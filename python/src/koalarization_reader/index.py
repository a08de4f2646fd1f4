"""Where the records of a file begin, kept in an index file, so that any record can be read without the others.

The format, version 1, little-endian:

    char    magic[8] = "KOALAIDX"
    uint32  version = 1
    uint32  compression: 0 none, 1 gzip, 2 zlib, 3 zstd
    uint64  bytes of the record file
    byte    SHA-256 of samples of the record file (`_sample_hash`)
    uint64  n, the number of records
    n times:
        uint64  offset at which the record begins, in the unpacked stream
        uint32  length of its data
        uint32  masked CRC-32C of its data
    byte    SHA-256 of all bytes before

An index whose own hash, version, size or samples do not agree is made again.
"""

from __future__ import annotations

import hashlib
import os
import struct
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .errors import DamagedRecord
from .framing import FOOTER_BYTES, HEADER_BYTES, Compression, compression_of, length_of, read_frames

ENDING = ".koala-index"
VERSION = 1
_MAGIC = b"KOALAIDX"
_HEAD = struct.Struct("<8sIIQ32sQ")
_HASH_BYTES = 32
_SAMPLES = 16
_SAMPLE_BYTES = 4096

ENTRY = np.dtype([("offset", "<u8"), ("length", "<u4"), ("crc", "<u4")])


@dataclass(frozen=True, eq=False)
class RecordIndex:
    """The records of one file."""

    compression: Compression
    file_bytes: int
    sample_hash: bytes
    entries: npt.NDArray[np.void]
    """[n] of ENTRY."""

    def __len__(self) -> int:
        return len(self.entries)

    def to_bytes(self) -> bytes:
        """The content of an index file."""
        head = _HEAD.pack(_MAGIC, VERSION, self.compression, self.file_bytes, self.sample_hash, len(self.entries))
        content = head + self.entries.tobytes()
        return content + hashlib.sha256(content).digest()

    @staticmethod
    def from_bytes(content: bytes) -> RecordIndex | None:
        """The index that bytes are; None where they are none of this version, or not whole."""
        body, own_hash = content[:-_HASH_BYTES], content[-_HASH_BYTES:]
        if len(body) < _HEAD.size or hashlib.sha256(body).digest() != own_hash:
            return None
        magic, version, compression, file_bytes, sample_hash, count = _HEAD.unpack_from(body)
        if magic != _MAGIC or version != VERSION or compression > max(Compression):
            return None
        if len(body) != _HEAD.size + count * ENTRY.itemsize:
            return None
        return RecordIndex(Compression(compression), file_bytes, sample_hash, np.frombuffer(body, ENTRY, offset=_HEAD.size))

    def is_of(self, path: Path) -> bool:
        """Whether the file has the size and the samples that this index was made of."""
        return os.stat(path).st_size == self.file_bytes and _sample_hash(path, self.file_bytes) == self.sample_hash


def load_index(path: Path, folder: Path | None = None) -> RecordIndex:
    """The index of a record file: the one that is kept, else a new one, which is kept where that is possible.

    It is looked for in `folder` when one is given; else beside the record file, then in the cache folder of the user.
    """
    places = [_place_in(folder, path)] if folder is not None else [path.with_name(path.name + ENDING), *_place_in_cache(path)]
    for place in places:
        index = _read(place)
        if index is not None and index.is_of(path):
            return index
    index = make_index(path)
    for place in places:
        if _keep(place, index.to_bytes()):
            break
    return index


def make_index(path: Path) -> RecordIndex:
    """Goes through a file once: over a plain one in steps from header to header, through a packed one from front to back."""
    compression = compression_of(path)
    size = os.stat(path).st_size
    sample_hash = _sample_hash(path, size)
    if compression is Compression.NONE:
        entries = _walk(path)
    else:
        entries = [(frame.offset, len(frame.data), frame.crc) for frame in read_frames(path, compression=compression)]
    return RecordIndex(compression, size, sample_hash, np.array(entries, ENTRY))


def _walk(path: Path) -> list[tuple[int, int, int]]:
    found = []
    with open(path, "rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        offset = 0
        header = os.pread(file.fileno(), HEADER_BYTES, 0)
        while offset < size:
            length = length_of(header, path, offset)
            after = offset + HEADER_BYTES + length
            if after + FOOTER_BYTES > size:
                raise DamagedRecord("the file ends within the record", path, offset)
            edge = os.pread(file.fileno(), FOOTER_BYTES + HEADER_BYTES, after)  # this record's end and the next one's header
            found.append((offset, length, struct.unpack_from("<I", edge)[0]))
            offset = after + FOOTER_BYTES
            header = edge[FOOTER_BYTES:]
    return found


def _sample_hash(path: Path, size: int) -> bytes:
    """SHA-256 of the size (uint64) and of 16 pieces of at most 4,096 bytes: piece i begins at byte i (size - 4096) // 15."""
    content = hashlib.sha256(struct.pack("<Q", size))
    with open(path, "rb", buffering=0) as file:
        for sample in range(_SAMPLES):
            begin = sample * max(size - _SAMPLE_BYTES, 0) // (_SAMPLES - 1)
            content.update(os.pread(file.fileno(), _SAMPLE_BYTES, begin))
    return content.digest()


def _read(place: Path) -> RecordIndex | None:
    try:
        return RecordIndex.from_bytes(place.read_bytes())
    except OSError:
        return None


def _keep(place: Path, content: bytes) -> bool:
    """Whole or not at all; of processes that keep the same index at once, the last one's stays."""
    draft = None
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        with open(descriptor, "wb") as file:
            file.write(content)
            os.fchmod(file.fileno(), 0o666 & ~_umask())
        os.replace(draft, place)
    except OSError:
        if draft is not None:
            _remove(draft)
        return False
    except BaseException:
        if draft is not None:
            _remove(draft)
        raise
    return True


def _remove(draft: str) -> None:
    try:
        os.unlink(draft)
    except OSError:
        pass


def _umask() -> int:
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        for line in status:
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    return 0o022


def _place_in(folder: Path, path: Path) -> Path:
    """Files of one name in different folders have indexes of different names."""
    home = hashlib.sha256(os.fsencode(os.path.abspath(path.parent))).hexdigest()[:16]
    return folder / f"{home}-{path.name}{ENDING}"


def _place_in_cache(path: Path) -> list[Path]:
    base = os.environ.get("XDG_CACHE_HOME", "")
    cache = base if os.path.isabs(base) else os.path.expanduser("~/.cache")
    return [_place_in(Path(cache, "koalarization_reader"), path)] if os.path.isabs(cache) else []
