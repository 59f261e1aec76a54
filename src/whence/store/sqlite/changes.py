"""What changed in an index since someone last asked: for those who keep a view of it elsewhere.

Once `Watch.begin` was called, triggers in the index note the nodes whose description may differ,
in the very transaction that changes them, whichever process folds. A store that nobody watches has
no such trigger and pays nothing. `reset` drops all of it with the tables; the token then differs,
and whoever keeps a view makes it anew.

A node is noted in one of two ways. ``changed``: what is said of it, or of its edges, may differ.
``met``: an edge leads to it that was not there, which may change only to which run it belongs.
"""

from __future__ import annotations

import os
from typing import NamedTuple

from whence.store.sqlite.connection import Connection

_VERSION = 1
"""Of the triggers: count it up when they change, so that every view is made anew."""

_TABLES = """
CREATE TABLE IF NOT EXISTS watch(token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changed(node INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS met(node INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS taken(node INTEGER, met INTEGER, PRIMARY KEY(node, met)) WITHOUT ROWID
"""

_NODE_COLUMNS = (
    "type", "kind", "name", "started_at", "ended_at", "status", "digest", "size", "content",
    "found",
)  # fmt: skip
_ONLY_ENDS = "(2, 65)"
"""wasGeneratedBy and wasInvalidatedBy: told with the activity, not with the entity."""


def _note(table: str, node: str, rest: str = "") -> str:
    """The step that notes nodes. It must not fail: the policy of what fires it is not ours."""
    condition = f"{rest} AND" if "WHERE" in rest else f"{rest} WHERE"
    return (
        f"INSERT INTO {table} SELECT DISTINCT {node} {condition} {node} IS NOT NULL"
        f" AND NOT EXISTS (SELECT 1 FROM {table} old_note WHERE old_note.node = {node});"
    )


def _of_opening(row: str) -> str:
    return (
        _note("changed", f"{row}.node", f"WHERE {row}.access <> 'r'")
        + _note("changed", f"{row}.bound")
        + _note("changed", f"{row}.activity", f"WHERE {row}.error <> ''")
        + _of_gaps_at(f"{row}.final")
    )


def _of_move(row: str) -> str:
    return _note("changed", f"{row}.bound") + _of_gaps_at(f"{row}.stamp")


def _of_gaps_at(stamp: str) -> str:
    """Whatever a gap of a version may be told of: the file found with that stamp may be another."""
    gap = f"EXISTS (SELECT 1 FROM gap WHERE stamp = {stamp})"
    return (
        _note("changed", "g.activity", f"FROM gap g WHERE g.stamp = {stamp}")
        + _note(
            "changed",
            "coalesce(o.bound, o.node)",
            f"FROM opening o WHERE o.final = {stamp} AND {gap}",
        )
        + _note("changed", "m.bound", f"FROM move m WHERE m.stamp = {stamp} AND {gap}")
    )


def _of_edge(row: str) -> str:
    return (
        _note("changed", f"{row}.src", f"WHERE {row}.rel NOT IN {_ONLY_ENDS}")
        + _note("met", f"{row}.src", f"WHERE {row}.rel IN {_ONLY_ENDS}")
        + _note("met", f"{row}.dst")
    )


_OF_GAP = (
    _note("changed", "new.activity")
    + _note(
        "changed", "coalesce((SELECT bound FROM opening WHERE node = new.subject), new.subject)"
    )
    + _of_gaps_at("new.stamp")
)
_OF_SEGMENT = _note("changed", "n.number", "FROM node n WHERE n.uid IN (new.activity, new.run)")
_OF_HOLE = _note(
    "changed", "n.number",
    "FROM segment g JOIN node n ON n.uid = g.activity WHERE g.number = new.segment",
)  # fmt: skip
_OF_FACET = _note(
    "changed",
    "coalesce((SELECT bound FROM opening WHERE node = new.node AND access = 'r'), new.node)",
)
_OF_NODE = _note("changed", "new.number")
_OF_FOUND = (  # edges at a node that stands for another are not told
    _note("changed", "e.src", "FROM edge e WHERE e.dst = new.number")
    + _note("met", "e.dst", "FROM edge e WHERE e.src = new.number")
)
_NEW, _OLD = _note("changed", "new.node"), _note("changed", "old.node")
_DIFFERS = " OR ".join(f"old.{column} IS NOT new.{column}" for column in _NODE_COLUMNS)

_TRIGGERS: dict[str, tuple[str, str]] = {
    "node_insert": ("INSERT ON node", _OF_NODE),
    "node_update": (f"UPDATE ON node WHEN {_DIFFERS}", _OF_NODE),
    "node_found": ("UPDATE ON node WHEN old.found IS NOT new.found", _OF_FOUND),
    "refined_insert": ("INSERT ON refined", _NEW),
    "refined_update": ("UPDATE ON refined", _NEW),
    "refined_delete": ("DELETE ON refined", _OLD),
    "edge_insert": ("INSERT ON edge WHEN new.rel <> 17", _of_edge("new")),
    "edge_update": ("UPDATE ON edge WHEN new.rel <> 17", _of_edge("old") + _of_edge("new")),
    "edge_delete": ("DELETE ON edge WHEN old.rel <> 17", _of_edge("old")),
    "facet_insert": ("INSERT ON facet", _OF_FACET),
    "series_insert": ("INSERT ON series", _NEW),
    "series_update": ("UPDATE ON series", _NEW),
    "sheet_insert": ("INSERT ON sheet", _NEW),
    "opening_insert": ("INSERT ON opening", _of_opening("new")),
    "opening_update": ("UPDATE ON opening", _of_opening("old") + _of_opening("new")),
    "move_insert": ("INSERT ON move", _of_move("new")),
    "move_update": ("UPDATE ON move", _of_move("old") + _of_move("new")),
    "gap_insert": ("INSERT ON gap", _OF_GAP),
    "segment_insert": ("INSERT ON segment", _OF_SEGMENT),
    "segment_update": ("UPDATE OF frames, last_sequence, unknown, torn ON segment", _OF_SEGMENT),
    "hole_insert": ("INSERT ON hole", _OF_HOLE),
}


class Noted(NamedTuple):
    """A node that was noted. ``type`` 0: nothing describes it; ``changed``: see the module."""

    number: int
    uid: bytes
    type: int
    changed: bool


class Watch:
    """The notes of what changed, over one connection that can write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def token(self) -> str | None:
        """What names the watch; another one after a `reset` of the store. None without a watch."""
        if not self._connection.one("SELECT 1 FROM sqlite_schema WHERE name = 'watch'"):
            return None
        row = self._connection.one("SELECT token FROM watch")
        return row[0] if row and row[0].startswith(f"{_VERSION}-") else None

    def begin(self) -> str:
        """Watch from now on, with nothing noted; gives the token."""
        token = f"{_VERSION}-{os.urandom(8).hex()}"
        raw = self._connection.raw
        with self._connection.transaction():
            for statement in _TABLES.split(";\n"):
                raw.execute(statement)
            for table in ("watch", "changed", "met", "taken"):
                raw.execute(f"DELETE FROM {table}")
            for name, (when, body) in _TRIGGERS.items():
                raw.execute(f"DROP TRIGGER IF EXISTS watch_{name}")
                raw.execute(f"CREATE TRIGGER watch_{name} AFTER {when} BEGIN {body} END")
            raw.execute("INSERT INTO watch VALUES(?)", (token,))
        return token

    def has_news(self) -> bool:
        """Whether anything was noted that `done` did not clear."""
        return any(
            self._connection.one(f"SELECT 1 FROM {table} LIMIT 1")
            for table in ("changed", "met", "taken")
        )

    def take(self) -> list[Noted]:
        """What was noted, by number; it is given again until `done`."""
        raw = self._connection.raw
        with self._connection.transaction():
            raw.execute("INSERT OR IGNORE INTO taken SELECT node, 0 FROM changed")
            raw.execute("INSERT OR IGNORE INTO taken SELECT node, 1 FROM met")
            raw.execute("DELETE FROM changed")
            raw.execute("DELETE FROM met")
        rows = self._connection.all(
            "SELECT n.number, n.uid, n.type, min(t.met) = 0 FROM taken t"
            " JOIN node n ON n.number = t.node GROUP BY n.number ORDER BY n.number"
        )
        return [Noted(number, uid, kind, bool(changed)) for number, uid, kind, changed in rows]

    def done(self) -> None:
        """Forget what `take` gave."""
        with self._connection.transaction():
            self._connection.raw.execute("DELETE FROM taken")
