"""What is recorded: events, in the past tense, each a frozen value.

An event says what was seen, never what it means: rows, bindings and edges are made from events
by ``whence.fold``, always the same from the same set of events. Ids are bytes (see
``whence._base.ids``), ``at`` is nanoseconds since the epoch by the wall clock, ``mono`` nanoseconds
by the monotonic clock of the boot that the segment's header names, ``known`` a
`whence.model.relation.Known`, ``relation`` a `whence.model.relation.Relation`. A path is bytes,
as the system has it. Attribute values are in the form of `whence.model.value.typed`.

In the journal an event is a MessagePack array whose first item is its number. New fields go to
the end with a default and numbers are never used twice, so old journals stay readable.
"""

from __future__ import annotations

from typing import Any

import msgspec

from whence.model.place import Stamp
from whence.model.value import decode_extension, encode_extension

Path = bytes


class ActivityStarted(msgspec.Struct, frozen=True, array_like=True, tag=1):
    """A run, stage, section, process, call or cell began. ``parent`` is what it is part of."""

    id: bytes
    kind: str
    name: str
    parent: bytes | None
    at: int
    mono: int
    attributes: dict[str, Any] = {}


class ActivityEnded(msgspec.Struct, frozen=True, array_like=True, tag=2):
    """An activity ended. The last word on the status is the activity's own; see ``by_witness``.

    ``by_witness`` is true when another process says it (the companion of a killed program).
    """

    id: bytes
    status: str
    at: int
    mono: int
    attributes: dict[str, Any] = {}
    by_witness: bool = False


class ActivityRecorded(msgspec.Struct, frozen=True, array_like=True, tag=3):
    """A whole activity in one event, for what begins and ends within it.

    ``used`` and ``generated`` are (entity, role) pairs; ``metrics`` are single points at step 0.
    """

    id: bytes
    kind: str
    name: str
    parent: bytes | None
    started_at: int
    ended_at: int
    status: str
    params: dict[str, Any] = {}
    metrics: dict[str, float] = {}
    used: list[tuple[bytes, str]] = []
    generated: list[tuple[bytes, str]] = []
    attributes: dict[str, Any] = {}


class EntityRecorded(msgspec.Struct, frozen=True, array_like=True, tag=4):
    """An entity exists: a frame, a model in memory, an environment, a commit, a column.

    ``digest`` (32 bytes, SHA-256) makes it a specialization of that content.
    """

    id: bytes
    kind: str
    name: str
    at: int
    attributes: dict[str, Any] = {}
    digest: bytes | None = None
    size: int | None = None


class AgentRecorded(msgspec.Struct, frozen=True, array_like=True, tag=5):
    """A person or a piece of software that bears responsibility."""

    id: bytes
    kind: str
    name: str
    attributes: dict[str, Any] = {}


class RelationRecorded(msgspec.Struct, frozen=True, array_like=True, tag=6):
    """``source relation target``, with the role PROV allows it and how it is known."""

    source: bytes
    relation: int
    target: bytes
    known: int
    at: int
    role: str = ""
    attributes: dict[str, Any] = {}


class ParamsLogged(msgspec.Struct, frozen=True, array_like=True, tag=7):
    """Parameters of an activity."""

    activity: bytes
    params: dict[str, Any]
    at: int


class MetricLogged(msgspec.Struct, frozen=True, array_like=True, tag=8, gc=False):
    """One point of a metric's series."""

    activity: bytes
    key: str
    value: float
    step: int
    at: int


class MetricsLogged(msgspec.Struct, frozen=True, array_like=True, tag=9):
    """One point each of several metrics."""

    activity: bytes
    metrics: dict[str, float]
    step: int
    at: int


class TagsSet(msgspec.Struct, frozen=True, array_like=True, tag=10):
    """Tags of a node; the latest value of a key stands."""

    node: bytes
    tags: dict[str, Any]
    at: int


class FileOpened(msgspec.Struct, frozen=True, array_like=True, tag=11):
    """A file was opened, or the attempt failed with ``error`` (the exception's name).

    ``access``: ``r`` read, ``w`` truncate and write, ``x`` create, ``a`` append, ``u`` update in
    place (``r+``, ``w`` without truncation). ``id`` names this opening and, for all but ``r``, the
    occurrence that is written. ``path`` is absolute with links resolved; ``asked`` is the path as
    the program gave it when it differs. ``kind`` is the kind of the occurrence. ``stamp`` is the
    version right after the open. ``sampled``: bytes were not read as a whole (a directory, a
    database, a stream).
    """

    id: bytes
    activity: bytes
    access: str
    filesystem: bytes
    path: Path
    stamp: Stamp | None
    at: int
    mono: int
    role: str = ""
    kind: str = "file"
    asked: Path | None = None
    known: int = 0
    error: str = ""
    attributes: dict[str, Any] = {}


class FileClosed(msgspec.Struct, frozen=True, array_like=True, tag=12):
    """The opening ``id`` ended; ``stamp`` is the version at that moment."""

    id: bytes
    stamp: Stamp | None
    at: int
    mono: int


class FileMoved(msgspec.Struct, frozen=True, array_like=True, tag=13):
    """A file or directory was renamed. The occurrence moves; ``stamp`` is its version then."""

    activity: bytes
    filesystem: bytes
    source: Path
    target: Path
    stamp: Stamp | None
    at: int
    mono: int


class FileRemoved(msgspec.Struct, frozen=True, array_like=True, tag=14):
    """A file was removed; ``stamp`` is its version before."""

    activity: bytes
    filesystem: bytes
    path: Path
    stamp: Stamp | None
    at: int
    mono: int


class ContentHashed(msgspec.Struct, frozen=True, array_like=True, tag=15):
    """The version ``stamp`` has this SHA-256: the stamp was the same before hashing and after."""

    filesystem: bytes
    path: Path
    stamp: Stamp
    digest: bytes
    at: int


class GapRecorded(msgspec.Struct, frozen=True, array_like=True, tag=16):
    """Something was not recorded: ``code`` says what (`whence.model.gap`), of ``subject``.

    ``subject`` is a node's id, or None for the activity as a whole. ``stamp`` and ``filesystem``
    name a version where the gap is about one.
    """

    code: str
    activity: bytes
    at: int
    subject: bytes | None = None
    count: int = 1
    detail: str = ""
    filesystem: bytes = b""
    stamp: Stamp | None = None


Event = (
    ActivityStarted
    | ActivityEnded
    | ActivityRecorded
    | EntityRecorded
    | AgentRecorded
    | RelationRecorded
    | ParamsLogged
    | MetricLogged
    | MetricsLogged
    | TagsSet
    | FileOpened
    | FileClosed
    | FileMoved
    | FileRemoved
    | ContentHashed
    | GapRecorded
)

encoder = msgspec.msgpack.Encoder(enc_hook=encode_extension)
decoder: msgspec.msgpack.Decoder[Event] = msgspec.msgpack.Decoder(Event, ext_hook=decode_extension)
