"""The state of a notebook: the record of a kernel session joined with the file as it is now."""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import msgspec

from whence.analysis.notebook.execution import Cell, Execution
from whence.analysis.notebook.history import History
from whence.analysis.notebook.state import NotebookState, judge
from whence.model.kind import FIT, MODEL, OUTPUT, SURROUNDINGS
from whence.model.relation import Relation
from whence.model.status import INTERRUPTED, RUNNING
from whence.query.disk import Disk
from whence.service.notebook import record
from whence.service.notebook.matching import matched, with_unsaved
from whence.service.notebook.record import SessionRecord
from whence.store.protocol import Node, Store

SourceOf = Callable[[str], str | None]
"""The text of a source by its digest in hex, where the store has kept it."""

HASHED_WITHIN_NS = 600 * 10**9
"""For so long it is looked whether a file that a cell used was hashed meanwhile."""

_USED, _MADE = int(Relation.USED), int(Relation.WAS_GENERATED_BY)


class SessionHistory:
    """The executions of a session as the analysis takes them; it keeps what does not change.

    `state` can be asked for any number of executions, and again as the session goes on.
    """

    def __init__(self, source_of: SourceOf) -> None:
        self._source_of = lru_cache(maxsize=None)(source_of)
        self._known: dict[bytes, Execution] = {}
        self._unhashed: set[bytes] = set()
        self._history = History()
        self._in_history: list[Execution] = []

    def state(
        self,
        store: Store,
        session: SessionRecord,
        cells: Sequence[Cell],
        at: int | None = None,
        *,
        is_alive: bool = True,
        now: Mapping[str, str] | None = None,
        saved_at: int | None = None,
    ) -> NotebookState:
        """The state after ``at`` executions (all if None), against the cells of the file.

        ``is_alive`` says that the kernel still runs; ``now`` gives files the digest of what they
        hold now. With ``saved_at``, in nanoseconds, what ran after it is taken for what the editor
        holds and has not saved.
        """
        executions = self.executions(store, session, is_alive)[:at]
        told = matched(cells, executions)
        if saved_at is not None:
            recorded = session.executions[: len(told)]
            later = (one.n for one in recorded if one.started_at > saved_at)
            cells = with_unsaved(cells, told, next(later, None))
        return judge(cells, self._of(told), now)

    def executions(
        self, store: Store, session: SessionRecord, is_alive: bool = True
    ) -> list[Execution]:
        """The executions in their order, with the files that they read and wrote and their models.

        One that had not ended when the kernel did was interrupted.
        """
        fresh = [one for one in session.executions if not self._is_known(one)]
        contents = _Contents(store, [one.number for one in fresh])
        for one in fresh:
            self._known[one.uid] = self._execution(one, contents)
        late = time.time_ns() - HASHED_WITHIN_NS
        self._unhashed = {
            one.uid for one in fresh if one.number in contents.unhashed and one.started_at > late
        }
        found = [self._known[one.uid] for one in session.executions]
        if is_alive:
            return found
        return [
            msgspec.structs.replace(one, status=INTERRUPTED) if one.status == RUNNING else one
            for one in found
        ]

    def _is_known(self, one: record.Execution) -> bool:
        known = self._known.get(one.uid)
        if known is None or one.uid in self._unhashed:
            return False
        return known.status == one.status and known.order == one.n

    def _execution(self, one: record.Execution, contents: _Contents) -> Execution:
        source = self._source_of(one.raw or one.code)
        if source is None:
            source = self._source_of(one.code)
        return Execution(
            one.cell, one.count, one.n, source or "", one.status, one.bound, one.deleted,
            one.stopped_at or None, contents.read[one.number], contents.wrote[one.number],
            tuple(contents.models[one.number]),
        )  # fmt: skip

    def _of(self, executions: list[Execution]) -> History:
        """The history of the executions, from what is there of it."""
        done = len(self._in_history)
        if done > len(executions) or executions[:done] != self._in_history:
            self._history, done = History(), 0
        for one in executions[done:]:
            self._history.add(one)
        self._in_history = executions
        if executions and executions[-1].status == RUNNING:
            self._in_history = []  # it is told anew once it ended
        return self._history


class _Contents:
    """The files and models of some executions, by the number of their node."""

    def __init__(self, store: Store, numbers: Sequence[int]) -> None:
        self.read: dict[int, dict[str, str]] = defaultdict(dict)
        self.wrote: dict[int, dict[str, str]] = defaultdict(dict)
        self.models: dict[int, dict[str, None]] = defaultdict(dict)
        self.unhashed: set[int] = set()
        home = {part: cell for cell, part in store.outlines(numbers)} if numbers else {}
        if not home:
            return
        used = store.linked(list(home), _USED, "up")
        made = store.linked(list(home), _MADE, "down")
        entities = {
            node.number: node
            for node in store.nodes(sorted({number for _, number in (*used, *made)}))
            if node.kind not in SURROUNDINGS and node.kind != OUTPUT
        }
        for pairs, into in ((used, self.read), (made, self.wrote)):
            for activity, number in pairs:
                node = entities.get(number)
                if node is None or not node.places:
                    continue
                if node.digest:
                    into[home[activity]].setdefault(os.fsdecode(node.places[0]), node.digest.hex())
                else:
                    self.unhashed.add(home[activity])
        for activity, number in made:
            node = entities.get(number)
            if node is not None and node.kind == MODEL:
                self.models[home[activity]][node.name] = None
        self._fits(store.nodes([part for part, cell in home.items() if part != cell]), home)

    def _fits(self, calls: Sequence[Node], home: dict[int, int]) -> None:
        for node in calls:
            if node.kind == FIT:
                self.models[home[node.number]].setdefault(node.name.rpartition(".")[0] or node.name)


def files_now(executions: Sequence[Execution], disk: Disk) -> dict[str, str]:
    """What the files that were read hold now, by their digests; ``gone`` where there is none."""
    if not disk.is_here:
        return {}
    found: dict[str, str] = {}
    for path in {path for one in executions for path in one.read}:
        place = os.fsencode(path)
        digest = disk.digest(place)
        if digest is not None:
            found[path] = digest.hex()
        elif not disk.exists(place):
            found[path] = "gone"
    return found


__all__ = ["SessionHistory", "SourceOf", "files_now"]
