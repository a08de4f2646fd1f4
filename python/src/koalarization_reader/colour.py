"""Colours of records as RGB."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

# CIE 1931 XYZ of linear sRGB and the D65 white that the records were made with.
XYZ_OF_RGB = np.array([[0.412453, 0.357580, 0.180423], [0.212671, 0.715160, 0.072169], [0.019334, 0.119193, 0.950227]])
RGB_OF_XYZ = np.linalg.inv(XYZ_OF_RGB)
WHITE = np.array([0.95047, 1.0, 1.08883])


def lab_to_rgb(l: npt.ArrayLike, ab: npt.ArrayLike) -> npt.NDArray[np.uint8]:
    """The uint8 RGB [..., 3] of luminance [...] and colours [..., 2] as they stand in a record, or as a model gave them.

    `l` is 2 L / 100 - 1, `ab` is a / 127 and b / 127. Colours of a record give the picture's own pixels back; what is
    outside sRGB is clipped.
    """
    luminance, colours = _as_double(l), _as_double(ab)
    fy = ((luminance + 1) * 50 + 16) / 116
    f = np.stack([fy + colours[..., 0] * 127 / 500, fy, fy - colours[..., 1] * 127 / 200], -1)
    xyz = np.where(f > 0.2068966, f**3, (f - 16 / 116) / 7.787) * WHITE
    linear = np.clip(xyz @ RGB_OF_XYZ.T, 0, 1)
    rgb = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    result: npt.NDArray[np.uint8] = np.rint(np.clip(rgb, 0, 1) * 255).astype(np.uint8)
    return result


def _as_double(values: Any) -> npt.NDArray[np.float64]:
    return np.asarray(values, np.float64)
