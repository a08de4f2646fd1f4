"""Memory that is used again: fresh pages would cost as much as reading a record, or as its checksum."""

from __future__ import annotations

import threading

import numpy as np
import numpy.typing as npt

_MOST_KEPT_BYTES = 1 << 23


class Scratch(threading.local):
    """Bytes of one thread. What was taken before is overwritten."""

    def __init__(self) -> None:
        self._kept = np.empty(0, np.uint64)

    def take(self, size: int) -> npt.NDArray[np.uint8]:
        """So many bytes, aligned to eight."""
        words = self._kept
        if words.size * 8 < size:
            words = np.empty(-(-size // 8), np.uint64)
            if size <= _MOST_KEPT_BYTES:
                self._kept = words
        return words.view(np.uint8)[:size]
