"""Long answers, sent while they are made: nothing of them is held but the piece on its way."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import anyio
import msgspec
from anyio import CapacityLimiter, from_thread, to_thread
from starlette.background import BackgroundTask
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from whence._base.errors import WhenceError
from whence.server.problem import problem_of

PIECE_BYTES = 1 << 16
ITEMS = 256
"""So many items of a list are encoded together."""
LONG = 2000
"""An answer with more items in its lists is sent in pieces."""
TAKEN_WITHIN_S = 60.0
"""A client that does not take a piece within this time has gone."""

_encode = msgspec.json.Encoder().encode


class ClientGone(OSError):
    """Nobody takes the rest."""


class Pieces(io.RawIOBase):
    """A file in which a thread writes a response body; a full piece waits until it is taken."""

    def __init__(self, send: Callable[[bytes, bool], Any]) -> None:
        super().__init__()
        self._send, self._buffer = send, bytearray()
        self.gone = False

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        """Take all of the data. Raises ClientGone when nobody wants it any more."""
        self._buffer += data
        if len(self._buffer) >= PIECE_BYTES:
            self._pass_on(more=True)
        return len(data)

    def end(self) -> None:
        """Send what is left."""
        self._pass_on(more=False)

    def _pass_on(self, more: bool) -> None:
        if self.gone:
            raise ClientGone
        data, self._buffer = bytes(self._buffer), bytearray()
        from_thread.run(self._send, data, more)


class PiecewiseResponse(Response):
    """What ``write`` writes, in a thread of its own kind.

    An error before the first piece is told as a problem; after it the connection is closed, so
    that no one takes the part for the whole.
    """

    def __init__(
        self,
        write: Callable[[Pieces], None],
        media_type: str,
        headers: Mapping[str, str] | None = None,
        limiter: CapacityLimiter | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        super().__init__(None, 200, headers, media_type, background)
        del self.headers["content-length"]
        self._write, self._limiter = write, limiter
        self._begun = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def pass_on(data: bytes, more: bool) -> None:
            with anyio.fail_after(TAKEN_WITHIN_S):
                if not self._begun:
                    self._begun = True
                    await send(
                        {
                            "type": "http.response.start",
                            "status": self.status_code,
                            "headers": self.raw_headers,
                        }
                    )
                await send({"type": "http.response.body", "body": data, "more_body": more})

        out = Pieces(pass_on)
        error: Exception | None = None
        async with anyio.create_task_group() as group:
            group.start_soon(_watch, receive, out)
            try:
                await to_thread.run_sync(self._made, out, limiter=self._limiter)
            except (ClientGone, TimeoutError):
                out.gone = True
            except Exception as raised:  # noqa: BLE001 - told below, outside of the group
                error = raised
            group.cancel_scope.cancel()
        if isinstance(error, WhenceError) and not self._begun:
            await problem_of(error)(scope, receive, send)
        elif error is not None:
            raise error

    def _made(self, out: Pieces) -> None:
        self._write(out)
        out.end()


async def _watch(receive: Receive, out: Pieces) -> None:
    """Note when the client goes away."""
    while (await receive())["type"] != "http.disconnect":
        pass
    out.gone = True


def is_long(answer: Any) -> bool:
    """Whether an answer is better sent in pieces."""
    return isinstance(answer, msgspec.Struct) and (
        sum(len(value) for value in _values(answer) if isinstance(value, list)) > LONG
    )


def encoded(answer: msgspec.Struct) -> Iterator[bytes]:
    """The JSON of an answer, its long lists some items at a time."""
    sign = b"{"
    for field, value in zip(msgspec.structs.fields(answer), _values(answer), strict=True):
        yield sign + _encode(field.encode_name) + b":"
        sign = b","
        if isinstance(value, list) and len(value) > ITEMS:
            yield from _encoded_list(value)
        else:
            yield _encode(value)
    yield b"}"


def _encoded_list(items: list[Any]) -> Iterator[bytes]:
    sign = b"["
    for at in range(0, len(items), ITEMS):
        yield sign + _encode(items[at : at + ITEMS])[1:-1]
        sign = b","
    yield b"]"


def _values(answer: msgspec.Struct) -> list[Any]:
    return [getattr(answer, name) for name in answer.__struct_fields__]
