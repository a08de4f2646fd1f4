"""CRC-32C (Castagnoli), as TFRecord files have it, by NumPy alone.

Most of the work is XOR of long vectors. The polynomial P of CRC-32C divides the sparse polynomial
Q(x) = x^5685 + x^1362 + x^426 + 1, so whatever is reduced modulo Q keeps its remainder modulo P, and reducing modulo Q
is three XORs. Squaring is linear over GF(2), Q(x)^2 = Q(x^2), so P divides Q(x^8) and Q(x^64) too: the same three XORs
serve for bytes and for words of 64 bits. What is left, less than 5,685 bytes, is looked up in a table that has the
remainder of each half byte at each place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from .scratch import Scratch

_POLYNOMIAL = 0x82F63B78  # P, the lowest power in the highest bit
_DEGREE = 5685
_TAPS = (5685 - 1362, 5685 - 426, 5685)  # how far behind it a term is added again
_SCRATCH = Scratch()

_U32 = npt.NDArray[np.uint32]


def crc32c(data: Any) -> int:
    """The CRC-32C of contiguous bytes."""
    view = memoryview(data).cast("B")
    if len(view) < 64:
        state = 0xFFFFFFFF
        for byte in view:
            state = _BYTES[(state ^ byte) & 0xFF] ^ state >> 8
        return state ^ 0xFFFFFFFF

    padding = -len(view) % 8  # zeros in front of the data change nothing
    buffer = _SCRATCH.take(padding + len(view))
    buffer[:padding] = 0
    buffer[padding:] = np.frombuffer(view, np.uint8)
    buffer[padding : padding + 4] ^= 0xFF  # the state that a checksum begins with
    rest = _reduce(_reduce(buffer.view(np.uint64)).view(np.uint8))
    table, places = _half_byte_table()
    places = places[_DEGREE - rest.size :]
    halves = np.take(table[0], places + (rest & 15)), np.take(table[1], places + (rest >> 4))
    return int(np.bitwise_xor.reduce(halves[0] ^ halves[1])) ^ 0xFFFFFFFF


def masked_crc32c(data: Any) -> int:
    """The CRC-32C as a TFRecord stores it, so that a checksum of checksums is no special case."""
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def _reduce(terms: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The last terms of a polynomial, highest power first, after the others were reduced modulo Q. Changes `terms`."""
    end = terms.size - _DEGREE
    if end <= 0:
        return terms
    for begin in range(0, end, _TAPS[0]):  # no term of such a block is added to another of it
        count = min(_TAPS[0], end - begin)
        for tap in _TAPS:
            source = max(begin - tap, 0)
            target = source + tap - begin
            if target < count:
                terms[begin + target : begin + count] ^= terms[source : source + count - target]
    for tap in _TAPS:
        source = max(end - tap, 0)
        terms[source + tap : end + tap] ^= terms[source:end]
    return terms[end:]


def _byte_table() -> _U32:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(_POLYNOMIAL), np.uint32(0))
    return table


_TABLE = _byte_table()
_BYTES: list[int] = _TABLE.tolist()


@lru_cache(maxsize=1)
def _half_byte_table() -> tuple[tuple[_U32, _U32], npt.NDArray[np.intp]]:
    """For each of the last 5,685 bytes the state that its lower and its upper half leave, and where each byte's rows begin."""
    halves = np.empty((2, _DEGREE, 16), np.uint32)
    states = np.stack([_TABLE[:16], _TABLE[0:256:16]])
    for place in range(_DEGREE - 1, -1, -1):
        halves[:, place] = states
        states = (states >> 8) ^ _TABLE[states & 0xFF]
    return (halves[0].ravel(), halves[1].ravel()), np.arange(_DEGREE, dtype=np.intp) * 16
