"""Downloads: what a program fetched from which URL, and what it made of the body.

A body is never read by us. Where the program has read it whole, its digest is taken, so that a file
or a buffer with the same bytes is known to come from there.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from whence._base.clock import mono_ns, wall_ns
from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import EntityRecorded
from whence.model.value import typed_map
from whence.observers.addresses import shown_url
from whence.observers.describe import is_a
from whence.observers.notes import Notes

MAX_BODY = 64 << 20
"""Of a longer body no digest is taken: it would hold up the program."""

MAX_KNOWN = 1000
"""So many bodies and addresses are known at a time."""

_HEADERS = {
    "etag": "ETag", "last_modified": "Last-Modified", "content_type": "Content-Type",
}  # fmt: skip
_WEB = ("http://", "https://", "ftp://")


class Downloads:
    """The downloads of a session."""

    def __init__(self, session: Session) -> None:
        self._notes = Notes(session)
        self._bodies: OrderedDict[bytes, bytes] = OrderedDict()
        self._sizes: set[int] = set()
        self._responses: OrderedDict[str, tuple[int, dict[str, Any]]] = OrderedDict()

    def responded(self, url: str, response: Any, final: str = "") -> dict[str, Any]:
        """What a response says of itself; kept for the reader that may have asked for it."""
        told = asked(lambda: told_of(response), _NOTHING)
        if final and shown_url(final) != shown_url(url):
            told["redirected_to"] = shown_url(final)
        self._responses[url] = (mono_ns(), told)
        while len(self._responses) > MAX_KNOWN:
            self._responses.popitem(last=False)
        return told

    def fetched_since(self, url: str, mono: int) -> dict[str, Any]:
        """What the response to a URL said, if there was one since then."""
        at, told = self._responses.get(url, (0, {}))
        return told if at >= mono else {}

    def entity(self, url: str, told: Mapping[str, Any], body: bytes | None = None) -> bytes:
        """Record the entity of what a URL gave; ``body`` where the program has read it whole."""
        entity = self._notes.new_id()
        name, attributes = shown_url(url), typed_map(told)
        digest = None if body is None else self._digest(entity, body)
        size = None if body is None else len(body)
        self._notes.record(
            EntityRecorded(entity, kinds.URL, name, wall_ns(), attributes, digest, size)
        )
        return entity

    def read_whole(self, entity: bytes, url: str, body: bytes) -> None:
        """Record that the program has now read the body of what a URL gave."""
        digest = self._digest(entity, body)
        if digest is not None:
            self._notes.record(
                EntityRecorded(entity, kinds.URL, shown_url(url), wall_ns(), {}, digest, len(body))
            )

    def origin_of(self, source: object) -> bytes | None:
        """The download whose very bytes a buffer, bytes or a text hold."""
        if not self._bodies:
            return None
        for held in asked(lambda: list(_held_by(source)), _NO_BYTES):
            if len(held) in self._sizes and len(held) <= MAX_BODY:
                known = self._bodies.get(sha256(held).digest())
                if known is not None:
                    return known
        return None

    def _digest(self, entity: bytes, body: bytes) -> bytes | None:
        if len(body) > MAX_BODY:
            return None
        digest = sha256(body).digest()
        self._bodies[digest] = entity
        self._sizes.add(len(body))
        while len(self._bodies) > MAX_KNOWN:
            self._bodies.popitem(last=False)
        return digest


_NOTHING: dict[str, Any] = {}
_NO_BYTES: list[bytes] = []


def is_download(url: object) -> bool:
    """Whether it is an address that something is fetched from over the network."""
    return isinstance(url, str) and url.lower().startswith(_WEB)


def told_of(response: Any) -> dict[str, Any]:
    """The status of a response, and what its headers say of the version of what it brings."""
    found: dict[str, Any] = {}
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    if isinstance(status, int):
        found["status"] = status
    headers = response.headers
    for name, header in _HEADERS.items():
        value = headers.get(header)
        if isinstance(value, str):
            found[name] = value[:200]
    length = headers.get("Content-Length") or ""
    if length.isdecimal():
        found["length"] = int(length)
    return found


def _held_by(source: Any) -> list[bytes]:
    """The bytes that an object holds; of a text those that it may have been decoded from."""
    if isinstance(source, bytes | bytearray):
        return [bytes(source)]
    if is_a(source, "io", "BytesIO"):
        return [source.getvalue()] if source.getbuffer().nbytes <= MAX_BODY else []
    text = source.getvalue() if is_a(source, "io", "StringIO") else source
    if not isinstance(text, str) or len(text) > MAX_BODY:
        return []
    latin = text.encode("latin-1", "replace")
    return [text.encode("utf-8", "replace"), *([latin] if not text.isascii() else [])]


_of_session: weakref.WeakKeyDictionary[Session, Downloads] = weakref.WeakKeyDictionary()


def downloads_of(session: Session) -> Downloads:
    """The downloads of ``session``, which all its observers share."""
    found = _of_session.get(session)
    if found is None:
        found = _of_session[session] = Downloads(session)
    return found
