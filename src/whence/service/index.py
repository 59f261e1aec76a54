"""The index of a store: where it lies, and how it comes to hold all that the journal says."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from whence._base.clock import is_alive
from whence._base.collection import without_collection
from whence._base.errors import JournalError, SegmentConflictError, StoreCorruptError
from whence._base.ids import format_id
from whence.capture.file.filesystem import is_network
from whence.fold.batch import Batch
from whence.fold.fold import Folder
from whence.journal.header import SCHEMA, Header
from whence.journal.home import store_id
from whence.journal.layout import SegmentFile, open_segments, sealed_path, sealed_segments
from whence.journal.seal import read_bytes
from whence.store.protocol import Folded, Store
from whence.store.sqlite import SqliteStore

if TYPE_CHECKING:
    from whence.store.postgres import Pool

Report = Callable[[str, int, int | None], None]
"""Called with what is done, how far it is, and of how much (None where unknown)."""

Told = Callable[[Batch], None]

NAME = "index.sqlite"
WORK = "Indexing what is new"
NOT_YET_WRITTEN_S = 10.0
"""A segment without a header that is younger may still get one."""


class PostgresIndex(NamedTuple):
    """An index in a schema of a PostgreSQL database; ``pool`` has the connections if given."""

    url: str
    schema: str
    pool: Pool | None = None


Index = PostgresIndex | None
"""Which index a store has: None is the SQLite file that belongs to its folder."""


def open_store(path: Path, progress: Report | None = None, index: Index = None) -> Store:
    """The index of the store at ``path``, with all that the journal holds by now.

    Raises StoreTooNewError, StoreCorruptError and StoreError; MissingExtraError without psycopg.
    """
    store = open_index(path, index)
    try:
        _fold_all(store, path, progress)
    except BaseException:
        store.close()
        raise
    return store


def fold_new(path: Path, progress: Report | None = None, index: Index = None) -> int:
    """Fold what is new; give the number of segments that had something new."""
    with open_index(path, index) as store:
        return _fold_all(store, path, progress)


def reindex(path: Path, progress: Report | None = None, index: Index = None) -> int:
    """Throw the index away and build it again; give the number of segments folded."""
    try:
        with open_index(path, index) as store:
            store.reset()
    except StoreCorruptError:
        place, _ = index_place(path)
        for ending in ("", "-wal", "-shm", "-journal"):
            place.with_name(place.name + ending).unlink(missing_ok=True)
    return fold_new(path, progress, index)


def index_place(path: Path) -> tuple[Path, bool]:
    """Where the index of the store at ``path`` lies, and whether that file system is local.

    In the store where that is writable and local; else in the user's cache folder, by store id.
    """
    if os.access(path, os.W_OK | os.X_OK) and not is_network(path):
        return path / NAME, True
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(cache) / "whence" / format_id(store_id(path))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / NAME, not is_network(folder)


def open_index(path: Path, index: Index = None) -> Store:
    """The index of the store at ``path`` as it is, without a look at the journal."""
    if index is not None:
        from whence.store.postgres import PostgresStore

        return PostgresStore(index.url, index.schema, pool=index.pool)
    place, local = index_place(path)
    return SqliteStore(place, local=local)


def _fold_all(store: Store, path: Path, progress: Report | None) -> int:
    due = list(_due(path, store.folded()))
    for count, file in enumerate(due):
        if progress is not None:
            progress(WORK, count, len(due))
        with suppress(FileNotFoundError):
            fold_file(store, path, file)
    if progress is not None and due:
        progress(WORK, len(due), len(due))
    return len(due)


def _due(path: Path, folded: dict[bytes, Folded]) -> Iterator[SegmentFile]:
    """The segments that may have something new. Open ones are listed first: one that is sealed
    meanwhile is then seen at least once."""
    listed = open_segments(path)
    for file in sealed_segments(path):
        state = folded.get(file.segment)
        if state is None or not state.sealed:
            yield file
    for file in listed:
        state = folded.get(file.segment)
        with suppress(FileNotFoundError):
            if state is None or (not state.sealed and file.path.stat().st_size != state.offset):
                yield file


def fold_file(store: Store, path: Path, file: SegmentFile, told: Told | None = None) -> None:
    """Fold what is new of one segment; ``told`` is given each batch that was taken in.

    Raises SegmentConflictError; FileNotFoundError when the segment went away meanwhile.
    """
    try:
        data = _read(path, file)
        folder = fold_segment(store, data, told)
    except SegmentConflictError:
        raise
    except JournalError as error:
        _note_unreadable(store, file, error)
        return
    tail, header = folder.reader.tail(), folder.reader.header
    torn = ""
    if tail is not None and (file.sealed or _is_dead(header)):
        torn = tail.reason
    if file.sealed or torn:
        store.mark(header.segment, file.sealed, torn)


def fold_segment(store: Store, data: bytes, told: Told | None = None) -> Folder:
    """Fold what ``store`` has not seen yet of a segment's bytes; give the reader at its end.
    ``told`` as of `fold_file`.

    Raises SegmentConflictError when the store folded other bytes under the segment's id, and
    SegmentFormatError when they are no segment.
    """
    segment = Folder(data).reader.header.segment
    with without_collection():
        return _fold_on(store, segment, data, told)


def batches(path: Path, file: SegmentFile, since: int) -> Iterator[Batch]:
    """What a segment says from an offset on, whoever folds it; it is read and not taken in.

    Raises SegmentFormatError; FileNotFoundError when the segment went away meanwhile.
    """
    yield from Folder(_read(path, file), since).batches()


def _fold_on(store: Store, segment: bytes, data: bytes, told: Told | None) -> Folder:
    while True:
        state = store.folded_of(segment) or Folded(0, 0)
        if len(data) >= state.offset and crc32(memoryview(data)[: state.offset]) != state.crc:
            raise SegmentConflictError(
                f"Segment {format_id(segment)} was folded before with other bytes. Find out which "
                "file is the true one, remove the other, and run: whence reindex"
            )
        folder = Folder(data, state.offset)
        if all(_taken(store, batch, told) for batch in folder.batches()):
            return folder


def _taken(store: Store, batch: Batch, told: Told | None) -> bool:
    if not store.apply(batch):
        return False
    if told is not None:
        told(batch)
    return True


def _read(path: Path, file: SegmentFile) -> bytes:
    try:
        return read_bytes(file)
    except FileNotFoundError:
        place = sealed_path(path, file.run, file.segment)
        return read_bytes(SegmentFile(place, file.run, file.segment, True))


def _is_dead(header: Header) -> bool:
    h = header
    return is_alive(h.boot, h.pid, h.process_start, h.machine, h.host) is False


def _note_unreadable(store: Store, file: SegmentFile, error: JournalError) -> None:
    """Have the store know that a segment is there and does not read."""
    if not file.sealed and time.time() - file.path.stat().st_mtime < NOT_YET_WRITTEN_S:
        return
    if store.folded_of(file.segment) is None:
        store.apply(Batch(_nameless(file)))
    store.mark(file.segment, file.sealed, f"unreadable: {error}")


def _nameless(file: SegmentFile) -> Header:
    """A header with what the file's name tells."""
    return Header(
        schema=SCHEMA, writer="", segment=file.segment, run=file.run, activity=file.run, role="",
        host="", machine="", boot="", pid=0, process_start=0, user="", root=b"", wall=0, mono=0,
    )  # fmt: skip
