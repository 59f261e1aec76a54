"""Server-sent events: which runs changed, as it happens."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator

import msgspec
from anyio import to_thread
from starlette.responses import StreamingResponse

from whence._base.clock import wall_ns
from whence._base.errors import TooManyError
from whence.query.describe import iso
from whence.server.feed import Feed
from whence.server.gate import still_may
from whence.server.operation import Call, NoQuery, Operation

BEAT_S = 15.0
LONGEST_S = 900.0
"""A listener comes again after that time, and is asked again who it is."""


class Changed(msgspec.Struct, frozen=True):
    """The data of an event ``changed``: ids of runs with something new."""

    runs: list[str]
    at: str


async def events(call: Call[NoQuery]) -> StreamingResponse:
    """A stream of events ``changed`` with the ids of the runs that have something new."""
    feed = call.project.feed
    if len(feed) >= call.request.app.state.settings.streams:
        raise TooManyError("Too many listen to this project; ask for its runs now and then", 60)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_told(call, feed), media_type="text/event-stream", headers=headers)


async def _told(call: Call[NoQuery], feed: Feed) -> AsyncIterator[bytes]:
    listener, end = feed.join(), time.monotonic() + LONGEST_S
    try:
        yield b"retry: 2000\n\n"
        while not listener.closed and time.monotonic() < end:
            runs = await listener.heard(BEAT_S)
            if not await to_thread.run_sync(still_may, call, "read"):
                return
            if runs is None:
                yield b": here\n\n"
            elif runs:
                data = msgspec.json.encode(Changed(runs, iso(wall_ns()) or ""))
                yield b"event: changed\ndata: " + data + b"\n\n"
    finally:
        feed.leave(listener)


OPERATIONS = (
    Operation(
        "GET",
        "/projects/{project}/events",
        events,
        "Be told of changes as they happen",
        answer=Changed,
        gives=("text/event-stream",),
    ),
)
