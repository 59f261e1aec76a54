"""News of a project for those who listen: told in any thread, heard in the loop of each."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from threading import Lock

MOST_RUNS = 1000
"""A listener who is far behind is told so many runs at most; it looks at the list anyhow."""


class Listener:
    """One who listens. What came since it last looked is told in one go, so none falls behind."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._runs: dict[str, None] = {}
        self.closed = False

    def tell(self, runs: Iterable[str]) -> None:
        """Say, from any thread, that these runs changed."""
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._add, list(runs))

    def close(self) -> None:
        """Have it hear nothing any more, from any thread."""
        self.closed = True
        self.tell(())

    async def heard(self, timeout_s: float) -> list[str] | None:
        """The runs that changed since the last time; None when there was no news for so long."""
        try:
            await asyncio.wait_for(self._news.wait(), timeout_s)
        except TimeoutError:
            return None
        self._news.clear()
        runs, self._runs = list(self._runs), {}
        return runs[-MOST_RUNS:]

    def _add(self, runs: list[str]) -> None:
        self._runs.update(dict.fromkeys(runs))
        self._news.set()


class Feed:
    """All who listen to one project."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = Lock()
        self._closed = False

    def join(self) -> Listener:
        """A listener of the running loop; it is to `leave`."""
        one = Listener()
        with self._lock:
            self._listeners.add(one)
            one.closed = self._closed
        return one

    def leave(self, one: Listener) -> None:
        with self._lock:
            self._listeners.discard(one)

    def publish(self, runs: Iterable[str]) -> None:
        """Tell all that these runs changed."""
        told = list(runs)
        with self._lock:
            for one in self._listeners:
                one.tell(told)

    def close(self) -> None:
        """End all listening."""
        with self._lock:
            self._closed = True
            for one in self._listeners:
                one.close()

    def __len__(self) -> int:
        return len(self._listeners)
