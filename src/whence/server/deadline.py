"""How long a question may take: until its time is up or nobody waits for the answer any more.

Then what the database does for it is ended.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock

from anyio import CancelScope
from starlette.types import Receive

from whence._base.errors import TookTooLongError
from whence.store.protocol import Store

AGAIN_S = 0.1
"""One interruption ends one statement; a question asks several."""


class Deadline:
    """The time limit of one call: another thread calls ``expire``, the call's own the rest.

    ``left`` says that it came early, because the caller has gone.
    """

    def __init__(self, limit_s: float) -> None:
        self.limit_s, self.expired, self.left = limit_s, False, False
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
        """Have the store's statements in the block end when the time is up.

        Raises TookTooLongError where it is up already.
        """
        with self._lock:
            if self.expired:
                raise self.error()
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
def within(limit_s: float, gone: Callable[[], Awaitable[None]] | None = None) -> Iterator[Deadline]:
    """Have a deadline for the calls that the block, in a loop, gives to threads.

    There is no limit where it is 0. ``gone`` returns when the caller has gone: what runs is then
    ended, and a call that waits for a thread does not begin.
    """
    deadline, loop = Deadline(limit_s), asyncio.get_running_loop()
    waiting = CancelScope()

    async def expire() -> None:
        try:
            async with asyncio.timeout(limit_s or None):
                await (_never() if gone is None else gone())
            deadline.left = True
            waiting.cancel()
        except TimeoutError:
            pass
        while True:
            await loop.run_in_executor(None, deadline.expire)
            await asyncio.sleep(AGAIN_S)

    task, token = loop.create_task(expire()), current.set(deadline)
    try:
        with waiting:
            yield deadline
    finally:
        task.cancel()
        current.reset(token)


def leaving(receive: Receive) -> Callable[[], Awaitable[None]]:
    """What returns when the client of a request without a body has gone."""

    async def gone() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    return gone


async def _never() -> None:
    await asyncio.Event().wait()
