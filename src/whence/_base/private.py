"""Files of the store, made so that only their owner may read them and no link leads elsewhere."""

from __future__ import annotations

import os
from contextlib import suppress


def opener(path: str, flags: int) -> int:
    """Open a file for `open`: private if it is made, refused where a link lies."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def ensure(path: str) -> None:
    """Make an empty file if there is none, for SQLite, which gives its own the same mode.

    One that is there is not opened: to close it would drop the locks that other connections of
    this process hold on it, and another process would then take away the log they write to.
    Raises OSError.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))


def write_aside(path: str, data: bytes) -> str:
    """Write a new file beside ``path``, to be renamed or linked, and give its path.

    Raises OSError, and leaves nothing then.
    """
    folder, name = os.path.split(path)
    aside = os.path.join(folder, f".{name}.{os.getpid()}.{os.urandom(4).hex()}")
    fd = opener(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(fd, left) :]
    except BaseException:
        os.unlink(aside)
        raise
    finally:
        os.close(fd)
    return aside


def replace(path: str, data: bytes) -> None:
    """Give the file ``path`` this content, whole or not at all. Raises OSError."""
    aside = write_aside(path, data)
    try:
        os.rename(aside, path)
    except BaseException:
        os.unlink(aside)
        raise
