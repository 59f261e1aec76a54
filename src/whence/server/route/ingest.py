"""Segments and kept content that clients send to a project."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from whence._base.errors import (
    NotAllowedError,
    NotKnownError,
    SegmentFormatError,
    TooLargeError,
    UsageError,
)
from whence._base.ids import parse_id
from whence.server.operation import Call, NoQuery, Operation
from whence.server.problem import MEDIA_TYPE as PROBLEM
from whence.server.problem import STATUS, TITLES, Problem
from whence.server.project import Project
from whence.service.chunk import Chunk, Held, Receipt
from whence.service.keeping import Kept, find_kept
from whence.service.unpacking import unpacked

MEDIA_TYPE = "application/vnd.whence.segments+msgpack"
LARGEST_BODY = 8 << 20
"""Compressed bytes of one batch; a client sends up to half of that."""
LARGEST_CONTENT = 64 << 20
MOST_CHUNKS = 10_000
"""Chunks in one batch; a client sends up to a tenth of that."""
_WRITERS = ThreadPoolExecutor(8, "ingest")
"""So many batches are unpacked at once, whatever number of clients send: memory is bounded."""
_SHA256 = re.compile(r"[0-9a-f]{64}")

T = TypeVar("T")


class Receipts(msgspec.Struct, frozen=True):
    """One receipt for each chunk, in the order they were sent."""

    segments: list[Receipt]


class RefusedBatch(Problem, frozen=True, omit_defaults=True):
    """A chunk was refused, and its receipt says why. The others were taken, as theirs say."""

    segments: list[Receipt] = msgspec.field(default_factory=list)


class ContentQuery(msgspec.Struct, frozen=True):
    """``masked`` is the SHA-256 of the body, where it is not the one of the path.

    Secrets in a kept script are masked, and it is found by the digest of what was run.
    """

    masked: str | None = None


async def segments(call: Call[NoQuery]) -> Response:
    """Append chunks of segments. What is confirmed is safe on disk.

    The body is a MessagePack array of maps ``run`` (16 bytes), ``segment`` (16 bytes), ``offset``,
    ``crc`` (CRC-32 of all bytes of the segment before ``offset``), ``data`` and ``seal`` (the
    segment ends here), as one zstd frame. A chunk that begins after what the server has is not
    taken: its receipt says from where to send. What the server has already has to be equal.
    """
    project, request = _accepting(call), call.request
    _check_types(request)
    body = await _body(request)

    receipts = await _in_thread(lambda: project.receiver.take(_decoded(body)))
    project.notice()
    call.request.app.state.figures.received(project.name, len(body))
    refused = next((one.problem for one in receipts if one.problem), None)
    if refused is None:
        return Response(msgspec.json.encode(Receipts(receipts)), media_type="application/json")
    status = STATUS.get(refused.code, 500)
    problem = RefusedBatch(
        f"/errors/{refused.code}", TITLES[status], status, refused.detail, refused.code, receipts
    )
    return Response(msgspec.json.encode(problem), status, media_type=PROBLEM)


def segment(call: Call[NoQuery]) -> Held:
    """How much of a segment the server has; nothing, where it has never heard of it."""
    run, wanted = (parse_id(call.path[name]) for name in ("run", "segment"))
    if run is None or wanted is None:
        raise UsageError("A run and a segment are named by their ids, like 0193f2a1-…")
    return _accepting(call).receiver.held(run, wanted)


def content(call: Call[NoQuery]) -> Response:
    """Whether the project has this content."""
    if find_kept(call.project.folder, _digest(call)) is None:
        raise NotKnownError("The project has no content with that digest")
    return Response(status_code=204)


async def keep_content(call: Call[ContentQuery]) -> Response:
    """Keep content that events name: an uncommitted diff, a script that was run."""
    project, digest = _accepting(call), _digest(call)
    own = digest if call.query.masked is None else _digest_in(call.query.masked)
    if find_kept(project.folder, digest) is not None:
        return Response(status_code=204)
    _check_length(call.request, LARGEST_CONTENT)
    with await _in_thread(lambda: Kept(project.folder, digest, own)) as kept:
        async for block in _blocks(call.request, LARGEST_CONTENT):
            await _in_thread(lambda data=block: kept.write(data))  # type: ignore[misc]
        await _in_thread(kept.finish)
    return Response(status_code=201)


def _accepting(call: Call[Any]) -> Project:
    if not call.project.accepts:
        raise NotAllowedError(
            "This server only shows a store. To send to one, start it with: whence server"
        )
    return call.project


def _check_types(request: Request) -> None:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != MEDIA_TYPE or request.headers.get("content-encoding", "").lower() != "zstd":
        raise UsageError(f"Segments are sent as {MEDIA_TYPE} with Content-Encoding: zstd")


async def _body(request: Request) -> bytes:
    _check_length(request, LARGEST_BODY)
    return b"".join([block async for block in _blocks(request, LARGEST_BODY)])


async def _blocks(request: Request, largest: int) -> Any:
    """The body as it comes. Raises TooLargeError; UsageError where it ends before its end."""
    size = 0
    try:
        async for block in request.stream():
            size += len(block)
            if size > largest:
                raise _too_large(largest)
            if block:
                yield block
    except ClientDisconnect as error:
        raise UsageError("The upload ended before its end") from error


def _check_length(request: Request, largest: int) -> None:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > largest:
        raise _too_large(largest)


def _too_large(largest: int) -> TooLargeError:
    return TooLargeError(f"The body is too large: at most {largest:,} bytes are taken at once")


def _decoded(body: bytes) -> list[Chunk]:
    try:
        chunks = msgspec.msgpack.decode(unpacked(body), type=list[Chunk])
    except (msgspec.MsgspecError, RecursionError) as error:
        raise SegmentFormatError(f"The body is no list of chunks: {error}") from error
    if len(chunks) > MOST_CHUNKS:
        raise TooLargeError(f"The body has {len(chunks):,} chunks; at most {MOST_CHUNKS:,} fit")
    return chunks


async def _in_thread(work: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_WRITERS, work)


def _digest(call: Call[Any]) -> bytes:
    return _digest_in(call.path["sha256"])


def _digest_in(text: str) -> bytes:
    if not _SHA256.fullmatch(text):
        raise UsageError("Content is named by its SHA-256, in 64 small hexadecimal digits")
    return bytes.fromhex(text)


_CONTENT = "/projects/{project}/content/{sha256}"
OPERATIONS = (
    Operation(
        "POST", "/projects/{project}/segments", segments, "Send segments",
        answer=Receipts, scope="write", takes=(MEDIA_TYPE,), summed=True, timed=False,
    ),
    Operation(
        "GET", "/projects/{project}/segments/{run}/{segment}", segment,
        "What the server has of a segment", answer=Held, scope="write",
    ),
    Operation("HEAD", _CONTENT, content, "Whether content is kept", scope="write", gives=()),
    Operation(
        "PUT", _CONTENT, keep_content, "Keep content", query=ContentQuery,
        scope="write", takes=("application/octet-stream",), gives=(), summed=True, timed=False,
    ),
)  # fmt: skip
