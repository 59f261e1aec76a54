"""Follows a journal: what is new in it is taken into the index, again and again, at little cost.

A look at a journal in which nothing happened reads the sizes of the open segments and the times of
a few folders, and does not open the index.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from whence._base.errors import SegmentConflictError
from whence.fold.batch import Batch
from whence.journal.layout import (
    SegmentFile,
    open_folder,
    open_segments,
    sealed_folder,
    sealed_segments,
)
from whence.model.kind import NodeType
from whence.service.index import batches, fold_file
from whence.store.protocol import Store

Signature = tuple[tuple[str, int], ...]
"""Names with sizes (of open segments) or times (of folders)."""

LOOKS = 60
"""After so many looks without news the journal is read all the same: a segment whose first bytes
were not there yet, or whose process has died since."""


MOST = 1_000
"""So many activities of a segment, the last ones, are looked at to tell which runs changed."""


class News(msgspec.Struct, frozen=True):
    """What a look at the journal found: the runs with something new, and what did not read."""

    runs: list[bytes]
    problems: list[str]


class Touched:
    """The activities of which batches say something."""

    def __init__(self) -> None:
        self._ids: dict[bytes, None] = {}
        self.bytes = 0

    def add(self, batch: Batch) -> None:
        """Note those of a batch, and how much of its segment it is."""
        self.bytes += batch.end - batch.start
        for some in (
            (one for one, claim in batch.claims.items() if claim[0] == NodeType.ACTIVITY),
            (one.activity for one in batch.openings),
            (one[0] for one in batch.facets),
            (activity for activity, _ in batch.points),
            (one[0] for one in batch.sheets),
        ):
            self._ids |= dict.fromkeys(some)

    def runs(self, store: Store) -> list[bytes]:
        """The runs that they belong to: a script may declare runs of its own."""
        ids = list(self._ids)[-MOST:]
        found = [store.number_of(one) for one in ids]
        belonging = store.belonging()
        numbers = belonging.activities_among({one for one in found if one is not None})
        roots = set(belonging.roots(numbers).values())
        return list(belonging.uids(roots).values())


class Follower:
    """The journal of the store at ``path``; ``open_index`` opens its index.

    What is news to it does not depend on who folds it: the companions of the runs do so too.
    """

    def __init__(self, path: Path, open_index: Callable[[], Store]) -> None:
        self._path, self._open_index = path, open_index
        self._seen: Signature | None = None
        self._sealed: set[bytes] | None = None
        self._reached: dict[bytes, int] = {}
        self._looks = 0
        self._refused: set[tuple[bytes, int]] = set()
        self.lag_bytes = 0

    def look(self) -> News:
        """Fold what is new. Raises StoreError when the index can't be used."""
        signature = self._signature()
        self._looks += 1
        if signature == self._seen and self._looks < LOOKS:
            return News([], [])
        reached: dict[bytes, int] = {}
        with self._open_index() as store:
            news = self._fold(store, reached)
            if news.runs:
                store.settle()  # what is remembered as folded must not be lost again
        self._reached |= reached
        self._seen, self._looks = signature, 0
        return news

    def _fold(self, store: Store, reached: dict[bytes, int]) -> News:
        runs: dict[bytes, None] = {}
        problems = []
        due = list(self._due(store))
        self.lag_bytes = sum(size for _, size in due)
        for file, size in due:
            try:
                with suppress(FileNotFoundError):
                    told, reached[file.segment] = self._told(store, file)
                    runs |= dict.fromkeys(told.runs(store))
            except SegmentConflictError as error:
                self._refused.add((file.segment, size))
                problems.append(str(error))
            except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError) as error:
                # A fault of ours that one segment brings out must not keep the others waiting.
                self._refused.add((file.segment, size))
                problems.append(f"Segment {file.segment.hex()} can't be folded: {error!r}")
            runs[file.run] = None
            self.lag_bytes -= size
        return News(list(runs), problems)

    def _told(self, store: Store, file: SegmentFile) -> tuple[Touched, int]:
        """Fold what is new of a segment; what all that came since the last look touches, and
        how far it goes.

        Raises SegmentConflictError; FileNotFoundError when the segment went away meanwhile.
        """
        told, start = Touched(), self._reached.get(file.segment, 0)
        fold_file(store, self._path, file, told.add)
        state = store.folded_of(file.segment)
        end = 0 if state is None else state.offset
        if told.bytes < end - start:  # somebody else was faster with some of it
            told = Touched()
            for batch in batches(self._path, file, start):
                told.add(batch)
        return told, end

    def _due(self, store: Store) -> Iterator[tuple[SegmentFile, int]]:
        """The segments with something new, and the bytes of each that may be so."""
        sealed = self._known_sealed(store)
        opened = open_segments(self._path)  # first: one that is sealed meanwhile is seen then
        for file in sealed_segments(self._path):
            if file.segment in sealed:
                continue
            with suppress(FileNotFoundError):
                size = file.path.stat().st_size
                state = store.folded_of(file.segment)
                told = self._reached.get(file.segment, 0)
                if state is not None and state.sealed and state.offset == told:
                    sealed.add(file.segment)
                    self._reached.pop(file.segment, None)
                elif (file.segment, size) not in self._refused:
                    yield file, size
        for file in opened:
            with suppress(FileNotFoundError):
                size = file.path.stat().st_size
                state = store.folded_of(file.segment)
                done = 0 if state is None else state.offset
                is_told = self._reached.get(file.segment, 0) == done
                if not (is_told and done == size) and (file.segment, size) not in self._refused:
                    yield file, max(size - done, 0)

    def _known_sealed(self, store: Store) -> set[bytes]:
        if self._sealed is None:
            folded = store.folded()
            self._sealed = {segment for segment, state in folded.items() if state.sealed}
            self._reached = {
                segment: state.offset for segment, state in folded.items() if not state.sealed
            }
        return self._sealed

    def _signature(self) -> Signature:
        """What differs as soon as the journal does."""
        return (
            *_stats(open_folder(self._path), lambda stat: stat.st_size),
            *_stats(sealed_folder(self._path), lambda stat: stat.st_mtime_ns),
        )


def _stats(folder: Path, what: Callable[[os.stat_result], int]) -> Iterator[tuple[str, int]]:
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return
    for entry in found:
        with suppress(FileNotFoundError):
            yield entry.name, what(entry.stat())
