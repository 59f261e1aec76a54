"""A proxy that drops connections half-way, as a bad network does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread


class CuttingProxy:
    """Passes bytes to ``port`` of this machine, and cuts a connection after so many bytes.

    The n-th connection is cut after the n-th number of ``up`` bytes to the server, or of ``down``
    bytes from it; None, and every connection past the last, is not cut.
    """

    def __init__(self, port: int, up: list[int | None], down: list[int | None]) -> None:
        self._target, self._up, self._down = port, up, down
        self.port = 0
        self.cuts = self.connections = 0

    async def serve(self, ready: asyncio.Event | None = None) -> None:
        server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        async with server:
            await server.serve_forever()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number, self.connections = self.connections, self.connections + 1
        up = self._up[number] if number < len(self._up) else None
        down = self._down[number] if number < len(self._down) else None
        try:
            theirs, mine = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        _done, waiting = await asyncio.wait(
            [
                asyncio.ensure_future(self._copy(reader, mine, up)),
                asyncio.ensure_future(self._copy(theirs, writer, down)),
            ],
            return_when=asyncio.FIRST_COMPLETED,
        )
        for task in waiting:
            task.cancel()
        for one in (writer, mine):
            one.transport.abort()

    async def _copy(
        self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, limit: int | None
    ) -> None:
        passed = 0
        while data := await source.read(4096):
            if limit is not None and passed + len(data) > limit:
                sink.write(data[: limit - passed])
                await sink.drain()
                self.cuts += 1
                return
            passed += len(data)
            sink.write(data)
            await sink.drain()


@contextmanager
def cutting(
    port: int, up: list[int | None], down: list[int | None] | None = None
) -> Iterator[CuttingProxy]:
    """A proxy at work."""
    proxy = CuttingProxy(port, up, down or [])
    loop = asyncio.new_event_loop()
    task = loop.create_task(proxy.serve())
    thread = Thread(target=_run, args=(loop, task), daemon=True)
    thread.start()
    while not proxy.port:
        pass
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join()


def _run(loop: asyncio.AbstractEventLoop, task: asyncio.Task[None]) -> None:
    with suppress(asyncio.CancelledError):
        loop.run_until_complete(task)
    for left in asyncio.all_tasks(loop):
        left.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
