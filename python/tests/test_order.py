from __future__ import annotations

import numpy as np
import pytest

from koalarization_reader.order import count_of_rank, epoch_order, of_rank, of_worker, shuffled

MASK = (1 << 64) - 1


def splitmix64(value: int) -> int:
    value = (value + 0x9E3779B97F4A7C15) & MASK
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & MASK
    return value ^ value >> 31


def test_the_hash_is_SplitMix64() -> None:
    # The first outputs of the published generator with seed 1234567.
    state, outputs = 1234567, []
    for _ in range(3):
        outputs.append(splitmix64(state))
        state = (state + 0x9E3779B97F4A7C15) & MASK
    assert outputs == [6457827717110365317, 3203168211198807973, 9817491932198370423]


@pytest.mark.parametrize(("seed", "epoch"), [(0, 0), (1, 0), (0, 1), (-1, 3), (2**64 - 1, 2**40)])
def test_the_order_is_that_of_the_hashes(seed: int, epoch: int) -> None:
    start = splitmix64((splitmix64(seed & MASK) + epoch) & MASK)
    expected = sorted(range(1000), key=lambda i: splitmix64((start + i) & MASK))
    assert shuffled(1000, seed, epoch).tolist() == expected


def test_seeds_and_epochs_have_orders_of_their_own() -> None:
    orders = {tuple(shuffled(50, seed, epoch).tolist()) for seed in range(10) for epoch in range(10)}
    assert len(orders) == 100


def test_packed_files_are_shuffled_as_wholes() -> None:
    orders = {tuple(epoch_order([2, 0, 3], seed=1, epoch=epoch, shuffle=True, by_file=True).tolist()) for epoch in range(20)}
    assert orders == {(0, 1, 2, 3, 4), (2, 3, 4, 0, 1)}


@pytest.mark.parametrize("count", [0, 1, 5, 97, 128])
@pytest.mark.parametrize("ranks", [1, 3, 4])
@pytest.mark.parametrize("workers", [1, 2, 8])
@pytest.mark.parametrize("batch_size", [1, 4, 200])
def test_each_picture_once_over_ranks_and_workers(count: int, ranks: int, workers: int, batch_size: int) -> None:
    order = shuffled(count, 3, 4)
    for equal in (False, True):
        given = []
        for rank in range(ranks):
            mine = of_rank(order, rank, ranks, equal=equal)
            assert len(mine) == count_of_rank(count, rank, ranks, equal=equal)
            for worker in range(workers):
                given += mine[of_worker(len(mine), worker, workers, batch_size)].tolist()
        assert sorted(given) == sorted(order[: count - count % ranks if equal else count].tolist())
        assert len(set(given)) == len(given)


def test_workers_in_turns_give_the_order_of_the_rank() -> None:
    batches = [np.array_split(of_worker(50, worker, 3, 8), range(8, 50, 8)) for worker in range(3)]
    collected = [batches[i % 3][i // 3] for i in range(7)]
    assert np.concatenate(collected).tolist() == list(range(50))
