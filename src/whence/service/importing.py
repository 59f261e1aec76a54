"""Takes a document of a standard into a store: as a whole, or not at all.

What it says becomes events in segments of their own, written aside and put in place sealed. The
same document gives the same segments, so importing it again changes nothing.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from whence._base.errors import DocumentError
from whence._base.version import VERSION
from whence.journal.header import SCHEMA, Header
from whence.journal.layout import SegmentFile, open_folder, sealed_path
from whence.journal.seal import seal
from whence.journal.segment import SegmentWriter
from whence.model.event import Event, MetricLogged, encoder
from whence.standards.prov.statement import Document
from whence.standards.record.inward import Incoming, earliest
from whence.store.protocol import Store

_OWNER: dict[str, type] = {
    "host": str, "machine": str, "boot": str, "pid": int, "process_start": int, "user": str,
    "python": str, "writer": str,
}  # fmt: skip
"""What a header holds of an owner. What has another type in a document is left out."""


class Imported(msgspec.Struct, frozen=True):
    """What an import came to.

    ``counts``: entities, activities, agents and relations of the document. ``left_out``: what the
    record has no place for, by what it is. ``is_new`` is false when it was imported before.
    """

    counts: dict[str, int]
    left_out: dict[str, int]
    is_new: bool


def import_document(folder: Path, store: Store, document: Document) -> Imported:
    """Take ``document`` into the store at ``folder``, whose index is ``store``.

    Raises DocumentError when the document contradicts itself; nothing is written then.
    """
    document.statements = list(document.statements)
    at = earliest(document)
    incoming = Incoming(document, time.time_ns() if at is None else at)
    events = list(incoming.events())
    if not events:
        raise DocumentError("The document says nothing: it has no statements")
    encoded = [_encoded(event) for event in events]
    state = sha256()
    for payload in encoded:
        state.update(payload)
    digest = state.digest()
    fresh = _fresh(store, events)
    payloads = [payload for event, payload in zip(events, encoded, strict=True) if fresh(event)]
    owners = list(incoming.owners.items())
    main = owners[0] if owners else (None, {})
    for uid, owner in owners[1:]:
        _write(folder, _header(_segment(at, digest + uid), uid, owner), [])
    segment = _segment(at, digest)
    is_new = _write(folder, _header(segment, main[0] or segment, main[1]), payloads)
    return Imported(_plain(incoming.counts()), _plain(incoming.left_out), is_new)


def _fresh(store: Store, events: list[Event]) -> Callable[[Event], bool]:
    """Whether an event is new: the metrics of activities that the store has would count twice."""
    known = {
        uid
        for uid in {event.activity for event in events if isinstance(event, MetricLogged)}
        if (number := store.number_of(uid)) is not None and store.summaries([number]).get(number)
    }
    return lambda event: not (isinstance(event, MetricLogged) and event.activity in known)


def _encoded(event: Event) -> bytes:
    try:
        return encoder.encode(event)
    except (OverflowError, ValueError, TypeError) as error:
        raise DocumentError(f"A value can't be recorded: {error}; correct the document") from error


def _write(folder: Path, header: Header, payloads: list[bytes]) -> bool:
    """Write a sealed segment; false when it is there already."""
    if sealed_path(folder, header.run, header.segment).exists():
        return False
    handle, name = tempfile.mkstemp(prefix=".import-", dir=open_folder(folder))
    os.close(handle)
    os.unlink(name)
    writer = SegmentWriter(os.fsencode(name), header)
    try:
        for payload in payloads:
            writer.append(payload)
        writer.close()
        seal(folder, SegmentFile(Path(name), header.run, header.segment, False))
    except BaseException:
        writer.close()
        Path(name).unlink(missing_ok=True)
        raise
    return True


def _segment(at: int | None, seed: bytes) -> bytes:
    """A segment's id: by its time, so that it lies among its like, and by what it says."""
    millis = (time.time_ns() if at is None else max(at, 0)) // 1_000_000
    raw = bytearray(millis.to_bytes(8, "big")[-6:] + sha256(seed).digest()[:10])
    raw[6] = 0x80 | (raw[6] & 0x0F)
    raw[8] = 0x80 | (raw[8] & 0x3F)
    return bytes(raw)


def _header(segment: bytes, activity: bytes, owner: dict[str, Any]) -> Header:
    """The header that says who ran the activity; of a foreign document, who imports it."""
    said = {key: owner[key] for key, kind in _OWNER.items() if type(owner.get(key)) is kind}
    said.setdefault("host", socket.gethostname())
    root = owner.get("root", b"")
    now = time.time_ns()
    plain: dict[str, Any] = {
        "machine": "", "boot": "import", "pid": 0, "process_start": 0, "user": "", "python": "",
        "writer": VERSION,
    } | said  # fmt: skip
    return Header(
        schema=SCHEMA, segment=segment, run=activity, activity=activity, role="program",
        root=root if isinstance(root, bytes) else str(root).encode(), wall=now, mono=now, **plain,
    )  # fmt: skip


def _plain(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))
