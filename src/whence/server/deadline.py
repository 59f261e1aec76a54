"""How long a question may take: when its time is up, what the database does for it is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from whence._base.errors import TookTooLongError
from whence.store.protocol import Store

AGAIN_S = 0.1
"""One interruption ends one statement; a question asks several."""


class Deadline:
    """The time limit of one call: another thread calls ``expire``, the call's own the rest."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s, self.expired = limit_s, False
        self._lock = Lock()
        self._running: list[Store] = []

    def expire(self) -> None:
        """End what is running, and have `error` say so."""
        with self._lock:
            self.expired = True
            for one in self._running:
                one.interrupt()

    @contextmanager
    def over(self, store: Store) -> Iterator[None]:
        """Have the store's statements in the block end when the time is up."""
        with self._lock:
            self._running.append(store)
        try:
            yield
        finally:
            with self._lock:
                self._running.remove(store)

    def error(self) -> TookTooLongError:
        """What to tell the caller."""
        return TookTooLongError(
            f"The question took longer than {self.limit_s:g} s and was ended. Ask for less: "
            "a limit, a depth, a narrower filter"
        )


current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)
"""The deadline of the call that runs; threads that a call is given to see it too."""


@contextmanager
def within(limit_s: float) -> Iterator[None]:
    """Have a deadline for the calls that the block, in a loop, gives to threads.

    There is none where the limit is 0.
    """
    if not limit_s:
        yield
        return
    deadline, loop = Deadline(limit_s), asyncio.get_running_loop()

    async def expire() -> None:
        await asyncio.sleep(limit_s)
        while True:
            await loop.run_in_executor(None, deadline.expire)
            await asyncio.sleep(AGAIN_S)

    task, token = loop.create_task(expire()), current.set(deadline)
    try:
        yield
    finally:
        task.cancel()
        current.reset(token)
