from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path
from typing import Any

import pytest
import writer

import koalarization_reader.index as index_module
from koalarization_reader import Compression, DamagedRecord, Records, load_index, make_index


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return writer.write_set(tmp_path / "set", [3]) / "lab_images_0.tfrecord"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files for which an index was made, and not only read."""
    paths: list[Path] = []

    def make(path: Path) -> Any:
        paths.append(path)
        return make_index(path)

    monkeypatch.setattr(index_module, "make_index", make)
    return paths


def beside(file: Path) -> Path:
    return file.with_name(file.name + ".koala-index")


def test_the_format_is_the_one_that_is_written_down(file: Path) -> None:
    load_index(file)
    data = file.read_bytes()
    size = len(data)
    samples = b"".join(data[begin : begin + 4096] for begin in (i * max(size - 4096, 0) // 15 for i in range(16)))
    expected = b"KOALAIDX" + struct.pack("<IIQ", 1, 0, size) + hashlib.sha256(struct.pack("<Q", size) + samples).digest() + struct.pack("<Q", 3)
    third = size // 3
    for offset in (0, third, 2 * third):
        expected += struct.pack("<QI", offset, third - 16) + data[offset + third - 4 : offset + third]
    assert beside(file).read_bytes() == expected + hashlib.sha256(expected).digest()
    assert sorted(os.listdir(file.parent)) == ["lab_images_0.tfrecord", "lab_images_0.tfrecord.koala-index"]


@pytest.mark.parametrize(("ending", "compression"), [(".gz", Compression.GZIP), (".zlib", Compression.ZLIB)])
def test_an_index_of_a_packed_file_counts_unpacked_bytes(tmp_path: Path, ending: str, compression: Compression) -> None:
    writer.write_set(tmp_path, [3])
    writer.write_set(tmp_path, [3], ending=ending)
    plain, packed = (load_index(tmp_path / f"lab_images_0.tfrecord{end}") for end in ("", ending))
    assert packed.compression is compression and packed.entries.tolist() == plain.entries.tolist()


def test_it_is_made_once(file: Path, made: list[Path]) -> None:
    for _ in range(3):
        assert len(Records(file)) == 3
    assert made == [file]


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: data[:70] + b"\1" + data[71:], lambda data: data + b"x"])
def test_a_damaged_index_is_made_again(file: Path, made: list[Path], damage: Any) -> None:
    load_index(file)
    good = beside(file).read_bytes()
    beside(file).write_bytes(damage(good))
    assert len(load_index(file)) == 3
    assert made == [file, file] and beside(file).read_bytes() == good


def test_an_index_of_a_later_version_is_made_again(file: Path, made: list[Path]) -> None:
    load_index(file)
    body = beside(file).read_bytes()[:-32]
    later = body[:8] + struct.pack("<I", 2) + body[12:]
    beside(file).write_bytes(later + hashlib.sha256(later).digest())
    assert len(load_index(file)) == 3
    assert made == [file, file]


def test_an_index_of_another_file_is_made_again(file: Path, made: list[Path]) -> None:
    load_index(file)
    writer.write(file, [writer.picture(i) for i in (7, 8, 9)])  # as long, other content
    assert [records.name for records in Records(file)[0:3]] == [f"data/resized/{i:06}.jpeg" for i in (7, 8, 9)]
    writer.write(file, [writer.picture(7)])
    assert len(Records(file)) == 1
    assert made == [file, file, file]


def test_a_file_that_changes_after_its_index_was_read_is_told(file: Path) -> None:
    records = Records(file)
    assert len(records) == 3
    writer.write(file, [writer.picture(i, size=5) for i in (7, 8, 9)])
    with pytest.raises(DamagedRecord, match="not the one that the file's index was made of"):
        records[0]
    with pytest.raises(DamagedRecord):
        records[1]
    writer.write(file, [writer.picture(i) for i in (7, 8, 9)])
    with pytest.raises(DamagedRecord, match="not the one that the file's index was made of"):
        Records(file, check=False)._read.__func__(records, 0, 1)  # type: ignore[attr-defined]


def test_it_goes_to_the_cache_where_the_folder_takes_nothing(file: Path, made: list[Path], own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    actual = index_module.tempfile.mkstemp

    def read_only(prefix: str, dir: Path) -> tuple[int, str]:
        if dir == file.parent:
            raise OSError(30, "Read-only file system")
        return actual(prefix=prefix, dir=dir)

    monkeypatch.setattr(index_module.tempfile, "mkstemp", read_only)
    assert len(load_index(file)) == len(load_index(file)) == 3
    assert made == [file] and not beside(file).exists()
    (kept,) = own_cache.iterdir()
    assert kept.name.endswith("-lab_images_0.tfrecord.koala-index")


def test_files_of_one_name_have_indexes_of_their_own(tmp_path: Path) -> None:
    folder = tmp_path / "indexes"
    one, two = (writer.write_set(tmp_path / name, [count]) for name, count in (("one", 1), ("two", 2)))
    for _ in range(2):
        assert len(Records(one, index_folder=folder)) == 1
        assert len(Records(two, index_folder=folder)) == 2
    assert len(list(folder.iterdir())) == 2 and os.listdir(one) == ["lab_images_0.tfrecord"]


def test_without_any_place_it_is_made_each_time(file: Path, made: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: Any) -> tuple[int, str]:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_module.tempfile, "mkstemp", full)
    assert len(load_index(file)) == len(load_index(file)) == 3
    assert made == [file, file]


def test_a_full_disk_leaves_no_half_index(file: Path, monkeypatch: pytest.MonkeyPatch, own_cache: Path) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(index_module.os, "replace", full)
    assert len(load_index(file)) == 3
    assert os.listdir(file.parent) == [file.name] and list(own_cache.iterdir()) == []


def test_an_index_of_a_file_that_grew_is_made_again(file: Path, made: list[Path]) -> None:
    writer.write(file, [bytes(20_000)] * 3)  # longer than the samples, which stay as they are
    load_index(file)
    with open(file, "ab") as end:
        end.write(writer.frame(writer.picture(3)))
    assert len(load_index(file)) == 4
    assert made == [file, file]
