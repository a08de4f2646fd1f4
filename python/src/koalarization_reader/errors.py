"""What is wrong with a file, with its place."""

from __future__ import annotations

from pathlib import Path


class DamagedRecord(ValueError):
    """A file is not a whole TFRecord file, or a record in it is not a picture's.

    `path` is the file, `offset` the byte at which the record begins (in the unpacked stream, for a packed file; None
    where the file as a whole is meant), `reason` what is wrong.
    """

    def __init__(self, path: Path, offset: int | None, reason: str) -> None:
        # All three are arguments of the exception, so that it comes whole out of a worker process.
        super().__init__(path, offset, reason)
        self.path = path
        self.offset = offset
        self.reason = reason

    def __str__(self) -> str:
        at = "" if self.offset is None else f", record at byte {self.offset}"
        return f"{self.path}{at}: {self.reason}"


class NotAnExample(ValueError):
    """Bytes are not a tf.train.Example. Where they come from is known to the caller, who says so (`DamagedRecord`)."""
