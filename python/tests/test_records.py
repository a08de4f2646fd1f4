from __future__ import annotations

import builtins
import gzip
import os
import pickle
import random
import threading
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
import writer

from koalarization_reader import DamagedRecord, Records, find_files, is_validation, read_frames

ENDINGS = ["", ".gz", ".zlib", ".zst"]


def numbers(records: Any) -> list[int]:
    return [int(Path(example.name).stem) for example in records]


def need(ending: str) -> None:
    if ending == ".zst":
        pytest.importorskip("zstandard", reason="the package zstandard is not installed")


# Files ---------------------------------------------------------------------------------------------------------------


def test_a_folder_is_read_in_the_order_of_numbers_and_without_validation(tmp_path: Path) -> None:
    folder = writer.write_set(tmp_path / "tfrecords", [1] * 12, validation=[3, 10])
    (folder / ".lab_images_99.tfrecord").write_bytes(b"hidden")
    (folder / "lab_images_98.tfrecord").mkdir()
    (folder / "notes.txt").write_text("no record")
    training = [0, 1, 2, 4, 5, 6, 7, 8, 9, 11]
    assert numbers(Records(folder)) == training
    assert numbers(Records(tmp_path)) == training  # the folder of the data set
    assert numbers(Records(str(folder), split="train")) == training
    assert numbers(Records(folder, split="val")) == [3, 10]
    assert numbers(Records(folder, split="all")) == [*training, 3, 10]


def test_what_is_named_is_taken(tmp_path: Path) -> None:
    folder = writer.write_set(tmp_path, [1, 1, 1, 1], validation=[2])
    assert numbers(Records(folder / "val_lab_images_2.tfrecord")) == [2]
    assert numbers(Records(str(folder / "*lab_images_*.tfrecord"))) == [0, 1, 3, 2]
    assert numbers(Records(str(folder / "lab_images_*"))) == [0, 1, 3]
    assert numbers(Records([folder / "lab_images_3.tfrecord", folder / "lab_images_0.tfrecord", folder])) == [0, 1, 3]
    assert is_validation(folder / "val_lab_images_2.tfrecord") and not is_validation(folder / "lab_images_2.tfrecord")


def test_of_a_record_and_its_copies_one_is_read(tmp_path: Path) -> None:
    for ending in ("", ".gz", ".zlib"):
        writer.write_set(tmp_path, [2, 1], ending=ending)
    assert numbers(Records(tmp_path)) == [0, 1, 2]
    assert [path.name for path in find_files(tmp_path)] == ["lab_images_0.tfrecord", "lab_images_1.tfrecord"]
    (tmp_path / "lab_images_0.tfrecord").unlink()
    assert [path.name for path in find_files(tmp_path)] == ["lab_images_0.tfrecord.gz", "lab_images_1.tfrecord"]


def test_a_record_under_both_names_is_refused(tmp_path: Path) -> None:
    writer.write_set(tmp_path, [1, 1])
    os.link(tmp_path / "lab_images_1.tfrecord", tmp_path / "val_lab_images_1.tfrecord")
    with pytest.raises(ValueError, match="one record under two names"):
        Records(tmp_path, split="all")
    with pytest.raises(ValueError, match="one record under two names"):
        Records(tmp_path)


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="has no records"):
        Records(tmp_path)
    with pytest.raises(FileNotFoundError, match="does not exist"):
        Records(tmp_path / "lab_images_0.tfrecord")
    writer.write_set(tmp_path, [1])
    with pytest.raises(FileNotFoundError, match="koala split"):
        Records(tmp_path, split="val")
    with pytest.raises(ValueError, match="split is"):
        Records(tmp_path, split="test")  # type: ignore[arg-type]


# Reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_order_gives_the_same_pictures(tmp_path: Path, ending: str) -> None:
    need(ending)
    records = Records(writer.write_set(tmp_path, [7, 1, 5], ending=ending))
    assert numbers(records) == list(range(13))
    assert len(records) == 13
    order = random.Random(1).sample(range(13), 13)
    assert numbers(records[i] for i in order) == order
    assert numbers(records[2:9:3]) == [2, 5, 8]
    assert numbers([records[-1]]) == [12]
    for beyond in (13, -14):
        with pytest.raises(IndexError):
            records[beyond]


def test_packing_is_told_by_content(tmp_path: Path) -> None:
    path = writer.write_set(tmp_path, [3], ending=".gz") / "lab_images_0.tfrecord.gz"
    path = path.rename(tmp_path / "lab_images_0.tfrecord")
    assert numbers(Records(path)) == [0, 1, 2]


@pytest.mark.parametrize("ending", [".gz", ".zst"])
def test_members_one_after_the_other_are_one_file(tmp_path: Path, ending: str) -> None:
    need(ending)
    folder = writer.write_set(tmp_path, [2, 3], ending=ending)
    both = folder / f"both.tfrecord{ending}"
    both.write_bytes(b"".join((folder / f"lab_images_{i}.tfrecord{ending}").read_bytes() for i in (0, 1)))
    assert numbers(Records(both)) == [0, 1, 2, 3, 4]


def test_a_set_goes_to_another_process_and_to_threads(tmp_path: Path) -> None:
    records = Records(writer.write_set(tmp_path, [4] * 5))
    records[3]
    copy = pickle.loads(pickle.dumps(records))
    assert numbers(copy[i] for i in (19, 0)) == [19, 0]

    found: list[list[int]] = [[] for _ in range(4)]

    def read(i: int) -> None:
        order = random.Random(i).sample(range(20), 20)
        found[i] = [read for read, asked in zip(numbers(records[n] for n in order), order) if read != asked] + [len(order)]

    threads = [threading.Thread(target=read, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[20]] * 4


def test_more_files_than_may_be_open(tmp_path: Path) -> None:
    records = Records(writer.write_set(tmp_path, [1] * 70))
    before = len(os.listdir("/proc/self/fd"))
    assert numbers(records[i] for i in range(70)) == list(range(70))
    assert len(os.listdir("/proc/self/fd")) - before <= 64
    del records
    assert len(os.listdir("/proc/self/fd")) <= before


def test_zstd_without_its_package_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lab_images_0.tfrecord.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(20))
    actual = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == "zstandard":
            raise ImportError(name)
        return actual(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match="needs the package zstandard"):
        list(iter(Records(path)))


# Damage --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return writer.write_set(tmp_path, [3]) / "lab_images_0.tfrecord"


def damage(path: Path, **changes: Any) -> None:
    data = bytearray(path.read_bytes())
    third = len(data) // 3
    if "flip" in changes:
        data[third + changes["flip"]] ^= 0x20
    if "cut" in changes:
        del data[third + changes["cut"] :]
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"flip": 0}, "the length does not have its checksum"),
        ({"flip": 9}, "the length does not have its checksum"),
        ({"flip": 100}, "the data does not have its checksum"),
        ({"cut": 5}, "the file ends within the record's header"),
        ({"cut": 20}, "the file ends within the record"),
        ({"cut": 12}, "the file ends within the record"),
    ],
)
def test_damage_is_told_with_file_and_byte(file: Path, changes: dict[str, int], reason: str) -> None:
    third = os.stat(file).st_size // 3
    damage(file, **changes)
    with pytest.raises(DamagedRecord) as found:
        list(iter(Records(file)))
    assert (found.value.path, found.value.offset, found.value.reason) == (file, third, reason)
    assert str(found.value) == f"{file}, record at byte {third}: {reason}"
    assert str(pickle.loads(pickle.dumps(found.value))) == str(found.value)


def test_damage_is_told_by_number_too(file: Path) -> None:
    records = Records(file)
    assert len(records) == 3
    damage(file, flip=100)
    assert numbers([records[0], records[2]]) == [0, 2]
    with pytest.raises(DamagedRecord, match=f"record at byte {os.stat(file).st_size // 3}: the data does not have its checksum"):
        records[1]
    assert numbers([Records(file, check=False)[0]]) == [0]


def test_a_record_of_another_kind_is_told(tmp_path: Path) -> None:
    path = writer.write(tmp_path / "x.tfrecord", [writer.picture(0), writer.example(image_name=[b"a"])])
    with pytest.raises(DamagedRecord, match="record at byte 339: it is not a picture's record: it has no feature image_l"):
        list(iter(Records(path)))


def test_a_length_that_is_a_lie_takes_no_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    for length, reason in ((1 << 40, "too long"), (1 << 29, "ends within the record")):
        head = length.to_bytes(8, "little")
        plain = head + writer.masked(head) + bytes(100)
        path = tmp_path / "x.tfrecord"
        path.write_bytes(plain)
        with pytest.raises(DamagedRecord, match=reason):
            list(iter(Records(path)))
        with pytest.raises(DamagedRecord, match=reason):
            len(Records(path))
        path.write_bytes(gzip.compress(plain))
        with pytest.raises(DamagedRecord, match=reason):
            list(iter(Records(path)))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10 << 20


@pytest.mark.parametrize("ending", ENDINGS[1:])
def test_a_packed_file_that_is_cut_or_damaged_is_told(tmp_path: Path, ending: str) -> None:
    need(ending)
    path = writer.write_set(tmp_path, [3], ending=ending) / f"lab_images_0.tfrecord{ending}"
    good = path.read_bytes()
    for cut in range(3, len(good)):
        path.write_bytes(good[:cut])
        with pytest.raises(DamagedRecord):
            list(iter(Records(path)))
    path.write_bytes(good + b"junk")
    with pytest.raises(DamagedRecord):
        list(iter(Records(path)))
    for place in range(30, len(good), 7):
        flipped = bytearray(good)
        flipped[place] ^= 0x20
        path.write_bytes(flipped)
        with pytest.raises(DamagedRecord):
            list(iter(Records(path)))


def test_a_bomb_is_unpacked_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "bomb.tfrecord.zlib"
    path.write_bytes(zlib.compress(bytes(200 << 20)))
    tracemalloc.start()
    with pytest.raises(DamagedRecord, match="the length does not have its checksum"):
        next(read_frames(path))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 10 << 20
