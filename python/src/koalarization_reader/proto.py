"""Reads tf.train.Example messages: https://protobuf.dev/programming-guides/encoding, for this one schema.

    Example { Features features = 1 }              Features { map<string, Feature> feature = 1 }
    Feature { oneof { BytesList bytes_list = 1; FloatList float_list = 2; Int64List int64_list = 3 } }
    ...List { repeated ... value = 1 }             packed or not

Any bytes may come: what is no Example ends in `NotAnExample`, within time and memory in proportion to its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .errors import NotAnExample

Feature: TypeAlias = list[bytes] | npt.NDArray[np.float32] | npt.NDArray[np.int64] | None
"""A feature's values: a list of bytes, float32 [n], int64 [n], or None for a feature without a list."""

_VARINT, _EIGHT_BYTES, _LENGTH, _FOUR_BYTES = 0, 1, 2, 5
_BYTES_LIST, _FLOAT_LIST, _INT64_LIST = 1, 2, 3


def parse_example(data: bytes | bytearray | memoryview) -> dict[str, Feature]:
    """The features of a tf.train.Example by name. Arrays are copies: writable, and not tied to `data`."""
    features: dict[str, Feature] = {}
    for field, wire, content in _fields(memoryview(data)):
        if field == 1 and wire == _LENGTH:
            for entry_field, entry_wire, entry in _fields(content):
                if entry_field == 1 and entry_wire == _LENGTH:
                    name, feature = _parse_entry(entry)
                    features[name] = feature
    return features


def _parse_entry(entry: memoryview) -> tuple[str, Feature]:
    name = ""
    messages = []
    for field, wire, content in _fields(entry):
        if field == 1 and wire == _LENGTH:
            try:
                name = str(content, "utf-8")
            except UnicodeDecodeError as error:
                raise NotAnExample("a feature's name is not UTF-8") from error
        elif field == 2 and wire == _LENGTH:
            messages.append(content)
    return name, _parse_feature(messages)


def _parse_feature(messages: list[memoryview]) -> Feature:
    # Of a oneof the last kind counts; lists of the same kind are one list.
    kind = 0
    values: list[tuple[int, memoryview]] = []
    for message in messages:
        for field, wire, content in _fields(message):
            if field in (_BYTES_LIST, _FLOAT_LIST, _INT64_LIST) and wire == _LENGTH:
                if field != kind:
                    kind, values = field, []
                values += [(value_wire, value) for number, value_wire, value in _fields(content) if number == 1]
    if kind == _BYTES_LIST:
        return [bytes(value) for wire, value in values if wire == _LENGTH]
    if kind == _FLOAT_LIST:
        return _floats([value for wire, value in values if wire in (_LENGTH, _FOUR_BYTES)])
    if kind == _INT64_LIST:
        return _integers([value for wire, value in values if wire in (_LENGTH, _VARINT)])
    return None


def _floats(pieces: list[memoryview]) -> npt.NDArray[np.float32]:
    raw = np.frombuffer(pieces[0], np.uint8).copy() if len(pieces) == 1 else np.frombuffer(bytearray(b"".join(pieces)), np.uint8)
    if any(len(piece) % 4 for piece in pieces):
        raise NotAnExample("a list of floats ends within a float")
    return raw.view("<f4").astype(np.float32, copy=False)


def _integers(pieces: list[memoryview]) -> npt.NDArray[np.int64]:
    raw = np.frombuffer(b"".join(pieces), np.uint8)
    if raw.size == 0:
        return np.empty(0, np.int64)
    if any(len(piece) and piece[-1] >= 0x80 for piece in pieces):
        raise NotAnExample("a list of integers ends within an integer")
    ends = np.flatnonzero(raw < 0x80)
    begins = np.concatenate([[0], ends[:-1] + 1])
    lengths = ends - begins + 1
    if lengths.max() > 10:
        raise NotAnExample("an integer is longer than ten bytes")
    shifts = (np.arange(raw.size) - np.repeat(begins, lengths)).astype(np.uint64) * np.uint64(7)
    parts = (raw & 0x7F).astype(np.uint64) << shifts
    return np.bitwise_or.reduceat(parts, begins).view(np.int64)


def _fields(message: memoryview) -> Iterator[tuple[int, int, memoryview]]:
    """Yields (field number, wire type, content) of each field; the content of a varint is its own bytes."""
    at = 0
    end = len(message)
    while at < end:
        tag, at = _varint(message, at)
        wire = tag & 7
        field = tag >> 3
        if field == 0 or field >= 1 << 29:
            raise NotAnExample("no protocol buffer field begins where one should")
        begin = at
        if wire == _LENGTH:
            size, begin = _varint(message, at)
            at = begin + size
        elif wire == _VARINT:
            _, at = _varint(message, at)
        elif wire == _FOUR_BYTES:
            at += 4
        elif wire == _EIGHT_BYTES:
            at += 8
        else:
            raise NotAnExample("no protocol buffer field begins where one should")
        if at > end:
            raise NotAnExample("a field reaches beyond the end of what it is part of")
        yield field, wire, message[begin:at]


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise NotAnExample("it ends within a number")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value & 0xFFFFFFFFFFFFFFFF, at
    raise NotAnExample("a number is longer than ten bytes")
