"""Data sets for PyTorch. An item is a dict that `default_collate` makes batches of:

    "l"          float32 [1, S, S]   2 L / 100 - 1, from -1 (black) to 1 (white)
    "ab"         float32 [2, S, S]   a / 127 and b / 127, within -1 and 1
    "embedding"  float32 [1001]      logits; 0 is the background, i is ImageNet's class i - 1
    "name"       str                 the picture's path as koala was given it
    "number"     int                 the picture's number in the set, from 0

`fields` chooses among them, and adds "label", "caption" (str or int), or any other feature by its name in the records:
a tensor of its numbers, or the text or bytes of a feature that has one value of bytes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset, IterableDataset, get_worker_info

from .colour import RGB_OF_XYZ, WHITE
from .errors import DamagedRecord
from .example import Example
from .files import Source, Split
from .order import count_of_rank, epoch_order, of_rank, of_worker
from .records import Records

Item: TypeAlias = dict[str, Any]
_Place: TypeAlias = tuple[int, int, int]

DEFAULT_FIELDS = ("l", "ab", "embedding", "name", "number")

_STATE_VERSION = 1
_worker_info: Callable[[], Any] = get_worker_info


class RecordDataset(Dataset[Item]):
    """Any picture by its number, for samplers and `DataLoader(..., shuffle=True)`. For plain records only."""

    def __init__(
        self,
        source: Source,
        *,
        split: Split | None = None,
        check: bool = True,
        fields: Sequence[str] = DEFAULT_FIELDS,
        transform: Callable[[Item], Any] | None = None,
        index_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        """`source` to `index_folder` as in `Records`; `transform` gets each item, in the worker that read it."""
        self.records = Records(source, split=split, check=check, index_folder=index_folder)
        self._fields = _names(fields)
        self._transform = transform
        if self.records.is_packed:
            raise ValueError(
                "Some records are packed, and are read from front to back only; use RecordStream,"
                " or unpack them (`koala compress ... --to none --out DIR`)."
            )

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, number: int) -> Any:
        item = _item(self.records, number, self._fields)
        return item if self._transform is None else self._transform(item)


class RecordStream(IterableDataset[Item]):
    """The pictures of one epoch, each exactly once over all ranks and all workers of their loaders.

    With `shuffle` the order is that of a hash of seed and epoch, over the whole set (packed files: files in such an order,
    each from front to back). Ranks take turns picture by picture, workers batch by batch, so a DataLoader gives the same
    batches whatever its number of workers, if `batch_size` here is that of the loader; `RecordLoader` sees to that.

    Where a training was, `state_dict()` tells and `load_state_dict()` sets, also with another number of ranks, workers or
    another batch size. In a worker process both are of that worker alone, as stateful loaders want it.
    """

    def __init__(
        self,
        source: Source,
        *,
        shuffle: bool = False,
        seed: int = 0,
        batch_size: int = 1,
        rank: int | None = None,
        ranks: int | None = None,
        equal_ranks: bool = False,
        split: Split | None = None,
        check: bool = True,
        fields: Sequence[str] = DEFAULT_FIELDS,
        transform: Callable[[Item], Any] | None = None,
        index_folder: str | os.PathLike[str] | None = None,
    ) -> None:
        """
        batch_size: that of the DataLoader.
        rank, ranks: by default those of torch.distributed where it is initialised, else RANK and WORLD_SIZE of the
            environment, else one rank.
        equal_ranks: leaves out the last pictures of an epoch, fewer than there are ranks, so that all ranks have as many
            batches, as gradients averaged over ranks need it. With `shuffle` they are others in each epoch.
        The others are as in `RecordDataset`.
        """
        self.records = Records(source, split=split, check=check, index_folder=index_folder)
        self.rank, self.ranks = _rank(rank, ranks)
        self.batch_size = _positive("batch_size", batch_size)
        self._shuffle = shuffle
        self._seed = seed
        self._equal_ranks = equal_ranks
        self._fields = _names(fields)
        self._transform = transform
        self._file_counts = self.records.file_counts
        self._by_file = self.records.is_packed
        # Epoch, the pictures of it that all ranks together gave before, and those that this rank gave since: where the next
        # pass begins. Shared memory, because workers that stay from epoch to epoch have a copy of this object.
        place: Any = torch.zeros(3, dtype=torch.int64)
        self._next_pass: Any = place.share_memory_()
        self._next_pass_here: _Place | None = None  # in a worker, where its state was loaded
        self._now: _Place | None = None  # within a pass

    @property
    def epoch(self) -> int:
        """The epoch of the next pass, from 0."""
        return self._next_place()[0]

    def set_epoch(self, epoch: int) -> None:
        """Begins an epoch. Without it each pass has the order of the one before."""
        if epoch < 0:
            raise ValueError(f"An epoch is 0 or more, not {epoch}.")
        self._begin_at((epoch, 0, 0))

    def __len__(self) -> int:
        """How many pictures this rank gives in the next pass."""
        _, start, given = self._next_place()
        left = sum(self._file_counts) - start
        return count_of_rank(left, self.rank, self.ranks, equal=self._equal_ranks) - given

    def __iter__(self) -> Iterator[Any]:
        epoch, start, given = self._next_place()
        self._next_pass_here = None
        self._now = epoch, start, given
        order = epoch_order(self._file_counts, seed=self._seed, epoch=epoch, shuffle=self._shuffle, by_file=self._by_file)
        mine = of_rank(order[start:], self.rank, self.ranks, equal=self._equal_ranks).copy()
        worker = _worker_info()
        workers = (0, 1) if worker is None else (worker.id, worker.num_workers)
        places = of_worker(len(mine), *workers, self.batch_size)
        left: list[int] = places[places >= given].tolist()
        for place in left:
            self._now = epoch, start, place + 1
            item = _item(self.records, int(mine[place]), self._fields)
            yield item if self._transform is None else self._transform(item)

    def state_dict(self) -> dict[str, Any]:
        """Where this process is in the stream, as numbers. What workers have read is known to them: see `RecordLoader`."""
        epoch, start, given = self._now or self._next_place()
        return {**self._identity(), "epoch": epoch, "start": start, "given": given, "ranks": self.ranks}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Lets the next pass go on where `state_dict` was taken. The set, `shuffle` and `seed` must be the same."""
        for key, own in self._identity().items():
            if state.get(key) != own:
                raise ValueError(f"The state is of another stream: its {key} is {state.get(key)!r}, and here it is {own!r}.")
        epoch, start, given = int(state["epoch"]), int(state["start"]), int(state["given"])
        if _worker_info() is not None:
            self._next_pass_here, self._now = (epoch, start, given), None
        else:
            self._begin_at((epoch, min(start + given * int(state["ranks"]), sum(self._file_counts)), 0))

    def _begin_at(self, place: _Place) -> None:
        self._next_pass.copy_(torch.tensor(place))
        self._now = None

    def _next_place(self) -> _Place:
        if self._next_pass_here is not None:
            return self._next_pass_here
        epoch, start, given = self._next_pass.tolist()
        return epoch, start, given

    def _identity(self) -> dict[str, Any]:
        return {
            "version": _STATE_VERSION,
            "pictures": sum(self._file_counts),
            "shuffle": self._shuffle,
            "seed": self._seed if self._shuffle else None,
        }


class RecordLoader:
    """A DataLoader over a `RecordStream` that knows how far the training loop is, whatever its workers read ahead.

        loader = RecordLoader(RecordStream("data", shuffle=True), batch_size=32, num_workers=8)
        for epoch in range(loader.epoch, 10):
            for batch in loader:
                ...
                torch.save({"model": model.state_dict(), "data": loader.state_dict()}, "checkpoint.pt")

    Each `for` is a pass: a whole one ends the epoch, and the next begins the next epoch. One that was left early is begun
    again from where it had begun; only `load_state_dict` goes on in the middle.
    """

    def __init__(self, stream: RecordStream, *, batch_size: int = 1, drop_last: bool = False, **options: Any) -> None:
        """`options` are those of the DataLoader: num_workers, pin_memory, collate_fn, persistent_workers, ..."""
        stream.batch_size = _positive("batch_size", batch_size)
        self.stream = stream
        self._drop_last = drop_last
        self._loader: DataLoader[Item] = DataLoader(stream, batch_size=batch_size, drop_last=drop_last, **options)
        self._given = 0

    @property
    def epoch(self) -> int:
        """The epoch of the next pass, or of the one that is under way."""
        return self.stream.epoch

    def set_epoch(self, epoch: int) -> None:
        """Begins an epoch."""
        self.stream.set_epoch(epoch)
        self._given = 0

    def __len__(self) -> int:
        """The batches of the next pass."""
        whole, rest = divmod(len(self.stream), self.stream.batch_size)
        return whole + (rest > 0 and not self._drop_last)

    def __iter__(self) -> Iterator[Any]:
        self._given = 0
        count = len(self.stream)
        for batch in self._loader:
            self._given = min(self._given + self.stream.batch_size, count)
            yield batch
        self.set_epoch(self.epoch + 1)

    def state_dict(self) -> dict[str, Any]:
        """The place after the batch that the training loop got last."""
        return {**self.stream.state_dict(), "given": self._given}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on after that batch with the next `for`."""
        self.stream.load_state_dict(state)
        self._given = 0


def lab_tensors_to_rgb(l: torch.Tensor, ab: torch.Tensor) -> torch.Tensor:
    """RGB [..., 3, S, S] from 0 to 1, on the same device, of l [..., 1, S, S] and ab [..., 2, S, S] as items have them."""
    fy = ((l.double() + 1) * 50 + 16) / 116
    a, b = ab.double().unbind(-3)
    f = torch.cat([fy + a.unsqueeze(-3) * 127 / 500, fy, fy - b.unsqueeze(-3) * 127 / 200], -3)
    white = torch.as_tensor(WHITE, device=f.device)[:, None, None]
    xyz = torch.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787) * white
    linear = torch.einsum("ij,...jyx->...iyx", torch.as_tensor(RGB_OF_XYZ, device=f.device), xyz).clamp(0, 1)
    rgb = torch.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return rgb.clamp(0, 1).float()


def _item(records: Records, number: int, fields: tuple[str, ...]) -> Item:
    example = records[number]
    return {field: _value(records, number, example, field) for field in fields}


def _value(records: Records, number: int, example: Example, field: str) -> Any:
    if field == "l":
        return torch.from_numpy(example.l)[None]
    if field == "ab":
        return torch.from_numpy(np.ascontiguousarray(example.ab.transpose(2, 0, 1)))
    if field == "embedding":
        return torch.from_numpy(example.embedding)
    if field == "name":
        return example.name
    if field == "number":
        return number % len(records)
    name = f"image_{field}" if field in ("label", "caption") else field
    feature = example.features.get(name)
    single = example.label if field == "label" else example.caption if field == "caption" else None
    if single is not None:
        return single
    if isinstance(feature, np.ndarray):
        return torch.from_numpy(feature)
    if isinstance(feature, list) and len(feature) == 1:
        return feature[0].decode(errors="surrogateescape")
    path, offset = records.location(number)
    raise DamagedRecord(f"it has no feature {name}" if feature is None else f"its {name} is not one value", path, offset)


def _rank(rank: int | None, ranks: int | None) -> tuple[int, int]:
    if (rank is None) != (ranks is None):
        raise ValueError("rank and ranks are given together.")
    if rank is None or ranks is None:
        rank, ranks = _rank_of_launcher()
    if not 0 <= rank < ranks:
        raise ValueError(f"rank is from 0 to ranks - 1: it is {rank}, and ranks is {ranks}.")
    return rank, ranks


def _rank_of_launcher() -> tuple[int, int]:
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return int(torch.distributed.get_rank()), int(torch.distributed.get_world_size())
    return int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))


def _names(fields: Sequence[str]) -> tuple[str, ...]:
    if isinstance(fields, str):
        raise TypeError(f"fields is a list of names: ({fields!r},) for one.")
    return tuple(fields)


def _positive(name: str, value: int) -> int:
    if value < 1:
        raise ValueError(f"{name} is 1 or more, not {value}.")
    return value
