from __future__ import annotations

import subprocess
import sys

import pytest

WITHOUT_TORCH = """
import sys
sys.modules["torch"] = None
from koalarization_reader import *
import koalarization_reader
assert Records and "torch.utils" not in sys.modules
try:
    koalarization_reader.RecordDataset
except ImportError as error:
    print(error)
"""


def test_NumPy_alone_is_enough() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_TORCH], capture_output=True, text=True, check=True)
    assert done.stdout == "RecordDataset needs PyTorch, which is not installed; Records needs NumPy alone.\n"


def test_a_name_that_is_not_there_is_no_attribute() -> None:
    import koalarization_reader

    with pytest.raises(AttributeError):
        koalarization_reader.RecordDataSet  # type: ignore[attr-defined]
