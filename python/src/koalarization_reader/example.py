"""One picture of a record."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

from .colour import lab_to_rgb
from .errors import NotAnExample
from .proto import Feature, parse_example


@dataclass(frozen=True, eq=False)
class Example:
    """One picture. The arrays are its own: writable, contiguous, and not shared with other pictures.

    S is 299 by default, 224 with `--compat original`.
    """

    name: str
    """`image_name`: the picture's path as koala was given it; the file name is the MD5 of its URL."""

    l: npt.NDArray[np.float32]
    """`image_l` [S, S]: 2 L / 100 - 1, from -1 (black) to 1 (white)."""

    ab: npt.NDArray[np.float32]
    """`image_ab` [S, S, 2]: a / 127 and b / 127, within -1 and 1."""

    embedding: npt.NDArray[np.float32]
    """`image_embedding` [1001]: logits; 0 is the background, i is ImageNet's class i - 1."""

    features: Mapping[str, Feature] = field(repr=False)
    """Every other feature of the record, by its name."""

    @property
    def label(self) -> str | int | None:
        """`image_label`: text (such as a word number of ImageNet) or a number; None where the record has no label."""
        return self._single("image_label")

    @property
    def caption(self) -> str | int | None:
        """`image_caption`; None where the record has none."""
        return self._single("image_caption")

    def rgb(self) -> npt.NDArray[np.uint8]:
        """The picture's pixels [S, S, 3], uint8."""
        return lab_to_rgb(self.l, self.ab)

    def _single(self, name: str) -> str | int | None:
        return single_value(self.features.get(name))


def single_value(feature: Feature) -> str | int | None:
    """The text or the integer that is a feature's only value; None where it has none or several."""
    if feature is None or len(feature) != 1:
        return None
    value = feature[0]
    if isinstance(value, bytes):
        return value.decode(errors="surrogateescape")
    return int(value) if isinstance(value, np.int64) else None


def decode_example(data: bytes | bytearray | memoryview) -> Example:
    """The picture that a record's data is of.

    Raises `NotAnExample` where the data is no tf.train.Example, lacks one of the four features, or has one in another
    shape.
    """
    features = parse_example(data)
    luminance = _floats(features, "image_l")
    size = math.isqrt(luminance.size)
    if size == 0 or size * size != luminance.size:
        raise NotAnExample(f"image_l has {luminance.size} values, which is no square")
    colours = _floats(features, "image_ab")
    if colours.size != 2 * luminance.size:
        raise NotAnExample(f"image_ab has {colours.size} values where image_l has {luminance.size}")
    embedding = _floats(features, "image_embedding")
    names = features.pop("image_name", None)
    if not isinstance(names, list) or len(names) != 1:
        raise NotAnExample("image_name is not one string of bytes")
    return Example(
        name=names[0].decode(errors="surrogateescape"),
        l=luminance.reshape(size, size),
        ab=colours.reshape(size, size, 2),
        embedding=embedding,
        features=features,
    )


def _floats(features: dict[str, Feature], name: str) -> npt.NDArray[np.float32]:
    if name not in features:
        raise NotAnExample(f"it has no feature {name}")
    values = features.pop(name)
    if not isinstance(values, np.ndarray) or values.dtype != np.float32:
        raise NotAnExample(f"{name} is not a list of floats")
    return cast("npt.NDArray[np.float32]", values)
