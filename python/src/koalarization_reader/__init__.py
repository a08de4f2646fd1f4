"""Reads the TFRecords that koala writes, without TensorFlow.

    from koalarization_reader import Records

    for example in Records("data/tfrecords"):
        example.l, example.ab, example.embedding   # float32 [S, S], [S, S, 2], [1001]
        example.name, example.label, example.rgb()

`RecordDataset`, `RecordStream` and `RecordLoader` are for PyTorch, and need it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .checksum import crc32c, masked_crc32c
from .colour import lab_to_rgb
from .errors import DamagedRecord, NotAnExample
from .example import Example, decode_example
from .files import find_files, is_validation
from .framing import Compression, Frame, read_frames
from .index import RecordIndex, load_index, make_index
from .proto import Feature, parse_example
from .records import Records

if TYPE_CHECKING:
    from .pytorch import RecordDataset as RecordDataset
    from .pytorch import RecordLoader as RecordLoader
    from .pytorch import RecordStream as RecordStream
    from .pytorch import lab_tensors_to_rgb as lab_tensors_to_rgb

# Without the names of PyTorch, so that `import *` needs NumPy alone.
__all__ = [
    "Compression",
    "DamagedRecord",
    "Example",
    "Feature",
    "Frame",
    "NotAnExample",
    "RecordIndex",
    "Records",
    "crc32c",
    "decode_example",
    "find_files",
    "is_validation",
    "lab_to_rgb",
    "load_index",
    "make_index",
    "masked_crc32c",
    "parse_example",
    "read_frames",
]

_OF_PYTORCH = frozenset({"RecordDataset", "RecordLoader", "RecordStream", "lab_tensors_to_rgb"})


def __getattr__(name: str) -> Any:
    if name not in _OF_PYTORCH:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from . import pytorch
    except ModuleNotFoundError as error:
        if error.name != "torch":
            raise
        raise ImportError(f"{name} needs PyTorch, which is not installed; Records needs NumPy alone.") from error
    return getattr(pytorch, name)
