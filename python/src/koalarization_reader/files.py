"""Which files a set is read from."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, TypeAlias

Source: TypeAlias = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]
"""A data set's folder, a folder of records, a file, a pattern such as `data/tfrecords/lab_images_*.tfrecord`, or several."""

Split: TypeAlias = Literal["train", "val", "all"]

# In the order of preference: a copy of a record has the same pictures.
_ENDINGS = (".tfrecord", ".tfrecord.gz", ".tfrecord.zlib", ".tfrecord.zst")
_VALIDATION = "val_"
_RECORD = re.compile(r"(val_)?lab_images_(0|[1-9][0-9]*)\.tfrecord(\.gz|\.zlib|\.zst)?")


def find_files(source: Source, split: Split | None = None) -> list[Path]:
    """The files in the order of their numbers, those for training first.

    Of a folder, `split` chooses by name: "train" (the default) leaves `val_*` out, "val" takes only those, "all" takes
    both. What is named by itself or by a pattern is taken whatever it is called, unless `split` is given. Of a record and
    its packed copies in one folder, one is taken: the plain one where it is there.
    """
    if split not in (None, "train", "val", "all"):
        raise ValueError(f'split is "train", "val" or "all", not {split!r}.')
    sources = [source] if isinstance(source, (str, os.PathLike)) else list(source)
    found: dict[Path, None] = {}  # a file that is named twice is read once
    for one in sources:
        for path in _find(Path(one), split):
            found.setdefault(Path(os.path.abspath(path)))
    if not found:
        raise FileNotFoundError(_nothing(source, split))
    _refuse_two_names(found)
    return _without_copies(sorted(found, key=_order))


def is_validation(path: Path) -> bool:
    """Whether a file's name puts it into the validation set."""
    return path.name.startswith(_VALIDATION)


def _find(path: Path, split: Split | None) -> list[Path]:
    if path.is_dir():
        folder = path / "tfrecords" if (path / "tfrecords").is_dir() else path
        named = sorted(name for name in os.listdir(folder) if name.endswith(_ENDINGS) and not name.startswith("."))
        files = [folder / name for name in named if (folder / name).is_file()]
        _refuse_two_names(files)  # before one of the names is left out
        return _of_split(files, split or "train")
    if path.exists():
        return _of_split([path], split or "all")
    matches = sorted(glob.glob(str(path)))
    if not matches and not glob.has_magic(str(path)):
        raise FileNotFoundError(f"{path} does not exist.")
    return _of_split([Path(match) for match in matches if match.endswith(_ENDINGS) and os.path.isfile(match)], split or "all")


def _of_split(paths: list[Path], split: Split) -> list[Path]:
    return [path for path in paths if split == "all" or is_validation(path) == (split == "val")]


def _without_copies(paths: list[Path]) -> list[Path]:
    chosen: dict[Path, Path] = {}
    for path in paths:
        stem, ending, _ = path.name.rpartition(".tfrecord")
        chosen.setdefault(path.with_name(stem + ending) if path.name.endswith(_ENDINGS) else path, path)
    return list(chosen.values())


def _refuse_two_names(paths: Iterable[Path]) -> None:
    names: dict[tuple[Path, str], Path] = {}
    for path in paths:
        record = _RECORD.fullmatch(path.name)
        if record is not None:
            other = names.setdefault((path.parent, record[2]), path)
            if is_validation(other) != is_validation(path):
                raise ValueError(
                    f"{other} and {path.name} are one record under two names, as a `koala split` that was killed leaves it;"
                    " run the same `koala split` again."
                )


def _order(path: Path) -> tuple[str, bool, list[tuple[int, str]], int, str]:
    pieces = re.split(r"([0-9]+)", path.name.removeprefix(_VALIDATION))
    ending = next((i for i, ending in enumerate(_ENDINGS) if path.name.endswith(ending)), len(_ENDINGS))
    stem = [(int(piece), "") if piece.isdigit() and piece.isascii() else (-1, piece) for piece in pieces]
    return str(path.parent), is_validation(path), stem, ending, path.name


def _nothing(source: Source, split: Split | None) -> str:
    where = source if isinstance(source, (str, os.PathLike)) else "the sources"
    if split == "val":
        return f"{where} has no records for validation; `koala split` puts some aside."
    kind = "" if split == "all" else " for training"
    return f"{where} has no records{kind} (*.tfrecord, or packed as .gz, .zlib, .zst)."
