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

from whence.store.mirrored import Noted
from whence.store.sql.connection import Connection

_VERSION = 1
"""Of the triggers: count it up when they change, so that every view is made anew."""

TABLES = """
CREATE TABLE IF NOT EXISTS watch(token TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS changed(node INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS met(node INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS taken(node INTEGER, met INTEGER, PRIMARY KEY(node, met))
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


class Trigger(NamedTuple):
    """A step to take for each row after it was changed so (INSERT, UPDATE, DELETE; of which
    columns), where ``when`` holds of it."""

    name: str
    change: str
    table: str
    when: str
    step: str


_TRIGGERS = (
    Trigger("node_insert", "INSERT", "node", "", _OF_NODE),
    Trigger("node_update", "UPDATE", "node", _DIFFERS, _OF_NODE),
    Trigger("node_found", "UPDATE", "node", "old.found IS NOT new.found", _OF_FOUND),
    Trigger("refined_insert", "INSERT", "refined", "", _NEW),
    Trigger("refined_update", "UPDATE", "refined", "", _NEW),
    Trigger("refined_delete", "DELETE", "refined", "", _OLD),
    Trigger("edge_insert", "INSERT", "edge", "new.rel <> 17", _of_edge("new")),
    Trigger("edge_update", "UPDATE", "edge", "new.rel <> 17", _of_edge("old") + _of_edge("new")),
    Trigger("edge_delete", "DELETE", "edge", "old.rel <> 17", _of_edge("old")),
    Trigger("facet_insert", "INSERT", "facet", "", _OF_FACET),
    Trigger("series_insert", "INSERT", "series", "", _NEW),
    Trigger("series_update", "UPDATE", "series", "", _NEW),
    Trigger("sheet_insert", "INSERT", "sheet", "", _NEW),
    Trigger("opening_insert", "INSERT", "opening", "", _of_opening("new")),
    Trigger("opening_update", "UPDATE", "opening", "", _of_opening("old") + _of_opening("new")),
    Trigger("move_insert", "INSERT", "move", "", _of_move("new")),
    Trigger("move_update", "UPDATE", "move", "", _of_move("old") + _of_move("new")),
    Trigger("gap_insert", "INSERT", "gap", "", _OF_GAP),
    Trigger("segment_insert", "INSERT", "segment", "", _OF_SEGMENT),
    Trigger(
        "segment_update",
        "UPDATE OF frames, last_sequence, unknown, torn",
        "segment",
        "",
        _OF_SEGMENT,
    ),
    Trigger("hole_insert", "INSERT", "hole", "", _OF_HOLE),
)


class Watch:
    """The notes of what changed, over one connection that can write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def token(self) -> str | None:
        """What names the watch; another one after a `reset` of the store. None without a watch."""
        if not self._connection.has("watch"):
            return None
        row = self._connection.one("SELECT token FROM watch")
        return row[0] if row and row[0].startswith(f"{_VERSION}-") else None

    def begin(self) -> str:
        """Watch from now on, with nothing noted; gives the token."""
        token = f"{_VERSION}-{os.urandom(8).hex()}"
        run = self._connection.run
        with self._connection.transaction():
            for statement in TABLES.split(";\n"):
                run(statement)
            for table in ("watch", "changed", "met", "taken"):
                run(f"DELETE FROM {table}")
            for trigger in _TRIGGERS:
                for statement in self._connection.dialect.trigger(*trigger):
                    run(statement)
            run("INSERT INTO watch VALUES(?)", token)
        return token

    def has_news(self) -> bool:
        """Whether anything was noted that `done` did not clear."""
        return any(
            self._connection.one(f"SELECT 1 FROM {table} LIMIT 1") is not None
            for table in ("changed", "met", "taken")
        )

    def take(self) -> list[Noted]:
        """What was noted, by number; it is given again until `done`."""
        run = self._connection.run
        with self._connection.transaction():
            for table, met in (("changed", 0), ("met", 1)):
                noted = f"SELECT node, {met} FROM {table} WHERE 1 = 1"
                run(f"INSERT INTO taken(node, met) {noted} ON CONFLICT DO NOTHING")
                run(f"DELETE FROM {table}")
        rows = self._connection.all(
            "SELECT n.number, n.uid, n.type, min(t.met) = 0 FROM taken t"
            " JOIN node n ON n.number = t.node GROUP BY n.number ORDER BY n.number"
        )
        return [Noted(number, uid, kind, bool(changed)) for number, uid, kind, changed in rows]

    def done(self) -> None:
        """Forget what `take` gave."""
        with self._connection.transaction():
            self._connection.run("DELETE FROM taken")
