"""A batch: what one stretch of one segment says, as rows that any store can take.

Rows are plain tuples and name nodes by id (bytes): each store gives them numbers of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from whence.journal.header import Header
from whence.journal.reader import Hole
from whence.model.place import Stamp

ATTRIBUTES, PARAMS, TAGS = 0, 1, 2
"""The spaces of facets, by the number under which they are stored."""

SPACES = {"attributes": ATTRIBUTES, "params": PARAMS, "tags": TAGS}

Claim = tuple[int, int, int, str, str, int | None, int, int | None, str, bytes | None, int | None]
"""What is said of a node: type, rank, at, kind, name, started_at, end_rank, ended_at, status,
digest, size. See `whence.fold.claim`."""

EdgeRow = tuple[bytes, int, bytes, str, int, int | None]
"""source, relation, target, role, known, at."""

FacetRow = tuple[bytes, int, int, int, bytes]
"""node, space, at, sequence, MessagePack map."""

PointRow = tuple[int, int, float]
"""step, at, value."""

SheetRow = tuple[bytes, int, dict[str, float]]
"""activity, at, one value for each key: points of step 0."""


class Opening(NamedTuple):
    """A file was opened (or the attempt failed with ``error``), see ``FileOpened``."""

    id: bytes
    activity: bytes
    access: str
    filesystem: bytes
    path: bytes
    stamp: Stamp | None
    at: int
    mono: int
    role: str
    asked: bytes | None
    known: int
    error: str


class Closing(NamedTuple):
    """The opening ``id`` ended with the file at ``stamp`` of the opening's file system."""

    id: bytes
    stamp: Stamp | None
    at: int
    mono: int


class Move(NamedTuple):
    sequence: int
    activity: bytes
    filesystem: bytes
    source: bytes
    target: bytes
    stamp: Stamp | None
    at: int
    mono: int


class Removal(NamedTuple):
    sequence: int
    activity: bytes
    filesystem: bytes
    path: bytes
    stamp: Stamp | None
    at: int
    mono: int


class Hashed(NamedTuple):
    filesystem: bytes
    path: bytes
    stamp: Stamp
    digest: bytes
    at: int


class GapRow(NamedTuple):
    sequence: int
    code: str
    activity: bytes
    subject: bytes | None
    times: int
    detail: str
    filesystem: bytes
    stamp: Stamp | None


@dataclass(slots=True)
class Batch:
    """The rows of the frames in ``[start, end)`` of a segment.

    ``crc_start`` and ``crc_end`` are the CRC-32 of all bytes of the segment before ``start`` and
    before ``end``: a store that folded up to ``start`` knows the first, and so sees when the same
    segment comes with other bytes. ``unknown`` counts events that this version cannot read.
    """

    header: Header
    start: int = 0
    end: int = 0
    crc_start: int = 0
    crc_end: int = 0
    frames: int = 0
    last_sequence: int = 0
    unknown: int = 0
    holes: list[Hole] = field(default_factory=list)
    claims: dict[bytes, Claim] = field(default_factory=dict)
    edges: list[EdgeRow] = field(default_factory=list)
    parents: list[tuple[bytes, bytes, int]] = field(default_factory=list)
    facets: list[FacetRow] = field(default_factory=list)
    points: dict[tuple[bytes, str], list[PointRow]] = field(default_factory=dict)
    sheets: list[SheetRow] = field(default_factory=list)
    openings: list[Opening] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    removals: list[Removal] = field(default_factory=list)
    hashes: list[Hashed] = field(default_factory=list)
    gaps: list[GapRow] = field(default_factory=list)
