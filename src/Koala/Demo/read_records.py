#!/usr/bin/env python3
"""Reads koala's TFRecords with NumPy alone: no TensorFlow, no protobuf.

From the shell, a summary of what is in the files:

    python3 read_records.py data/tfrecords/*.tfrecord            # counts, sizes, ranges
    python3 read_records.py data/tfrecords/*.tfrecord --check    # and every checksum
    python3 read_records.py data/tfrecords/*.tfrecord --names    # and a line for each picture

From Python:

    from read_records import read_pictures, to_rgb

    for picture in read_pictures("data/tfrecords/lab_images_0.tfrecord"):
        picture["image_name"]       # str, the picture's path as koala was given it
        picture["image_l"]          # float32 [S, S]      2 L / 100 - 1, from -1 (black) to 1 (white)
        picture["image_ab"]         # float32 [S, S, 2]   a / 127 and b / 127, within -1 and 1
        picture["image_embedding"]  # float32 [1001]      logits; 0 is the background, i is ImageNet's class i - 1
        to_rgb(picture["image_l"], picture["image_ab"])   # uint8 [S, S, 3]

Files without compression can also be read in any order: `offsets(path)` finds where the records begin (it reads sixteen bytes
of each), `read_picture(path, offset)` reads one. gzip and zlib files are recognised by themselves and read from front to back.
"""

import argparse
import os
import struct
import sys
import zlib
from functools import lru_cache

import numpy as np

HEADER_BYTES = 12
FOOTER_BYTES = 4
MOST_RECORD_BYTES = 1 << 30


class DamagedRecords(ValueError):
    """A file is not a whole TFRecord file, or a record in it is not a picture's."""


# Files and framing ---------------------------------------------------------------------------------------------------


def read_frames(path, check=False):
    """Yields (offset, data) of each record; offsets count uncompressed bytes. `check` computes the data's checksums as well."""
    with open(path, "rb") as file:
        source = _unpacked(file, path)
        offset = 0
        while True:
            data = _read_frame(source, path, offset, check)
            if data is None:
                return
            yield offset, data
            offset += HEADER_BYTES + len(data) + FOOTER_BYTES


def offsets(path):
    """Where the records of a file without compression begin."""
    found = []
    with open(path, "rb") as file:
        if compression_of(file.read(HEADER_BYTES)) != "none":
            raise DamagedRecords(f"{path}: a compressed file has no offsets to begin reading at; use read_pictures")
        size = os.fstat(file.fileno()).st_size
        offset = 0
        while offset < size:
            file.seek(offset)
            length = _read_length(file.read(HEADER_BYTES), path, offset)
            found.append(offset)
            offset += HEADER_BYTES + length + FOOTER_BYTES
        if offset != size:
            raise DamagedRecords(f"{path}, record at byte {found[-1]}: the file ends within the record")
    return found


def compression_of(head):
    """"none", "gzip" or "zlib", by a file's first twelve bytes."""
    if len(head) >= HEADER_BYTES and _masked(_crc32c(head[:8])) == struct.unpack_from("<I", head, 8)[0]:
        return "none"  # a length may look like a signature; its checksum decides
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if len(head) >= 2 and head[0] & 0x0F == 8 and (head[0] << 8 | head[1]) % 31 == 0:
        return "zlib"
    return "none"


def _unpacked(file, path):
    compression = compression_of(file.read(HEADER_BYTES))
    file.seek(0)
    return file if compression == "none" else _Unpacker(file, path, compression)


class _Unpacker:
    """One gzip member or zlib stream, read like a file."""

    def __init__(self, file, path, compression):
        self._file = file
        self._path = path
        self._compression = compression
        self._inflate = zlib.decompressobj(31 if compression == "gzip" else 15)
        self._ready = bytearray()

    def read(self, count):
        while len(self._ready) < count and not self._inflate.eof:
            packed = self._inflate.unconsumed_tail or self._file.read(1 << 16)
            if not packed:
                raise DamagedRecords(f"{self._path}: the {self._compression} stream is cut off")
            try:
                self._ready += self._inflate.decompress(packed, 1 << 20)
            except zlib.error as error:
                raise DamagedRecords(f"{self._path}: the {self._compression} stream is damaged ({error})") from error
        if self._inflate.eof and (self._inflate.unused_data or self._file.read(1)):
            raise DamagedRecords(f"{self._path}: bytes follow the end of the {self._compression} stream")
        taken = bytes(memoryview(self._ready)[:count])
        del self._ready[:count]
        return taken


def _read_frame(source, path, offset, check):
    header = source.read(HEADER_BYTES)
    if not header:
        return None
    length = _read_length(header, path, offset)
    data = source.read(length)
    footer = source.read(FOOTER_BYTES)
    if len(footer) < FOOTER_BYTES:
        raise DamagedRecords(f"{path}, record at byte {offset}: the file ends within the record")
    if check and _masked(_crc32c(data)) != struct.unpack("<I", footer)[0]:
        raise DamagedRecords(f"{path}, record at byte {offset}: the data does not have its checksum")
    return data


def _read_length(header, path, offset):
    if len(header) < HEADER_BYTES:
        raise DamagedRecords(f"{path}, record at byte {offset}: the file ends within the record's header")
    length, stored = struct.unpack("<QI", header)
    if _masked(_crc32c(header[:8])) != stored:
        raise DamagedRecords(f"{path}, record at byte {offset}: the length does not have its checksum")
    if length > MOST_RECORD_BYTES:
        raise DamagedRecords(f"{path}, record at byte {offset}: {length} bytes are too long for a record")
    return length


# Examples ------------------------------------------------------------------------------------------------------------


def parse_example(data):
    """The features of a tf.train.Example by name: a list of bytes, a float32 array, an int64 array, or None."""
    features = {}
    for field, value in _fields(memoryview(data)):
        if field == 1 and isinstance(value, memoryview):
            for entry_field, entry in _fields(value):
                if entry_field == 1 and isinstance(entry, memoryview):
                    name, feature = "", []
                    for part, content in _fields(entry):
                        if part == 1 and isinstance(content, memoryview):
                            name = bytes(content).decode()
                        elif part == 2 and isinstance(content, memoryview):
                            feature.append(content)
                    features[name] = _parse_feature(feature)
    return features


def _parse_feature(messages):
    kind, values = 0, []
    for message in messages:
        for field, content in _fields(message):
            if field in (1, 2, 3) and isinstance(content, memoryview):
                if field != kind:
                    kind, values = field, []
                values += [value for number, value in _fields(content) if number == 1]
    if kind == 1:
        return [bytes(value) for value in values if isinstance(value, memoryview)]
    if kind == 2:
        pieces = [value if isinstance(value, memoryview) else value.raw for value in values if not isinstance(value, int)]
        # Copied, so that the array is aligned and may be written to, as PyTorch asks.
        return np.frombuffer(pieces[0] if len(pieces) == 1 else b"".join(pieces), "<f4").copy()
    if kind == 3:
        numbers = []
        for value in values:
            if isinstance(value, int):
                numbers.append(value)
            elif isinstance(value, memoryview):
                at = 0
                while at < len(value):
                    number, at = _varint(value, at)
                    numbers.append(number)
        return np.array(numbers, np.uint64).astype(np.int64)
    return None


class _Fixed:
    """Four or eight bytes of a field that has its size from its type."""

    def __init__(self, raw):
        self.raw = raw


def _fields(message):
    """Yields (field number, value): int for a varint, memoryview for bytes, _Fixed for the others."""
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        wire = tag & 7
        if wire == 0:
            value, at = _varint(message, at)
        else:
            if wire == 2:
                size, at = _varint(message, at)
            elif wire in (1, 5):
                size = 8 if wire == 1 else 4
            else:
                raise ValueError("no protocol buffer field begins here")
            if size > len(message) - at:
                raise ValueError("a field reaches beyond the end of the record")
            value = message[at : at + size] if wire == 2 else _Fixed(bytes(message[at : at + size]))
            at += size
        yield tag >> 3, value


def _varint(message, at):
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("the record ends within a number")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise ValueError("a number is longer than ten bytes")


# Pictures ------------------------------------------------------------------------------------------------------------


def read_pictures(path, check=False):
    """Yields each picture of a file as a dict of its four features, reshaped; see the top of this file."""
    for offset, data in read_frames(path, check):
        yield _picture(data, path, offset)


def read_picture(path, offset=0, check=False):
    """One picture of a file without compression, by an offset of `offsets`."""
    with open(path, "rb") as file:
        file.seek(offset)
        data = _read_frame(file, path, offset, check)
    if data is None:
        raise DamagedRecords(f"{path}: no record begins at byte {offset}")
    return _picture(data, path, offset)


def _picture(data, path, offset):
    try:
        features = parse_example(data)
        size = int(features["image_l"].size ** 0.5)
        features["image_l"] = features["image_l"].reshape(size, size)
        features["image_ab"] = features["image_ab"].reshape(size, size, 2)
        if features["image_embedding"].dtype != np.float32:
            raise ValueError("image_embedding is no list of floats")
        (name,) = features["image_name"]
        features["image_name"] = name.decode(errors="surrogateescape")
        return features
    except KeyError as missing:
        raise DamagedRecords(f"{path}, record at byte {offset}: it has no feature {missing}") from missing
    except (ValueError, AttributeError, TypeError) as error:
        raise DamagedRecords(f"{path}, record at byte {offset}: it is not a picture's record ({error})") from error


# CIE 1931 XYZ of linear sRGB and the D65 white that the records were made with.
_XYZ_OF_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
_RGB_OF_XYZ = np.linalg.inv(_XYZ_OF_RGB)
_WHITE = np.array([0.95047, 1.0, 1.08883])


def to_rgb(luminance, ab):
    """The uint8 RGB [..., 3] of luminance [...] and ab [..., 2] as they stand in a record, or as a model predicted them."""
    luminance, ab = np.asarray(luminance, np.float64), np.asarray(ab, np.float64)
    fy = ((luminance + 1) * 50 + 16) / 116
    fx = fy + ab[..., 0] * 127 / 500
    fz = fy - ab[..., 1] * 127 / 200
    f = np.stack([fx, fy, fz], -1)
    xyz = np.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787) * _WHITE
    linear = np.clip(xyz @ _RGB_OF_XYZ.T, 0, 1)
    rgb = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)


# CRC-32C -------------------------------------------------------------------------------------------------------------
# A checksum is linear in its data, so thousands of pieces are worked on side by side as NumPy vectors, then joined in pairs.


def _byte_table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(0x82F63B78), np.uint32(0))
    return table


_TABLE = _byte_table()
_LIST = _TABLE.tolist()


def _masked(crc):
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _crc32c(data):
    if len(data) < 1024:
        state = 0xFFFFFFFF
        for byte in bytes(data):
            state = _LIST[(state ^ byte) & 0xFF] ^ state >> 8
        return state ^ 0xFFFFFFFF

    lanes = 1 << min(12, len(data).bit_length() // 2)
    lane_bytes = -(-len(data) // lanes)
    padded = np.zeros(lanes * lane_bytes, np.uint8)  # zeros in front of the data change nothing
    padded[padded.size - len(data) :] = np.frombuffer(data, np.uint8)
    states = np.zeros(lanes, np.uint32)
    for column in np.ascontiguousarray(padded.reshape(lanes, lane_bytes).T):
        states = _TABLE[(states ^ column) & 0xFF] ^ (states >> 8)
    while states.size > 1:
        states = _advance(states[0::2], lane_bytes) ^ states[1::2]
        lane_bytes *= 2
    start = _advance(np.array([0xFFFFFFFF], np.uint32), len(data))
    return int(states[0] ^ start[0]) ^ 0xFFFFFFFF


def _advance(states, zero_bytes):
    tables = _advance_tables(zero_bytes)
    return (
        tables[0][states & 0xFF] ^ tables[1][states >> 8 & 0xFF] ^ tables[2][states >> 16 & 0xFF] ^ tables[3][states >> 24]
    )


@lru_cache(maxsize=4096)
def _advance_tables(zero_bytes):
    """Tables that move a state over so many zero bytes."""
    if zero_bytes == 1:
        rows = [np.arange(256, dtype=np.uint32) << np.uint32(8 * i) for i in range(4)]
        return [_TABLE[row & 0xFF] ^ (row >> 8) for row in rows]
    half = _advance_tables(zero_bytes // 2)
    twice = [_advance(row, zero_bytes // 2) for row in half]
    return [_advance(row, 1) for row in twice] if zero_bytes % 2 else twice


# The command ---------------------------------------------------------------------------------------------------------


def _summarise(path, check, names):
    with open(path, "rb") as file:
        compression = compression_of(file.read(HEADER_BYTES))
    count, sizes, low, high, colour = 0, set(), np.inf, -np.inf, 0.0
    for picture in read_pictures(path, check):
        count += 1
        luminance, ab = picture["image_l"], picture["image_ab"]
        sizes.add(f"{luminance.shape[0]} x {luminance.shape[1]}, {picture['image_embedding'].size} logits")
        low, high = min(low, float(luminance.min())), max(high, float(luminance.max()))
        chroma = float(np.hypot(ab[..., 0], ab[..., 1]).mean()) * 127
        colour += chroma
        if names:
            best = int(picture["image_embedding"].argmax())
            print(f"  {picture['image_name']}: mean L {(float(luminance.mean()) + 1) * 50:.1f}, mean chroma {chroma:.1f}, best logit {best}")
    if count == 0:
        print(f"{path}: no pictures, compression {compression}")
        return
    checked = ", checksums good" if check else ""
    print(
        f"{path}: {count} picture{'s' if count > 1 else ''} of {' and '.join(sorted(sizes))}, compression {compression}, "
        f"image_l {low:.3f} to {high:.3f}, mean chroma {colour / count:.1f}{checked}"
    )


def _files(paths):
    """The files among paths as they are, and the TFRecords of the folders among them in order of their numbers."""
    for path in paths:
        if os.path.isdir(path):
            names = [name for name in os.listdir(path) if name.endswith(".tfrecord")]
            for name in sorted(names, key=lambda name: (len(name), name)):
                yield os.path.join(path, name)
        else:
            yield path


def main():
    parser = argparse.ArgumentParser(description="Shows what is in koala's TFRecords. Exit code 1: a file is damaged.")
    parser.add_argument("paths", nargs="+", metavar="FILE", help="a TFRecord, or a folder of them")
    parser.add_argument("--check", action="store_true", help="compute the checksum of every record")
    parser.add_argument("--names", action="store_true", help="a line for each picture")
    options = parser.parse_args()
    good = True
    for path in _files(options.paths):
        try:
            _summarise(path, options.check, options.names)
        except (DamagedRecords, OSError) as error:
            print(error, file=sys.stderr)
            good = False
    return 0 if good else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:
        sys.exit(1)
