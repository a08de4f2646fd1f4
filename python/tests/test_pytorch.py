from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import writer
from conftest import GOLDEN

torch = pytest.importorskip("torch", reason="PyTorch is not installed")

from torch.utils.data import DataLoader, DistributedSampler  # noqa: E402

from koalarization_reader import DamagedRecord, RecordDataset, RecordLoader, Records, RecordStream, lab_tensors_to_rgb  # noqa: E402
from koalarization_reader.order import shuffled  # noqa: E402


pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")  # more workers than this machine has cores


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """101 pictures in records of 40, 30, 1 and 30."""
    return writer.write_set(tmp_path / "tfrecords", [40, 30, 1, 30])


def numbers(batches: Any) -> list[int]:
    return [number for batch in batches for number in torch.as_tensor(batch["number"]).reshape(-1).tolist()]


# Items ---------------------------------------------------------------------------------------------------------------


def test_an_item_is_what_the_record_has(folder: Path) -> None:
    item = RecordDataset(folder)[57]
    example = Records(folder)[57]
    assert list(item) == ["l", "ab", "embedding", "name", "number"]
    assert item["l"].shape == (1, 4, 4) and item["ab"].shape == (2, 4, 4) and item["embedding"].shape == (5,)
    assert all(item[key].dtype == torch.float32 and item[key].is_contiguous() for key in ("l", "ab", "embedding"))
    np.testing.assert_array_equal(item["l"][0].numpy(), example.l)
    np.testing.assert_array_equal(item["ab"].numpy(), np.moveaxis(example.ab, -1, 0))
    assert (item["name"], item["number"]) == ("data/resized/000057.jpeg", 57)
    assert RecordDataset(folder)[-1]["number"] == 100


def test_fields_are_chosen_and_collated(tmp_path: Path) -> None:
    datas = [
        writer.picture(i, image_label=[f"n{i:08}".encode()], image_caption=["ein Köder".encode()], weights=np.array([i, 2.0]), year=[i])
        for i in range(3)
    ]
    writer.write(tmp_path / "lab_images_0.tfrecord", datas)
    data = RecordDataset(tmp_path, fields=("label", "caption", "weights", "year", "l"), transform=lambda item: {**item, "more": 1})
    (batch,) = DataLoader(data, batch_size=3)
    assert batch["label"] == ["n00000000", "n00000001", "n00000002"] and batch["caption"] == ["ein Köder"] * 3
    assert batch["weights"].tolist() == [[0, 2], [1, 2], [2, 2]] and batch["year"].tolist() == [[0], [1], [2]]
    assert batch["l"].shape == (3, 1, 4, 4) and batch["more"].tolist() == [1, 1, 1]


def test_a_class_index_is_collated_as_numbers(tmp_path: Path) -> None:
    writer.write(tmp_path / "lab_images_0.tfrecord", [writer.picture(i, image_label=[i + 7]) for i in range(3)])
    (batch,) = DataLoader(RecordDataset(tmp_path, fields=("label",)), batch_size=3)
    assert batch["label"].tolist() == [7, 8, 9]


def test_a_field_that_a_record_lacks_is_told(folder: Path) -> None:
    with pytest.raises(DamagedRecord, match="lab_images_1.tfrecord, record at byte 0: it has no feature image_label"):
        RecordDataset(folder, fields=("label",))[40]


def test_one_name_is_no_list_of_names(folder: Path) -> None:
    with pytest.raises(TypeError, match=r"\('label',\) for one"):
        RecordDataset(folder, fields="label")


def test_packed_records_have_no_map(tmp_path: Path) -> None:
    writer.write_set(tmp_path, [3], ending=".gz")
    with pytest.raises(ValueError, match="use RecordStream"):
        RecordDataset(tmp_path)


def test_damage_reaches_the_training_loop_from_a_worker(folder: Path) -> None:
    data = RecordDataset(folder)
    file = folder / "lab_images_2.tfrecord"
    content = bytearray(file.read_bytes())
    content[60] ^= 1
    file.write_bytes(content)
    with pytest.raises(DamagedRecord, match="lab_images_2.tfrecord, record at byte 0: the data does not have its checksum"):
        list(DataLoader(data, batch_size=8, num_workers=2))


def test_colours_as_tensors_are_those_of_NumPy() -> None:
    rgb = np.fromfile(GOLDEN / "lab/colours.u8", np.uint8).reshape(-1, 3)
    lab = torch.from_numpy(np.fromfile(GOLDEN / "lab/colours_l_a_b.f32", "<f4").reshape(-1, 3).T.copy()).reshape(1, 3, -1, 1)
    back = lab_tensors_to_rgb(lab[:, :1], lab[:, 1:])
    assert back.shape == (1, 3, len(rgb), 1) and back.dtype == torch.float32
    np.testing.assert_array_equal((back * 255).round().to(torch.uint8)[0, :, :, 0].T.numpy(), rgb)


# By number -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [0, 8])
def test_a_map_gives_each_picture_once(folder: Path, workers: int) -> None:
    data = RecordDataset(folder)
    generator = torch.Generator().manual_seed(5)
    given = numbers(DataLoader(data, batch_size=8, shuffle=True, num_workers=workers, generator=generator))
    assert given != sorted(given) and sorted(given) == list(range(101))


def test_a_map_serves_distributed_samplers(folder: Path) -> None:
    data = RecordDataset(folder)
    given = [n for rank in range(4) for n in numbers(DataLoader(data, sampler=DistributedSampler(data, 4, rank)))]
    assert set(given) == set(range(101))


# As a stream ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "workers"), [("", 0), ("", 1), ("", 8), (".gz", 0), (".gz", 3)])
def test_a_stream_gives_each_picture_once_over_ranks_and_workers(tmp_path: Path, ending: str, workers: int) -> None:
    folder = writer.write_set(tmp_path, [40, 30, 1, 30], ending=ending)
    given = []
    for rank in range(4):
        stream = RecordStream(folder, shuffle=True, seed=2, rank=rank, ranks=4, batch_size=4)
        batches = list(DataLoader(stream, batch_size=4, num_workers=workers))
        assert [len(batch["name"]) for batch in batches[:-1]] == [4] * (len(batches) - 1)
        assert len(stream) == len(numbers(batches)) in (25, 26)
        given += numbers(batches)
    assert given != sorted(given) and sorted(given) == list(range(101))


@pytest.mark.parametrize("workers", [0, 1, 3])
def test_batches_do_not_depend_on_workers(folder: Path, workers: int) -> None:
    loader = RecordLoader(RecordStream(folder, shuffle=True, seed=3), batch_size=8, num_workers=workers)
    batches = list(loader)
    assert len(batches) == 13 == -(-101 // 8)
    assert numbers(batches) == shuffled(101, 3, 0).tolist()


def test_without_shuffle_the_order_is_that_of_the_files(folder: Path) -> None:
    assert numbers(RecordLoader(RecordStream(folder), batch_size=7, num_workers=2)) == list(range(101))


@pytest.mark.parametrize("persistent", [False, True])
def test_each_epoch_has_an_order_of_its_own(folder: Path, persistent: bool) -> None:
    loader = RecordLoader(RecordStream(folder, shuffle=True, seed=3), batch_size=8, num_workers=2, persistent_workers=persistent)
    for epoch in range(3):
        assert loader.epoch == epoch
        assert numbers(loader) == shuffled(101, 3, epoch).tolist()
    loader.set_epoch(1)
    assert numbers(loader) == shuffled(101, 3, 1).tolist()


def test_equal_ranks_have_as_many(folder: Path) -> None:
    given = [numbers(RecordStream(folder, shuffle=True, rank=rank, ranks=4, equal_ranks=True)) for rank in range(4)]
    assert [len(one) for one in given] == [25] * 4
    assert len({number for one in given for number in one}) == 100


def test_drop_last_drops_one_batch_of_the_rank(folder: Path) -> None:
    loader = RecordLoader(RecordStream(folder), batch_size=8, drop_last=True, num_workers=3)
    assert len(loader) == 12 and numbers(loader) == list(range(96))


def take(batches: Iterator[Any], count: int) -> list[int]:
    return numbers(next(batches) for _ in range(count))


@pytest.mark.parametrize(("ending", "workers"), [("", 0), ("", 2), (".gz", 1)])
def test_a_training_goes_on_in_the_middle_of_an_epoch(tmp_path: Path, ending: str, workers: int) -> None:
    folder = writer.write_set(tmp_path, [40, 30, 1, 30], ending=ending)

    def new(workers: int, batch_size: int = 8) -> RecordLoader:
        return RecordLoader(RecordStream(folder, shuffle=True, seed=3), batch_size=batch_size, num_workers=workers)

    whole = new(0)
    whole.set_epoch(1)
    expected = numbers(whole)
    first = new(workers)
    numbers(first)
    given = take(iter(first), 5)
    state = first.state_dict()
    for other_workers, batch_size in ((workers, 8), (2 - workers, 5)):
        second = new(other_workers, batch_size)
        second.load_state_dict(state)
        assert second.epoch == 1 and len(second) == -(-(101 - 40) // batch_size)
        batches = iter(second)
        more = take(batches, 2)
        third = new(0)
        third.load_state_dict(second.state_dict())  # a resumed one is resumed
        assert given + more + numbers(third) == expected
        assert more + numbers(batches) == expected[40:]
        assert second.epoch == third.epoch == 2 and len(second) == -(-101 // batch_size)


def test_a_training_goes_on_with_another_number_of_ranks(folder: Path) -> None:
    def new(rank: int, ranks: int) -> RecordLoader:
        return RecordLoader(RecordStream(folder, shuffle=True, seed=3, rank=rank, ranks=ranks), batch_size=4)

    given, states = [], []
    for rank in range(4):
        loader = new(rank, 4)
        given += take(iter(loader), 3)
        states.append(loader.state_dict())
    assert all(state == states[0] for state in states)
    for rank in range(2):
        loader = new(rank, 2)
        loader.load_state_dict(states[0])
        given += numbers(loader)
    assert sorted(given) == list(range(101))


def test_a_stream_alone_knows_its_place(folder: Path) -> None:
    stream = RecordStream(folder, shuffle=True, seed=3)
    items = iter(stream)
    given = numbers(next(items) for _ in range(11))
    again = RecordStream(folder, shuffle=True, seed=3)
    again.load_state_dict(stream.state_dict())
    assert given + numbers(again) == shuffled(101, 3, 0).tolist()


class Worker:
    """What PyTorch tells a data set in a worker process."""

    def __init__(self, id: int, num_workers: int) -> None:
        self.id = id
        self.num_workers = num_workers


def test_workers_that_keep_states_of_their_own_go_on_each(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As loaders do that ask each worker for its state. All workers share one stream here, as they share its memory."""
    from koalarization_reader import pytorch

    current: list[Worker | None] = [None]
    monkeypatch.setattr(pytorch, "_worker_info", lambda: current[0])
    given, states = [], []
    for worker, count in ((0, 9), (1, 0), (2, 17)):
        stream = RecordStream(folder, shuffle=True, seed=3, batch_size=4)
        current[0] = Worker(worker, 3)
        items = iter(stream)
        given += numbers(next(items) for _ in range(count))
        states.append(stream.state_dict())
    current[0] = None
    streams = [RecordStream(folder, shuffle=True, seed=3, batch_size=4) for _ in range(3)]
    for stream in streams:
        stream._next_pass = streams[0]._next_pass
    for worker, stream in enumerate(streams):
        current[0] = Worker(worker, 3)
        stream.load_state_dict(states[worker])
    for worker, stream in enumerate(streams):
        current[0] = Worker(worker, 3)
        given += numbers(stream)
    assert sorted(given) == list(range(101))


def test_a_state_of_another_set_or_order_is_refused(folder: Path, tmp_path: Path) -> None:
    state = RecordStream(folder, shuffle=True, seed=3).state_dict()
    for other in (
        RecordStream(folder, shuffle=True, seed=4),
        RecordStream(folder, seed=3),
        RecordStream(folder / "lab_images_0.tfrecord", shuffle=True, seed=3),
    ):
        with pytest.raises(ValueError, match="The state is of another stream"):
            other.load_state_dict(state)


def test_ranks_come_from_the_launcher(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (RecordStream(folder).rank, RecordStream(folder).ranks) == (0, 1)
    monkeypatch.setenv("RANK", "2")
    monkeypatch.setenv("WORLD_SIZE", "4")
    assert (RecordStream(folder).rank, RecordStream(folder).ranks) == (2, 4)
    assert (RecordStream(folder, rank=0, ranks=1).rank, RecordStream(folder, rank=0, ranks=1).ranks) == (0, 1)
    for wrong in ({"rank": 1}, {"ranks": 2}, {"rank": 2, "ranks": 2}, {"rank": -1, "ranks": 2}, {"batch_size": 0}):
        with pytest.raises(ValueError):
            RecordStream(folder, **wrong)


def test_workers_may_be_started_by_spawn(folder: Path) -> None:
    loader = RecordLoader(RecordStream(folder, shuffle=True), batch_size=8, num_workers=1, multiprocessing_context="spawn", persistent_workers=True)
    assert numbers(loader) == shuffled(101, 0, 0).tolist()
    assert numbers(loader) == shuffled(101, 0, 1).tolist()
