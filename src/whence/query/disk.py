"""What a question asks of the files as they are now, on the machine where it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol


class Disk(Protocol):
    """The files of a machine. ``is_here`` is false where there are none that a question may see:
    then what is recorded is all that there is, and nothing is said of what it is like now.
    """

    @property
    def is_here(self) -> bool: ...
    def spellings(self, path: bytes) -> list[bytes]:
        """The absolute paths under which the file at ``path`` may be recorded, the likeliest first;
        none for what is no path."""

    def exists(self, path: bytes) -> bool: ...
    def is_folder(self, path: bytes) -> bool: ...
    def files_below(self, folder: bytes) -> Iterator[bytes]:
        """The files in a folder and in those in it, in order of their paths."""

    def stamp_key(self, path: bytes) -> bytes | None:
        """The key of the file's version; None when there is no file."""

    def digest(self, path: bytes) -> bytes | None:
        """The file's SHA-256; None when it can't be read or is too large to hash for a question."""
