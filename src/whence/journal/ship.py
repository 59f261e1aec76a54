"""Shipping a store's journal to a server: from where the server says it has it, to the end.

Each step sends one batch and takes in what the server confirms. Nothing here is a record of what
arrived: the offset that the server gives is, so a step may be cut off, repeated, or done by two
processes at once, and every byte is there once all the same.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Annotated
from zlib import crc32

import msgspec

from whence._base.errors import JournalError, RefusedError, UnreachableError, WhenceError
from whence._base.ids import format_id
from whence.journal.layout import SegmentFile
from whence.journal.remote import Remote
from whence.journal.ship_content import ship_content
from whence.journal.ship_listing import Listing
from whence.journal.ship_source import SegmentSource, may_be_read
from whence.journal.ship_state import UNKNOWN, Outstanding, ShipState
from whence.journal.ship_wire import ANSWER_S, Wire

MEDIA_TYPE = "application/vnd.whence.segments+msgpack"
BATCH = 4 << 20
"""Bytes of segments in one batch, before they are compressed."""
SMALLEST_BATCH = 64 << 10
LEVEL = 3
_KEPT_OPEN = 32
_MOST_PIECES = 1000
_ASK_FIRST = 1 << 16
"""A segment of more bytes that is not known here is asked for before it is sent."""
_TOLD_IN_RECEIPTS = (409, 413, 422, 500, 507)
"""Statuses that may stand for single segments: the answer says for which."""
_LASTING = frozenset({"segment-conflict", "segment-format", "too-large"})
_TOO_LARGE = 413
_OF_ONE_SEGMENT = frozenset({409, 422})
"""Statuses by which a server that is asked for one segment refuses that one alone."""


class Sent(msgspec.Struct, frozen=True):
    """What one step did: ``ids`` are the segments, ``bytes`` what of them was confirmed.

    ``has_more``: the next step has something to send at once.
    """

    ids: frozenset[bytes]
    bytes: int
    has_more: bool


class _Piece(msgspec.Struct, frozen=True):
    run: bytes
    segment: bytes
    offset: int
    crc: int
    data: bytes
    seal: bool


class _Refusal(msgspec.Struct, frozen=True):
    code: str
    detail: str = ""


class _Receipt(msgspec.Struct, frozen=True):
    offset: Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]
    sealed: bool
    problem: _Refusal | None = None


class _Answer(msgspec.Struct, frozen=True):
    segments: list[_Receipt] = msgspec.field(default_factory=list)
    detail: str = ""


class Shipper:
    """Sends the store at ``store`` to ``remote``; segments of the run ``first`` go before others.

    For one thread at a time.
    """

    def __init__(
        self,
        store: str,
        remote: Remote,
        first: bytes = b"",
        *,
        batch: int = BATCH,
        answer_s: float = ANSWER_S,
        shared: bool = False,
    ) -> None:
        """``shared``: other machines write into the store too, by a network file system."""
        self.store, self.remote = store, remote
        self.state = ShipState(store, remote.url)
        self._first, self._shared = first, shared
        self._wire = Wire(remote, answer_s)
        self._listing = Listing(Path(store))
        self._sources: OrderedDict[bytes, SegmentSource] = OrderedDict()
        self._batch = batch
        self._knows_content = False
        self._doubted: set[bytes] = set()

    def outstanding(self) -> Outstanding:
        """What is still to be sent."""
        return self.state.outstanding()

    def step(self) -> Sent:
        """Send one batch of what is new.

        Raises UnreachableError for what may be over when it is tried again, RefusedError for what
        will not; both are kept as the state that ``whence status`` shows.
        """
        try:
            return self._step()
        except (WhenceError, OSError) as error:
            self.state.failed(getattr(error, "code", "store"), str(error))
            self.state.save()
            raise

    def close(self) -> None:
        """Close the connection and the files."""
        self._wire.close()
        while self._sources:
            self._sources.popitem()[1].close()

    def _step(self) -> Sent:
        due = self._due()
        if due or not self._knows_content:
            ship_content(self._listing, self.state, self._wire)
            self._knows_content = True
        pieces = self._gather(due)
        if not pieces:
            return Sent(frozenset(), 0, False)
        receipts = self._post(pieces)
        if receipts is None:
            return Sent(frozenset(), 0, True)
        taken = self._take_in(pieces, receipts)
        self.state.confirmed()
        self.state.save()
        size = sum(len(one.data) for one in taken)
        is_rest = len(pieces) < len(due) or size >= self._batch
        return Sent(frozenset(one.segment for one in taken), size, is_rest and bool(taken))

    def _due(self) -> list[SegmentFile]:
        """What has something that the server lacks: this run's first, then the oldest."""
        files = [file for file in self._listing.segments() if self.state.left_of(file)]
        if self._shared:
            files = [file for file in files if file.sealed or may_be_read(file)]
        return sorted(files, key=lambda file: (file.run != self._first, file.segment))

    def _gather(self, due: list[SegmentFile]) -> list[_Piece]:
        """What to send next. Raises OSError where it can't be read and no other segment can."""
        pieces, room = [], self._batch
        unread: OSError | None = None
        for file in due:
            try:
                piece = self._piece(file, room)
            except FileNotFoundError:
                continue  # it was sealed just now, and is found there the next time
            except OSError as error:
                unread = error
                continue
            except JournalError as error:
                self.state.refused[file.segment] = str(error)
                continue
            except RefusedError as error:
                if error.status not in _OF_ONE_SEGMENT:
                    raise
                self.state.refused[file.segment] = error.detail
                continue
            if piece is not None:
                pieces.append(piece)
                room -= len(piece.data)
            if room <= 0 or len(pieces) == _MOST_PIECES:
                break
        if unread is not None and not pieces:
            raise unread
        return pieces

    def _piece(self, file: SegmentFile, room: int) -> _Piece | None:
        """The next bytes of a segment, at most ``room``; None where there are none."""
        source = self._source(file)
        source.sync()
        offset = self.state.under_way[file.segment][0]
        source.go_to(offset)
        at, crc = source.at, source.crc
        data = source.read(room)
        seal = file.sealed and source.is_at_end
        return _Piece(file.run, file.segment, at, crc, data, seal) if data or seal else None

    def _source(self, file: SegmentFile) -> SegmentSource:
        """The segment's bytes. One that was sealed since it was opened has the same."""
        source = self._sources.get(file.segment)
        if source is None:
            known = self.state.under_way.get(file.segment)
            if known is None:
                known = self.state.under_way[file.segment] = (self._asked(file), UNKNOWN)
            source = SegmentSource(file, *known)
            self._sources[file.segment] = source
            if len(self._sources) > _KEPT_OPEN:
                self._sources.popitem(last=False)[1].close()
        return source

    def _asked(self, file: SegmentFile) -> int:
        """How much the server has of a segment of which nothing is known here."""
        if file.segment not in self._doubted and file.path.stat().st_size < _ASK_FIRST:
            return 0
        told = self._wire.get(f"/segments/{format_id(file.run)}/{format_id(file.segment)}")
        try:
            return int(told["offset"])
        except (TypeError, KeyError, ValueError, OverflowError) as error:
            raise self._no_server() from error

    def _post(self, pieces: list[_Piece]) -> list[_Receipt] | None:
        """What the server has then; None where the batch is too large for it."""
        import zstandard

        body = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compress(
            msgspec.msgpack.encode(pieces)
        )
        status, answer = self._wire.call(
            "POST", "/segments", body,
            {"Content-Type": MEDIA_TYPE, "Content-Encoding": "zstd"}, known=_TOLD_IN_RECEIPTS,
        )  # fmt: skip
        try:
            receipts = msgspec.json.decode(answer, type=_Answer)
        except (msgspec.MsgspecError, RecursionError) as error:
            raise self._no_server() from error
        if receipts.segments:
            if len(receipts.segments) != len(pieces):
                raise self._no_server()
            return receipts.segments
        if status == _TOO_LARGE and self._batch > SMALLEST_BATCH:
            self._batch //= 2
            return None
        text = f"{self.remote.url} answers {status}: {receipts.detail}"
        raise RefusedError(text, status) if status < 500 else UnreachableError(text)

    def _take_in(self, pieces: list[_Piece], receipts: list[_Receipt]) -> list[_Piece]:
        """Note what the server has; the pieces that brought it further."""
        taken = []
        for piece, receipt in zip(pieces, receipts, strict=True):
            if receipt.problem is not None:
                self._refused(piece, receipt.problem)
                continue
            if receipt.sealed and piece.seal:
                self._close(piece.segment)
                self.state.finish(piece.segment)
            else:
                self._go_on_at(piece, receipt.offset)
            if receipt.offset != piece.offset or receipt.sealed:
                taken.append(piece)
        return taken

    def _refused(self, piece: _Piece, why: _Refusal) -> None:
        """Leave a segment out that the server won't have; look twice before a conflict counts."""
        if why.code not in _LASTING:
            raise UnreachableError(f"{self.remote.origin}: {why.detail}")
        self._close(piece.segment)
        self.state.under_way.pop(piece.segment, None)
        if piece.segment in self._doubted or why.code != "segment-conflict":
            self.state.refused[piece.segment] = why.detail
        self._doubted.add(piece.segment)

    def _go_on_at(self, piece: _Piece, offset: int) -> None:
        is_whole = offset == piece.offset + len(piece.data)
        crc = crc32(piece.data, piece.crc) if is_whole else UNKNOWN
        self.state.under_way[piece.segment] = (offset, crc)

    def _close(self, segment: bytes) -> None:
        source = self._sources.pop(segment, None)
        if source is not None:
            source.close()

    def _no_server(self) -> RefusedError:
        return RefusedError(f"{self.remote.url} does not answer as a Whence server does")
