from __future__ import annotations

import random
import threading

import pytest
import writer

from koalarization_reader import crc32c

# RFC 3720, B.4.
ISCSI_READ = bytes.fromhex("01c00000" "00000000" "00000000" "00000000" "14000000" "00000400" "00000014" "00000018" "28000000" "00000000" "02000000" "00000000")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (ISCSI_READ, 0xD9963A56),
    ],
)
def test_published_values(data: bytes, expected: int) -> None:
    assert crc32c(data) == expected


# What is reduced by words and by bytes changes at 64 bytes, 5,685 bytes and 5,685 words, and at each block of 4,323 behind.
LENGTHS = [*range(0, 200), *range(5680, 5700), *range(10000, 10020), *range(45470, 45490), 80064, 80072, 130001]


def test_every_length_is_as_byte_by_byte() -> None:
    data = random.Random(1).randbytes(max(LENGTHS))
    assert [length for length in LENGTHS if crc32c(data[:length]) != writer.crc32c(data[:length])] == []


def test_any_contiguous_bytes_will_do() -> None:
    data = random.Random(2).randbytes(7000)
    expected = writer.crc32c(data[3:])
    assert crc32c(memoryview(data)[3:]) == crc32c(bytearray(data[3:])) == expected


def test_threads_do_not_share_their_sums() -> None:
    data = [random.Random(i).randbytes(60000 + i) for i in range(4)]
    expected = [crc32c(one) for one in data]
    found: list[list[int]] = [[] for _ in data]

    def sums(i: int) -> None:
        found[i] = [crc32c(data[i]) for _ in range(50)]

    threads = [threading.Thread(target=sums, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[one] * 50 for one in expected]
