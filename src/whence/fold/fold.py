"""Folding: from the frames of a segment to a batch of rows. Pure, and the same for every store."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from zlib import crc32

import msgspec

from whence.fold.batch import (
    ATTRIBUTES,
    PARAMS,
    TAGS,
    Batch,
    Claim,
    Closing,
    GapRow,
    Hashed,
    Move,
    Opening,
    Removal,
)
from whence.fold.claim import (
    IMPLIED,
    NOTHING,
    OWN,
    RECORDED,
    content_claim,
    ended,
    merge_claims,
    started,
)
from whence.fold.decode import EMPTY, VARIANTS, decode_event
from whence.journal.frame import Frame
from whence.journal.header import Header
from whence.journal.reader import SegmentReader
from whence.model import event as model
from whence.model.kind import NodeType
from whence.model.relation import Relation

FRAMES_AT_ONCE = 20_000
"""Frames in one batch: enough for bulk inserts, few enough for a laptop's memory."""

_LOWEST, _HIGHEST = -(1 << 63), (1 << 63) - 1
_USED, _GENERATED = int(Relation.USED), int(Relation.WAS_GENERATED_BY)
_SPECIALIZES = int(Relation.SPECIALIZATION_OF)
_PART_OF, _HAS_PART = int(Relation.PART_OF), int(Relation.HAS_PART)
_AGENT, _ENTITY, _ACTIVITY = int(NodeType.AGENT), int(NodeType.ENTITY), int(NodeType.ACTIVITY)


class Folder:
    """Reads a segment and gives batch after batch of it, from an offset on."""

    def __init__(self, data: bytes, offset: int = 0, frames_at_once: int = FRAMES_AT_ONCE) -> None:
        """Raises SegmentFormatError when preamble or header don't read."""
        self._data, self._offset, self._limit = data, offset, frames_at_once
        self.reader = SegmentReader(data)

    def batches(self) -> Iterable[Batch]:
        """The batches in order; at least one, so that an empty segment is known of too."""
        reader, start = self.reader, self._offset
        crc = crc32(memoryview(self._data)[:start])
        frames = reader.frames(start)
        while True:
            chunk = _take(frames, self._limit)
            holes, reader.holes = reader.holes, []
            end = chunk[-1].end if chunk else reader.end
            batch = fold_frames(reader.header, chunk)
            batch.holes = holes
            batch.start, batch.crc_start, batch.end = start, crc, end
            batch.crc_end = crc = crc32(memoryview(self._data)[start:end], crc)
            if chunk or start == 0:
                yield batch
            if len(chunk) < self._limit:
                return
            start = end


def _take(frames: Iterable[Frame], limit: int) -> list[Frame]:
    chunk = []
    for frame in frames:
        chunk.append(frame)
        if len(chunk) == limit:
            break
    return chunk


def fold_frames(header: Header, frames: Iterable[Frame]) -> Batch:
    """The rows of ``frames`` of the segment that ``header`` describes."""
    batch = Batch(header)
    folding = _Folding(batch)
    points, handlers = batch.points, folding.handlers
    count = last = 0
    for frame in frames:
        sequence, payload = frame.sequence, frame.payload
        count += 1
        if sequence > last:
            last = sequence
        try:
            event = decode_event(payload)
        except (msgspec.MsgspecError, RecursionError):
            batch.unknown += 1
            continue
        kind = type(event)
        if kind is _MetricLogged:
            key = (event.activity, event.key)
            step = event.step
            if not _LOWEST <= step <= _HIGHEST:
                step = _clamped(step)
            point = (step, event.at, event.value)
            if key in points:
                points[key].append(point)
            else:
                points[key] = [point]
        else:
            handlers[kind](event, sequence)
    # Its methods lie in its own dictionary: the batch would live until the cycle is collected.
    handlers.clear()
    batch.frames, batch.last_sequence = count, last
    return batch


class _Folding:
    """The state of one `fold_frames`: a handler for each kind of event."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.claims = batch.claims
        self.handlers: dict[type, Any] = {
            VARIANTS[model.ActivityStarted]: self.activity_started,
            VARIANTS[model.ActivityEnded]: self.activity_ended,
            VARIANTS[model.ActivityRecorded]: self.activity_recorded,
            VARIANTS[model.EntityRecorded]: self.entity_recorded,
            VARIANTS[model.AgentRecorded]: self.agent_recorded,
            VARIANTS[model.RelationRecorded]: self.relation_recorded,
            VARIANTS[model.ParamsLogged]: self.params_logged,
            VARIANTS[model.MetricsLogged]: self.metrics_logged,
            VARIANTS[model.TagsSet]: self.tags_set,
            VARIANTS[model.FileOpened]: self.file_opened,
            VARIANTS[model.FileClosed]: self.file_closed,
            VARIANTS[model.FileMoved]: self.file_moved,
            VARIANTS[model.FileRemoved]: self.file_removed,
            VARIANTS[model.ContentHashed]: self.content_hashed,
            VARIANTS[model.GapRecorded]: self.gap_recorded,
        }

    def claim(self, node: bytes, claim: Claim) -> None:
        known = self.claims.get(node)
        self.claims[node] = claim if known is None else merge_claims(known, claim)

    def facet(self, node: bytes, space: int, at: int, sequence: int, body: msgspec.Raw) -> None:
        raw = bytes(body)
        if raw != EMPTY:
            self.batch.facets.append((node, space, at, sequence, raw))

    def point(self, activity: bytes, key: str, step: int, at: int, value: float) -> None:
        self.batch.points.setdefault((activity, key), []).append((step, at, value))

    def activity_started(self, event: Any, sequence: int) -> None:
        self.claim(event.id, started(event.at, event.kind, event.name))
        if event.parent is not None:
            self.batch.parents.append((event.id, event.parent, 0))
        self.facet(event.id, ATTRIBUTES, event.at, sequence, event.attributes)

    def activity_ended(self, event: Any, sequence: int) -> None:
        self.claim(event.id, ended(event.at, event.status, event.by_witness))
        self.facet(event.id, ATTRIBUTES, event.at, sequence, event.attributes)

    def activity_recorded(self, event: Any, sequence: int) -> None:
        batch = self.batch
        node, began, over = event.id, event.started_at, event.ended_at
        kind, name, status = event.kind, event.name, event.status
        self.claim(
            node,
            (_ACTIVITY, RECORDED, began, kind, name, began, OWN, over, status, None, None),
        )
        if event.parent is not None:
            batch.parents.append((node, event.parent, 0))
        edges = batch.edges
        for entity, role in event.used:
            edges.append((node, _USED, entity, role, 0, began))
        for entity, role in event.generated:
            edges.append((entity, _GENERATED, node, role, 0, over))
        if metrics := event.metrics:
            batch.sheets.append((node, over, metrics))
        self.facet(node, PARAMS, began, sequence, event.params)
        self.facet(node, ATTRIBUTES, began, sequence, event.attributes)

    def entity_recorded(self, event: Any, sequence: int) -> None:
        digest, size = event.digest, event.size
        own_size = size if digest is None else None
        self.claim(
            event.id,
            (
                _ENTITY,
                RECORDED,
                event.at,
                event.kind,
                event.name,
                None,
                0,
                None,
                "",
                digest,
                own_size,
            ),
        )
        if digest is not None:
            self.claim(digest, content_claim(size))
            self.batch.edges.append((event.id, _SPECIALIZES, digest, "", 0, None))
        self.facet(event.id, ATTRIBUTES, event.at, sequence, event.attributes)

    def agent_recorded(self, event: Any, sequence: int) -> None:
        self.claim(
            event.id,
            (_AGENT, RECORDED, 0, event.kind, event.name, None, 0, None, "", None, None),
        )
        self.facet(event.id, ATTRIBUTES, 0, sequence, event.attributes)

    def relation_recorded(self, event: Any, sequence: int) -> None:
        del sequence
        source, relation, target = event.source, event.relation, event.target
        if relation == _HAS_PART:
            source, relation, target = target, _PART_OF, source
        if relation == _PART_OF:
            self.batch.parents.append((source, target, event.known))
        else:
            row = (source, relation, target, event.role, event.known, event.at)
            self.batch.edges.append(row)

    def params_logged(self, event: Any, sequence: int) -> None:
        self.facet(event.activity, PARAMS, event.at, sequence, event.params)

    def metrics_logged(self, event: Any, sequence: int) -> None:
        del sequence
        step = _clamped(event.step)
        for key, value in event.metrics.items():
            self.point(event.activity, key, step, event.at, value)

    def tags_set(self, event: Any, sequence: int) -> None:
        self.facet(event.node, TAGS, event.at, sequence, event.tags)

    def file_opened(self, event: Any, sequence: int) -> None:
        self.batch.openings.append(
            Opening(
                event.id,
                event.activity,
                event.access,
                event.filesystem,
                event.path,
                event.stamp,
                event.at,
                event.mono,
                event.role,
                event.asked,
                event.known,
                event.error,
            )
        )
        if event.error:
            return
        # A read's opening is no entity: what is claimed of it goes to the entity it is bound to.
        kind = NodeType.ENTITY if event.access != "r" else 0
        rank = IMPLIED if kind or event.kind != "file" else 0
        if rank:
            claim = (kind, rank, event.at, event.kind, "", None, 0, None, "", None, None)
            self.claim(event.id, claim)
        self.facet(event.id, ATTRIBUTES, event.at, sequence, event.attributes)

    def file_closed(self, event: Any, sequence: int) -> None:
        del sequence
        self.batch.closings.append(Closing(event.id, event.stamp, event.at, event.mono))

    def file_moved(self, event: Any, sequence: int) -> None:
        e = event
        self.batch.moves.append(
            Move(sequence, e.activity, e.filesystem, e.source, e.target, e.stamp, e.at, e.mono)
        )

    def file_removed(self, event: Any, sequence: int) -> None:
        e = event
        self.batch.removals.append(
            Removal(sequence, e.activity, e.filesystem, e.path, e.stamp, e.at, e.mono)
        )

    def content_hashed(self, event: Any, sequence: int) -> None:
        del sequence
        row = Hashed(event.filesystem, event.path, event.stamp, event.digest, event.at)
        self.batch.hashes.append(row)
        self.claim(event.digest, content_claim(event.stamp.size))

    def gap_recorded(self, event: Any, sequence: int) -> None:
        e = event
        self.batch.gaps.append(
            GapRow(
                sequence, e.code, e.activity, e.subject, e.count, e.detail, e.filesystem, e.stamp
            )
        )


def _clamped(step: int) -> int:
    """A step that a 64-bit signed column holds."""
    return max(_LOWEST, min(_HIGHEST, step))


_MetricLogged = VARIANTS[model.MetricLogged]

__all__ = ["FRAMES_AT_ONCE", "NOTHING", "Folder", "fold_frames"]
