"""Who may use an RDF store: one process that changes it, or any number that read it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path

from whence._base.errors import StoreError
from whence._base.private import opener

_PAUSE_S = 0.02


class Lock:
    """The lock of a folder; ``fd`` may be handed to a child, which then holds it too."""

    def __init__(self, fd: int, folder: Path, deadline: float) -> None:
        self.fd, self._folder, self._deadline = fd, folder, deadline

    def share(self) -> None:
        """Hold it with other readers. Raises StoreError when the time is up."""
        self._take(LOCK_SH)

    def own(self) -> None:
        """Hold it alone. Raises StoreError when the time is up."""
        self._take(LOCK_EX)

    def _take(self, how: int) -> None:
        while True:
            try:
                flock(self.fd, how | LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > self._deadline:
                    raise StoreError(
                        f"'{self._folder}' is in use by another process. Ask again when it is done"
                    ) from None
                time.sleep(_PAUSE_S)
            else:
                return


@contextmanager
def locked(folder: Path, wait_s: float) -> Iterator[Lock]:
    """The lock of ``folder``, not held yet; let go at the end. It waits ``wait_s`` at most."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fd = opener(os.fspath(folder / "lock"), os.O_RDWR | os.O_CREAT)
    try:
        yield Lock(fd, folder, time.monotonic() + wait_s)
    finally:
        os.close(fd)
