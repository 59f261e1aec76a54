"""The executions of one kernel session as they are recorded, read once and kept up."""

from __future__ import annotations

from typing import Any

import msgspec

from whence.model.kind import CELL
from whence.model.relation import Relation
from whence.model.status import RUNNING
from whence.service.notebook.view import ExecutionView
from whence.store.protocol import Node, Store

_HAS_PART = int(Relation.HAS_PART)


class Execution(msgspec.Struct):
    """One execution of a cell.

    ``n`` is its ordinal in the session, from 1; ``cell`` the cell's id, or ``[count]`` where it has
    none. ``code`` is the digest of the source as it ran, ``raw`` of the source as it was written,
    both in hex. ``stopped_at`` is the line at which it failed, 0 where that is not known.
    """

    number: int
    uid: bytes
    cell: str
    count: int
    code: str
    raw: str
    started_at: int
    ended_at: int | None
    status: str
    error: str
    message: str
    stopped_at: int
    bound: tuple[str, ...]
    deleted: tuple[str, ...]
    n: int = 0

    @property
    def took_ms(self) -> float | None:
        """How long it took; None while it runs, or where that is not known."""
        if self.ended_at is None:
            return None
        return round((self.ended_at - self.started_at) / 1e6, 3)


class SessionRecord:
    """The executions of a session, in the order in which they began.

    `refresh` reads those that are new, and again those that had not ended. ``told`` keeps how those
    that ended are told, by their ordinal. One thread at a time.
    """

    def __init__(self, session: Node) -> None:
        self.session = session
        self.executions: list[Execution] = []
        self.told: dict[int, ExecutionView] = {}
        self._known: dict[int, Execution] = {}
        self._ended: set[int] = set()

    def refresh(self, store: Store, session: Node) -> None:
        """Take in what the store has by now. ``session`` is the node as the store has it."""
        if session.number != self.session.number or not self._is_of(store):
            # The index was built anew, and nodes have other numbers.
            self._known, self._ended, self.executions, self.told = {}, set(), [], {}
        self.session = session
        parts = [part for _, part in store.linked([session.number], _HAS_PART, "up")]
        fresh = [number for number in parts if number not in self._ended]
        if not fresh:
            return
        attributes = store.attributes_of(fresh)
        found = {
            node.number: _execution(node, attributes.get(node.number, {}))
            for node in store.nodes(fresh)
            if node.kind == CELL
        }
        self._ended.update(set(fresh) - found.keys())  # parts of other kinds
        self._take(found)

    def _take(self, found: dict[int, Execution]) -> None:
        added = [one for number, one in found.items() if number not in self._known]
        for number in found.keys() & self._known.keys():
            found[number].n = n = self._known[number].n
            self.executions[n - 1] = found[number]
        self._known |= found
        self._ended.update(n for n, one in found.items() if one.status != RUNNING)
        added.sort(key=_order)
        if not self.executions or (added and _order(added[0]) > _order(self.executions[-1])):
            self.executions += added
        else:  # one came late, from another segment
            self.executions = sorted((*self.executions, *added), key=_order)
        for n, one in enumerate(self.executions, 1):
            if one.n != n:
                one.n = n
                self.told.pop(n, None)

    def _is_of(self, store: Store) -> bool:
        if not self.executions:
            return True
        ends = (self.executions[0], self.executions[-1])
        return all(store.number_of(one.uid) == one.number for one in ends)


def _order(one: Execution) -> tuple[int, bytes]:
    return one.started_at, one.uid


def _execution(node: Node, told: dict[str, Any]) -> Execution:
    count = told.get("count", 0)
    return Execution(
        number=node.number,
        uid=node.uid,
        cell=told.get("cell") or f"[{count}]",
        count=count,
        code=told.get("code", ""),
        raw=told.get("raw", ""),
        started_at=node.started_at or 0,
        ended_at=node.ended_at,
        status=node.status,
        error=str(told.get("error", "")),
        message=str(told.get("message", "")),
        stopped_at=told.get("stopped_at") or 0,
        bound=tuple(map(str, told.get("bound", ()))),
        deleted=tuple(map(str, told.get("deleted", ()))),
    )
