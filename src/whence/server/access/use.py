"""When tokens and sessions were last used, written beside the requests and never in their way."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Lock, Thread

from whence._base.clock import wall_ns
from whence._base.errors import StoreError

EVERY_NS = 60 * 1_000_000_000
MOST = 10_000


class Uses:
    """Has ``write(key, at)`` called for a key that is used, at most once a minute.

    A use that can't be written is lost: it tells when a token was used, not whether it may be.
    """

    def __init__(self, write: Callable[[str | bytes, int], None]) -> None:
        self._write = write
        self._written: dict[str | bytes, int] = {}
        self._due: SimpleQueue[tuple[str | bytes, int] | None] = SimpleQueue()
        self._lock = Lock()
        self._thread: Thread | None = None

    def note(self, key: str | bytes) -> None:
        """A token or session was used just now."""
        now = wall_ns()
        with self._lock:
            if now - self._written.get(key, 0) < EVERY_NS:
                return
            if len(self._written) >= MOST:
                self._written.clear()
            self._written[key] = now
            if self._thread is None:
                self._thread = Thread(target=self._work, name="whence-uses", daemon=True)
                self._thread.start()
        self._due.put((key, now))

    def close(self) -> None:
        """Write what is due, and end."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None:
            self._due.put(None)
            thread.join()

    def _work(self) -> None:
        while (due := self._due.get()) is not None:
            with suppress(StoreError):
                self._write(*due)
