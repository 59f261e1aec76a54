"""Receiving segments that clients send: appended to the project's own journal, once each.

A client says at which offset its bytes belong and what the CRC-32 of all bytes before it is. What
the journal has already must be equal; what is new is appended and on disk before the answer. A
client that is ahead is told where the journal ends, and goes on from there. So a replay, a batch
that comes late, or the same segment from two clients changes nothing.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock
from zlib import crc32

import msgspec

from whence._base.errors import DiskFullError, SegmentConflictError, StoreError, WhenceError
from whence._base.ids import format_id
from whence.journal.layout import SegmentFile, open_path, sealed_path
from whence.journal.seal import read_bytes
from whence.service.chunk import (
    Chunk,
    Held,
    Receipt,
    Refusal,
    begins_segment,
    check_ids,
    what_is_new,
)
from whence.service.growing import NO_ROOM, Growing, sync_folder
from whence.service.owning import Owners

_KEPT_OPEN = 256
_KEPT_SEALED = 4096


class _Sealed:
    """A segment that is whole; nothing is added to it any more."""

    sealed = True

    def __init__(self, file: SegmentFile, size: int, crc: int) -> None:
        self.file, self.size, self.crc = file, size, crc

    def read(self, start: int, end: int) -> bytes:
        return read_bytes(self.file)[start:end]


class _Group:
    """Batches that are written together, and what came of each."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self.chunks = chunks
        self.receipts: list[Receipt] = []
        self.error: WhenceError | None = None
        self.is_done = False


class Receiver:
    """Writes what is sent to one project. Any number of threads may call it at once.

    Whoever comes first writes for all that wait, and brings it to the disk in one go.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._waiting: deque[_Group] = deque()
        self._open: dict[bytes, Growing] = {}
        self._used: OrderedDict[bytes, None] = OrderedDict()
        self._sealed: OrderedDict[bytes, _Sealed] = OrderedDict()
        self._owners = Owners(folder)

    def take(self, chunks: Sequence[Chunk]) -> list[Receipt]:
        """Append the chunks; one receipt for each.

        A chunk that can't be taken has its reason in its receipt; the others are taken.
        Raises DiskFullError and StoreError when nothing of them may be relied on.
        """
        group = _Group(chunks)
        self._waiting.append(group)
        with self._lock:
            if not group.is_done:
                self._write_waiting()
        if group.error is not None:
            raise group.error
        return group.receipts

    def held(self, run: bytes, segment: bytes) -> Held:
        """What there is of a segment; nothing, where it is not known."""
        check_ids(run, segment)
        with self._lock:
            state = self._state(run, segment)
            self._close_the_oldest([segment])
            if isinstance(state, Growing):
                try:
                    self._sync({segment: state})
                except OSError as error:
                    raise _told(error) from error
            size, crc = (0, 0) if state is None else (state.size, state.crc)
        return Held(format_id(segment), size, isinstance(state, _Sealed), crc)

    def close(self) -> None:
        """Close the files; a second call does nothing."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()
            self._used.clear()

    def _write_waiting(self) -> None:
        groups: list[_Group] = []
        while self._waiting:
            groups.append(self._waiting.popleft())
        try:
            self._write(groups)
        finally:
            for group in groups:
                if not group.is_done:
                    group.error, group.is_done = StoreError("The server failed to write"), True

    def _write(self, groups: list[_Group]) -> None:
        touched: dict[bytes, Growing] = {}
        for group in groups:
            try:
                group.receipts = [self._take(chunk, touched) for chunk in group.chunks]
            except OSError as error:
                group.error = _told(error)
        try:
            self._sync(touched)
        except OSError as error:
            for group in groups:
                group.error = group.error or _told(error)
        for group in groups:
            if group.error is None:
                self._seal_whole(group)
            group.is_done = True
        self._close_the_oldest(chunk.segment for group in groups for chunk in group.chunks)

    def _take(self, chunk: Chunk, touched: dict[bytes, Growing]) -> Receipt:
        """Write one chunk, not yet to the disk. Raises OSError; then nothing of it is there."""
        refusal = None
        try:
            check_ids(chunk.run, chunk.segment)
            state = self._state(chunk.run, chunk.segment)
            if state is None:
                if not begins_segment(chunk):
                    return Receipt(format_id(chunk.segment), 0, False)
                state = self._begin(chunk)
            self._add(chunk, state, touched)
        except WhenceError as error:
            refusal = Refusal(error.code, str(error))
            state = self._open.get(chunk.segment) or self._sealed.get(chunk.segment)
        size = 0 if state is None else state.size
        return Receipt(format_id(chunk.segment), size, isinstance(state, _Sealed), refusal)

    def _add(self, chunk: Chunk, state: Growing | _Sealed, touched: dict[bytes, Growing]) -> None:
        try:
            fresh = what_is_new(chunk, state)
            if isinstance(state, Growing):
                state.append(fresh)
                touched[chunk.segment] = state
        finally:
            if isinstance(state, Growing) and not state.size:  # not even its header came so far
                self._forget(chunk.segment)
                state.file.path.unlink()

    def _sync(self, touched: dict[bytes, Growing]) -> None:
        """Bring it all to the disk. What can't be is forgotten, and read again when asked for."""
        is_new = False
        try:
            for state in touched.values():
                is_new = is_new or not state.is_named
                state.sync()
            if is_new:
                sync_folder(self.folder / "journal" / "open")
        except OSError:
            for segment in touched:
                self._forget(segment)
            raise

    def _seal_whole(self, group: _Group) -> None:
        """Seal the segments that came to their end."""
        for at, (chunk, receipt) in enumerate(zip(group.chunks, group.receipts, strict=True)):
            if chunk.segment in self._sealed and not receipt.problem:
                group.receipts[at] = msgspec.structs.replace(receipt, sealed=True)
            state = self._open.get(chunk.segment)
            end = chunk.offset + len(chunk.data)
            if not chunk.seal or receipt.problem or state is None or state.size != end:
                continue
            try:
                file = state.seal(self.folder)
            except OSError:
                continue  # what was sent is safe; the client asks for the seal again
            self._forget(chunk.segment)
            self._remember(chunk.segment, _Sealed(file, state.size, state.crc))
            group.receipts[at] = msgspec.structs.replace(receipt, sealed=True)

    def _state(self, run: bytes, segment: bytes) -> Growing | _Sealed | None:
        """What there is of a segment, read from the disk when it is not known yet.

        Raises SegmentConflictError, JournalError.
        """
        known = self._open.get(segment) or self._sealed.get(segment)
        if known is not None:
            if known.file.run != run:
                raise _of_another(segment)
            return known
        place = sealed_path(self.folder, run, segment)
        if place.exists():
            file = SegmentFile(place, run, segment, True)
            data = read_bytes(file)
            open_path(self.folder, run, segment).unlink(missing_ok=True)
            return self._remember(segment, _Sealed(file, len(data), crc32(data)))
        growing = Growing.found(
            SegmentFile(open_path(self.folder, run, segment), run, segment, False)
        )
        return None if growing is None else self._keep(growing)

    def _begin(self, chunk: Chunk) -> Growing:
        if self._owners.is_of_another(chunk.run, chunk.segment):
            raise _of_another(chunk.segment)
        self._owners.add(chunk.segment)
        place = open_path(self.folder, chunk.run, chunk.segment)
        return self._keep(Growing.fresh(SegmentFile(place, chunk.run, chunk.segment, False)))

    def _keep(self, state: Growing) -> Growing:
        self._open[state.file.segment] = state
        return state

    def _remember(self, segment: bytes, state: _Sealed) -> _Sealed:
        self._sealed[segment] = state
        if len(self._sealed) > _KEPT_SEALED:
            self._sealed.popitem(last=False)
        return state

    def _forget(self, segment: bytes) -> None:
        state = self._open.pop(segment, None)
        if state is not None:
            state.close()

    def _close_the_oldest(self, looked_at: Iterable[bytes]) -> None:
        """Keep open only the files that were asked for last."""
        for segment in looked_at:
            if segment in self._open:
                self._used[segment] = None
                self._used.move_to_end(segment)
        while len(self._used) > _KEPT_OPEN:
            segment, _ = self._used.popitem(last=False)
            if segment in self._open:
                self._open[segment].close()


def _of_another(segment: bytes) -> SegmentConflictError:
    return SegmentConflictError(f"Segment {format_id(segment)} is here already, of another run")


def _told(error: OSError) -> StoreError:
    if error.errno in NO_ROOM:
        return DiskFullError("The server's disk has no room for what was sent. Send it again later")
    return StoreError(f"The server can't write its journal: {error.strerror or error}")
