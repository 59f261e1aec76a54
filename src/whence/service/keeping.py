"""Keeping content that a client sends: written aside, checked, and named only when it is whole."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from types import TracebackType

from whence._base.errors import DiskFullError, DocumentError
from whence._base.private import opener
from whence.journal.home import content_path
from whence.service.growing import NO_ROOM, sync_folder


def find_kept(folder: Path, digest: bytes) -> Path | None:
    """Where content lies in the store at ``folder``; None where it is not kept."""
    path = content_path(folder, digest)
    return path if path.is_file() else None


class Kept:
    """Content that is coming in, found by ``digest``; its bytes have the SHA-256 ``own``.

    They differ where secrets in it are masked. Leaving it before `finish` keeps nothing.
    """

    def __init__(self, folder: Path, digest: bytes, own: bytes) -> None:
        """Raises DiskFullError, OSError."""
        self._path = content_path(folder, digest)
        self._own, self._hash = own, sha256()
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._aside = self._path.with_name(f".{self._path.name}.{os.urandom(4).hex()}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        self._fd = opener(str(self._aside), flags)

    def write(self, data: bytes) -> None:
        """Take in more of it. Raises DiskFullError, OSError."""
        self._hash.update(data)
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._fd, left) :]
        except OSError as error:
            raise _told(error) from error

    def finish(self) -> None:
        """Name it, now that it is whole. Raises DocumentError where it is not what was said."""
        if self._hash.digest() != self._own:
            raise DocumentError(
                f"The content's SHA-256 is {self._hash.hexdigest()}, not {self._own.hex()}"
            )
        try:
            os.fsync(self._fd)
            os.rename(self._aside, self._path)
            sync_folder(self._path.parent)
        except OSError as error:
            raise _told(error) from error

    def __enter__(self) -> Kept:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.close(self._fd)
        self._aside.unlink(missing_ok=True)


def _told(error: OSError) -> OSError | DiskFullError:
    if error.errno in NO_ROOM:
        return DiskFullError("The server's disk has no room for the content. Send it again later")
    return error
