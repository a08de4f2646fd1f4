from __future__ import annotations

import random
import struct

import numpy as np
import pytest
import writer
from writer import field, varint

from koalarization_reader import NotAnExample, decode_example, parse_example


def wrap(feature: bytes, name: bytes = b"x") -> bytes:
    return field(1, field(1, field(1, name) + field(2, feature)))


def test_every_kind_of_list() -> None:
    data = writer.example(floats=np.array([1.5, -2, np.inf]), texts=[b"", b"\xff\0"], integers=[0, 1, 127, 128, -1, 2**63 - 1, -(2**63)])
    features = parse_example(data)
    np.testing.assert_array_equal(features["floats"], np.array([1.5, -2, np.inf], np.float32))
    assert features["texts"] == [b"", b"\xff\0"]
    assert isinstance(features["integers"], np.ndarray) and features["integers"].dtype == np.int64
    assert features["integers"].tolist() == [0, 1, 127, 128, -1, 2**63 - 1, -(2**63)]


def test_lists_that_are_not_packed_or_come_in_pieces() -> None:
    floats = field(2, b"".join(b"\x0d" + struct.pack("<f", value) for value in (1, 2)) + field(1, struct.pack("<f", 3)))
    integers = field(3, b"\x08\x05" + field(1, b"\xac\x02\x07") + field(1, b"") + b"\x08" + varint(2**64 - 1))
    assert parse_example(wrap(floats))["x"].tolist() == [1, 2, 3]  # type: ignore[union-attr]
    assert parse_example(wrap(integers))["x"].tolist() == [5, 300, 7, -1]  # type: ignore[union-attr]


def test_of_a_oneof_the_last_kind_counts_and_unknown_fields_are_passed_over() -> None:
    two = field(1, field(1, b"first")) + field(3, field(1, b"\x07"))
    unknown = varint(9 << 3) + b"\x01" + varint(10 << 3 | 5) + bytes(4) + varint(11 << 3 | 1) + bytes(8) + field(12, b"?")
    features = parse_example(unknown + wrap(two + unknown) + field(1, unknown))
    assert features["x"].tolist() == [7]  # type: ignore[union-attr]


def test_a_feature_without_a_list_and_no_features() -> None:
    assert parse_example(wrap(b"")) == {"x": None}
    assert parse_example(b"") == {}
    assert parse_example(wrap(field(3, b"")))["x"].size == 0  # type: ignore[union-attr]
    assert parse_example(wrap(field(2, b"")))["x"].size == 0  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a\x04abc",  # longer than what holds it
        b"\x0a" + b"\xff" * 9 + b"\x01",  # a length of 2^64 - 1
        b"\xff" * 11,  # a number without an end
        b"\x0b",  # a group
        b"\x00\x00",  # field 0
        b"\x80",
        wrap(field(2, field(1, b"abc"))),  # a float and a half
        wrap(field(3, field(1, b"\x80"))),
        wrap(field(3, field(1, b"\x80" * 10 + b"\x01"))),
        wrap(field(1, b"\x0a\x03ab")),  # one byte longer
        wrap(b"", name=b"\xff"),
        wrap(field(2, b"\x0d\0\0\0")),
    ],
)
def test_what_is_no_example(data: bytes) -> None:
    with pytest.raises(NotAnExample):
        parse_example(data)


def test_any_bytes_end_in_an_example_or_in_one_error() -> None:
    good = writer.picture(3, label=[b"n01440764"], numbers=[1, 2, 3])
    chance = random.Random(5)
    outcomes = {"example": 0, "error": 0}
    for _ in range(20000):
        data = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    del data[place:]
                case 2:
                    data[place:place] = chance.randbytes(chance.randint(1, 9))
                case 3:
                    del data[place : place + chance.randint(1, 9)]
            if not data:
                break
        try:
            decode_example(data)
            outcomes["example"] += 1
        except NotAnExample:
            outcomes["error"] += 1
    assert min(outcomes.values()) > 1000


def without(name: str) -> bytes:
    features = {"image_name": [b"a"], "image_l": np.zeros(4), "image_ab": np.zeros(8), "image_embedding": np.zeros(3)}
    return writer.example(**{key: value for key, value in features.items() if key != name})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (without("image_l"), "no feature image_l"),
        (without("image_ab"), "no feature image_ab"),
        (without("image_embedding"), "no feature image_embedding"),
        (without("image_name"), "image_name is not one"),
        (writer.example(image_l=np.zeros(5)), "no square"),
        (writer.example(image_l=np.zeros(0)), "no square"),
        (writer.example(image_l=np.zeros(4), image_ab=np.zeros(4)), "image_ab has 4 values where image_l has 4"),
        (writer.example(image_l=[b"text"]), "not a list of floats"),
        (writer.example(image_l=[4]), "not a list of floats"),
    ],
)
def test_what_is_no_picture(data: bytes, reason: str) -> None:
    with pytest.raises(NotAnExample, match=reason):
        decode_example(data)


def test_the_arrays_are_writable_and_their_own() -> None:
    data = bytearray(writer.picture(1))
    example = decode_example(data)
    example.l[0, 0] = 9
    assert example.l.flags.c_contiguous and decode_example(data).l[0, 0] != 9


def test_labels_and_captions_where_there_are_any() -> None:
    plain = decode_example(writer.picture(1))
    assert plain.label is None and plain.caption is None and dict(plain.features) == {}
    more = decode_example(writer.picture(1, image_label=["n01440764".encode()], image_caption=["ein Köder".encode()], year=[2012]))
    assert (more.label, more.caption) == ("n01440764", "ein Köder")
    assert more.features["year"].tolist() == [2012]  # type: ignore[union-attr]
    assert decode_example(writer.picture(1, image_label=[7])).label == 7
