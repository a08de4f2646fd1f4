"""What is wrong with a file, with its place."""

from __future__ import annotations

from pathlib import Path


class DamagedRecord(ValueError):
    """A file is not a whole TFRecord file, or a record in it is not a picture's.

    `reason` is what is wrong, `path` the file, `offset` the byte at which the record begins (in the unpacked stream, for a
    packed file; None where the file as a whole is meant). A DataLoader makes exceptions of its workers again from their
    text alone: then `reason` is all of it, and the others are None.
    """

    def __init__(self, reason: str, path: Path | None = None, offset: int | None = None) -> None:
        super().__init__(reason, path, offset)
        self.reason = reason
        self.path = path
        self.offset = offset

    def __str__(self) -> str:
        if self.path is None:
            return self.reason
        at = "" if self.offset is None else f", record at byte {self.offset}"
        return f"{self.path}{at}: {self.reason}"


class NotAnExample(ValueError):
    """Bytes are not a tf.train.Example. Where they come from is known to the caller, who says so (`DamagedRecord`)."""
