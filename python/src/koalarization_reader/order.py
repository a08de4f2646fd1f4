"""In which order pictures are given, and by whom. The same numbers on every machine and with every version of NumPy."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Order = npt.NDArray[np.int64]


def shuffled(count: int, seed: int, epoch: int) -> Order:
    """The numbers from 0 to count - 1 in the order of a hash (SplitMix64) of each with seed and epoch."""
    start = _mix(_mix(np.array([seed & (1 << 64) - 1], np.uint64)) + np.uint64(epoch))
    return np.argsort(_mix(start + np.arange(count, dtype=np.uint64)), kind="stable").astype(np.int64)


def epoch_order(file_counts: list[int], *, seed: int, epoch: int, shuffle: bool, by_file: bool) -> Order:
    """The pictures of one epoch, numbered through all files. `by_file` shuffles files only, and reads each to its end."""
    total = sum(file_counts)
    if not shuffle:
        return np.arange(total, dtype=np.int64)
    if not by_file:
        return shuffled(total, seed, epoch)
    begins = np.concatenate([[0], np.cumsum(file_counts)]).astype(np.int64)
    files = shuffled(len(file_counts), seed, epoch)
    order: Order = np.concatenate([np.arange(begins[file], begins[file + 1]) for file in files])
    return order


def of_rank(order: Order, rank: int, ranks: int, *, equal: bool) -> Order:
    """Every rank-th picture. `equal` leaves the last few out, fewer than `ranks`, so that all ranks have as many."""
    return order[: len(order) - len(order) % ranks if equal else len(order)][rank::ranks]


def count_of_rank(count: int, rank: int, ranks: int, *, equal: bool) -> int:
    """How many pictures `of_rank` gives of so many."""
    return count // ranks if equal else (count - rank + ranks - 1) // ranks


def of_worker(count: int, worker: int, workers: int, batch_size: int) -> Order:
    """Which of a rank's pictures a worker gives: batch after batch in turns, as PyTorch's DataLoader collects them."""
    numbers = np.arange(count, dtype=np.int64)
    own: Order = numbers[numbers // batch_size % workers == worker]
    return own


def _mix(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    z = values + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    result: npt.NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return result
