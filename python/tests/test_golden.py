"""Against what the original, TensorFlow and scikit-image made (tests/golden/README.md)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import GOLDEN

from koalarization_reader import DamagedRecord, Records, lab_to_rgb, read_frames


@pytest.mark.parametrize("packing", ["none", "gzip", "zlib"])
def test_records_by_TensorFlow(packing: str) -> None:
    expected = json.loads((GOLDEN / "tfrecords/records.json").read_text())
    frames = list(read_frames(GOLDEN / f"tfrecords/tensorflow_{packing}.tfrecord"))
    assert [len(frame.data) for frame in frames] == [record["length"] for record in expected]
    assert all(record["hex"] in (None, frame.data.hex()) for record, frame in zip(expected, frames))
    assert list(read_frames(GOLDEN / f"tfrecords/tensorflow_empty_{packing}.tfrecord")) == []


def test_damage_is_found_where_TensorFlow_finds_it(tmp_path: Path) -> None:
    damage = json.loads((GOLDEN / "tfrecords/damage.json").read_text())
    good = (GOLDEN / "tfrecords" / damage["first_bytes_of"]).read_bytes()[: damage["length"]]
    ends, at = {0}, 0
    while at < len(good):
        at += 16 + int.from_bytes(good[at : at + 8], "little")
        ends.add(at)
    path = tmp_path / "damaged.tfrecord"
    for kind, position, count, error in damage["results"]:
        data = bytearray(good)
        if kind == "truncate":
            del data[position:]
        else:
            data[position] ^= 0x20
        path.write_bytes(data)
        read = 0
        try:
            for _ in read_frames(path):
                read += 1
            found = ""
        except DamagedRecord as damaged:
            found = "DataLossError"
            assert damaged.path == path and damaged.offset in ends
        # tf.data ends silently where fewer than twelve bytes are left, which are a cut header.
        silent = error == "" and kind == "truncate" and position not in ends
        assert (read, found) == (count, "DataLossError" if silent else error), (kind, position)


@pytest.mark.parametrize(
    ("file", "size", "names"),
    [
        ("docs_299_lab_images_0", 299, ["coffee_500x375"]),
        ("upstream_224_lab_images_0", 224, ["noise_301x517", "coins_120x95_gray_enlarged"]),
        ("upstream_224_lab_images_1", 224, ["coffee_500x375"]),
    ],
)
def test_records_of_the_original(tmp_path: Path, file: str, size: int, names: list[str]) -> None:
    records = Records(GOLDEN / f"records/{file}.tfrecord", index_folder=tmp_path)
    logits = np.fromfile(GOLDEN / "records/embeddings_fast_dct.f32", "<f4").reshape(-1, 1001)
    rows = (GOLDEN / "records/names.txt").read_text().split()
    assert [example.name for example in records] == [f"data/resized/{name}.jpeg" for name in names]
    for i, name in enumerate(names):
        example = records[i]
        assert example.l.shape == (size, size) and example.ab.shape == (size, size, 2)
        assert example.l.dtype == example.ab.dtype == example.embedding.dtype == np.float32
        row = next(i for i, row in enumerate(rows) if Path(row).stem == name)
        np.testing.assert_allclose(example.embedding, logits[row], atol=1e-4)
        # Lab of the pixels that come back is what the record has, by scikit-image's own formula, written out again here.
        np.testing.assert_allclose(lab_of(example.rgb()), np.dstack([example.l, example.ab]), atol=2e-2)


def lab_of(rgb: np.ndarray) -> np.ndarray:
    c = rgb / 255
    linear = np.where(c > 0.04045, ((c + 0.055) / 1.055) ** 2.4, c / 12.92)
    xyz = linear @ np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]]).T
    t = xyz / [0.95047, 1.0, 1.08883]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    lab = np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)
    return np.concatenate([2 * lab[..., :1] / 100 - 1, lab[..., 1:] / 127], -1)


def test_every_golden_colour_comes_back() -> None:
    rgb = np.fromfile(GOLDEN / "lab/colours.u8", np.uint8).reshape(-1, 3)
    lab = np.fromfile(GOLDEN / "lab/colours_l_a_b.f32", "<f4").reshape(-1, 3)
    assert len(rgb) == 32167
    np.testing.assert_array_equal(lab_to_rgb(lab[:, 0], lab[:, 1:]), rgb)


def test_colours_outside_sRGB_are_clipped() -> None:
    with np.errstate(all="raise"):
        assert lab_to_rgb([[3.0]], [[[0.0, 0.0]]]).tolist() == [[[255, 255, 255]]]
        assert lab_to_rgb([[-3.0]], [[[0.0, 0.0]]]).tolist() == [[[0, 0, 0]]]
        assert lab_to_rgb([[0.0]], [[[-1.0, 0.0]]])[0, 0, 0] == 0  # a green that has less than no red
