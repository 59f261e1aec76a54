"""The state of a store: where it lies, how large it is, what it holds and what is missing."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from whence._base.ids import format_id
from whence.journal.home import store_id
from whence.journal.layout import open_segments, sealed_segments
from whence.model.criterion import Comparison, Field
from whence.model.status import RUNNING
from whence.query.answer import Answer, AnswerNode, Completeness, GapNote
from whence.query.describe import answer_nodes
from whence.service.outgoing import RemoteFacts, remote_facts
from whence.store.protocol import Gap, Store


class StoreFacts(msgspec.Struct, frozen=True):
    """The store in numbers; sizes are in bytes, ``unindexed`` are bytes of the journal."""

    path: str
    id: str
    journal_size: int
    index_size: int
    content_size: int
    open_segments: int
    sealed_segments: int
    unindexed: int
    unindexed_segments: int
    counts: dict[str, int]
    remotes: list[RemoteFacts] = msgspec.field(default_factory=list)


class StoreStatus(Answer, frozen=True, kw_only=True):
    """The store's facts; ``nodes`` are the runs that are running, gaps those of the whole store."""

    store: StoreFacts


def store_status(store: Store, folder: Path) -> StoreStatus:
    """The facts of the store in ``folder``, whose index is ``store``."""
    gaps = summed(store.gaps())
    return StoreStatus(
        query={"question": "status"},
        nodes=_running(store),
        edges=[],
        completeness=Completeness(not gaps, [], gaps),
        store=_facts(store, folder),
    )


def summed(gaps: list[Gap]) -> list[GapNote]:
    """The gaps summed by code, the most frequent first."""
    counts: dict[str, int] = {}
    for gap in gaps:
        counts[gap.code] = counts.get(gap.code, 0) + gap.count
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [GapNote(code, None, number, "") for code, number in ordered]


def _running(store: Store) -> list[AnswerNode]:
    runs = store.runs(Comparison(Field("attributes", "status"), "=", (RUNNING,)))
    return [node for node in answer_nodes(store, runs) if node.attributes["status"] == RUNNING]


def _facts(store: Store, folder: Path) -> StoreFacts:
    folded, unindexed, behind = store.folded(), 0, 0
    open_ = open_segments(folder)
    sealed = list(sealed_segments(folder))
    for segment in (*open_, *sealed):
        done = folded.get(segment.segment)
        left = 0
        if done is None or (segment.sealed and not done.sealed):
            left = _size(segment.path)  # of a sealed one, which is packed, the rest isn't known
        elif not segment.sealed:
            left = max(_size(segment.path) - done.offset, 0)
        unindexed += left
        behind += left > 0
    return StoreFacts(
        path=os.fspath(folder),
        id=format_id(store_id(folder)),
        journal_size=_size(folder / "journal"),
        index_size=store.size(),
        content_size=_size(folder / "content"),
        open_segments=len(open_),
        sealed_segments=len(sealed),
        unindexed=unindexed,
        unindexed_segments=behind,
        counts=store.counts(),
        remotes=remote_facts(folder),
    )


def _size(path: Path) -> int:
    """The bytes of a file or of all files in a folder; what is gone meanwhile counts nothing."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        with os.scandir(path) as entries:
            return sum(_size(Path(entry.path)) for entry in entries)
    except OSError:
        return 0
