"""A set of records as a sequence of pictures."""

from __future__ import annotations

import os
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import overload

from .errors import DamagedRecord, NotAnExample
from .example import Example, decode_example
from .files import Source, Split, find_files
from .framing import FOOTER_BYTES, HEADER_BYTES, Compression, Frame, check_data, length_of, read_frames
from .index import RecordIndex, load_index
from .scratch import Scratch

_MOST_OPEN_FILES = 64
_SCRATCH = Scratch()


class Records(Sequence[Example]):
    """The pictures of one or more TFRecord files.

    Iterating reads the files from front to back and needs nothing else. `len(records)` and `records[i]` need an index of
    each file, which the first use makes (`index.py`). A picture of a packed file is reached by unpacking what is before
    it, so read packed files from front to back.

    Damage ends in `DamagedRecord`, which names file and byte.
    """

    def __init__(
        self,
        source: Source,
        *,
        split: Split | None = None,
        check: bool = True,
        index_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        """
        source: a data set's folder, a folder of records, a file, a pattern, or several of them.
        split: "train" (of a folder the default), "val" or "all", by the names of files.
        check: whether the checksum of each picture is compared. Lengths always are.
        index_folder: where index files are kept; by default beside the records, or in the user's cache folder.
        """
        self.files: list[Path] = find_files(source, split)
        self._check = check
        self._index_folder = None if index_folder is None else Path(index_folder)
        self._indexes: list[RecordIndex] | None = None
        self._ends: list[int] = []
        self._lock = threading.Lock()
        self._open = _OpenFiles()

    def __iter__(self) -> Iterator[Example]:
        for path in self.files:
            for frame in read_frames(path, check=self._check, copy=False):
                yield _decode(frame.data, path, frame.offset)

    def __len__(self) -> int:
        return sum(self.file_counts)

    @overload
    def __getitem__(self, number: int) -> Example: ...

    @overload
    def __getitem__(self, number: slice) -> list[Example]: ...

    def __getitem__(self, number: int | slice) -> Example | list[Example]:
        if isinstance(number, slice):
            return [self[i] for i in range(*number.indices(len(self)))]
        return self._read(*self._find(number))

    def location(self, number: int) -> tuple[Path, int]:
        """The file of a picture, and the byte at which its record begins (in the unpacked stream)."""
        file, entry = self._find(number)
        return self.files[file], int(self.indexes[file].entries[entry]["offset"])

    @property
    def file_counts(self) -> list[int]:
        """How many pictures each of `files` has."""
        return [len(index) for index in self.indexes]

    @property
    def indexes(self) -> list[RecordIndex]:
        """The index of each of `files`; made and kept when it is first asked for."""
        with self._lock:
            if self._indexes is None:
                indexes = [load_index(path, self._index_folder) for path in self.files]
                self._ends = list(accumulate(len(index) for index in indexes))
                self._indexes = indexes
            return self._indexes

    @property
    def is_packed(self) -> bool:
        """Whether some file is packed, so that reading in another order than its own is slow."""
        return any(index.compression is not Compression.NONE for index in self.indexes)

    def __getstate__(self) -> dict[str, object]:
        state = self.__dict__.copy()
        del state["_lock"], state["_open"]
        return state

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)
        self._lock = threading.Lock()
        self._open = _OpenFiles()

    def _find(self, number: int) -> tuple[int, int]:
        count = len(self)
        if not -count <= number < count:
            raise IndexError(f"There is no picture {number}: there are {count}.")
        number %= count
        file = bisect_right(self._ends, number)
        return file, number - (self._ends[file - 1] if file else 0)

    def _read(self, file: int, entry: int) -> Example:
        path, index = self.files[file], self.indexes[file]
        offset, length, crc = (int(value) for value in index.entries[entry].tolist())
        if index.compression is Compression.NONE:
            data: bytes | memoryview = _read_at(self._open.descriptor(path), path, offset, length, crc)
        else:
            frame = self._open.frame(path, entry, index.compression)
            if frame is None or (frame.offset, len(frame.data), frame.crc) != (offset, length, crc):
                raise _changed(path, offset)
            data = frame.data
        if self._check:
            check_data(data, crc, path, offset)
        return _decode(data, path, offset)


class _OpenFiles:
    """Files that one process has open. A child process opens its own: positions in packed files must not be shared."""

    def __init__(self) -> None:
        self._process = os.getpid()
        self._descriptors: OrderedDict[Path, _Descriptor] = OrderedDict()
        self._walks: OrderedDict[Path, tuple[int, Iterator[Frame]]] = OrderedDict()
        self._lock = threading.Lock()

    def descriptor(self, path: Path) -> _Descriptor:
        """To be read with pread only, which has no position, so that threads and child processes may share it."""
        with self._lock:
            self._forget_parent()
            if path not in self._descriptors:
                self._descriptors[path] = _Descriptor(path)
                if len(self._descriptors) > _MOST_OPEN_FILES:
                    self._descriptors.popitem(last=False)
            self._descriptors.move_to_end(path)
            return self._descriptors[path]

    def frame(self, path: Path, entry: int, compression: Compression) -> Frame | None:
        """A record of a packed file: going on from the one that was read last, if that is before it."""
        with self._lock:
            self._forget_parent()
            next_entry, frames = self._walks.pop(path, (entry + 1, iter(())))
            if next_entry > entry:
                next_entry, frames = 0, read_frames(path, check=False, compression=compression, copy=False)
            frame = None
            for _ in range(entry + 1 - next_entry):
                frame = next(frames, None)
            self._walks[path] = entry + 1, frames
            if len(self._walks) > _MOST_OPEN_FILES:
                self._walks.popitem(last=False)
            return frame

    def _forget_parent(self) -> None:
        if self._process != os.getpid():
            self._process = os.getpid()
            self._walks.clear()


class _Descriptor:
    """A file that is closed when the last thread that reads it lets it go."""

    def __init__(self, path: Path) -> None:
        self.number = os.open(path, os.O_RDONLY | os.O_CLOEXEC)

    def __del__(self) -> None:
        if hasattr(self, "number"):
            os.close(self.number)


def _read_at(descriptor: _Descriptor, path: Path, offset: int, length: int, crc: int) -> memoryview:
    """The data of a record: a view that is good until this thread reads another."""
    buffer = _SCRATCH.take(HEADER_BYTES + length + FOOTER_BYTES).data
    frame = buffer[: os.preadv(descriptor.number, [buffer], offset)]
    if length_of(bytes(frame[:HEADER_BYTES]), path, offset) != length:
        raise _changed(path, offset)
    if len(frame) < HEADER_BYTES + length + FOOTER_BYTES:
        raise DamagedRecord("the file ends within the record", path, offset)
    if int.from_bytes(frame[-FOOTER_BYTES:], "little") != crc:
        raise _changed(path, offset)
    return frame[HEADER_BYTES:-FOOTER_BYTES]


def _changed(path: Path, offset: int) -> DamagedRecord:
    return DamagedRecord("the record is not the one that the file's index was made of", path, offset)


def _decode(data: bytes | memoryview, path: Path, offset: int) -> Example:
    try:
        return decode_example(data)
    except NotAnExample as error:
        raise DamagedRecord(f"it is not a picture's record: {error}", path, offset) from error
