"""The views that SQL may ask: what they are called, their columns, and how they are made.

`VIEWS` is the one place that says what each column means; the help of ``whence sql``, the page of
the documentation and the tests are made from it. Columns are added, never renamed or removed.

Some views need tables that are made for the question, from what the index packs; `needed` says
which, by column.
"""

from __future__ import annotations

from typing import NamedTuple

from whence.model.relation import Known, Relation
from whence.store.sql.term import ALIAS

TEXT, INTEGER, REAL = "TEXT", "INTEGER", "REAL"


class Column(NamedTuple):
    """A column: its name, its type in SQL, and what it says."""

    name: str
    type: str
    says: str


_RUN = Column("run", TEXT, "The run it belongs to, by id; the innermost, where runs nest")

VIEWS: dict[str, tuple[Column, ...]] = {
    "runs": (
        Column("id", TEXT, "The run's id"),
        Column("name", TEXT, "Its name, or the script's"),
        Column("status", TEXT, "finished, failed, interrupted or running"),
        Column("started_at", TEXT, "When it began: ISO 8601 in UTC, to the microsecond"),
        Column("ended_at", TEXT, "When it ended"),
        Column("duration_s", REAL, "How long it took, in seconds"),
        Column("user_name", TEXT, "Who ran it"),
        Column("host", TEXT, "On which machine"),
        Column("python", TEXT, "The version of Python"),
        Column("git_commit", TEXT, "The commit of the repository it ran in"),
        Column("experiment", TEXT, "The experiment or project it is of"),
        Column("part_of", TEXT, "The id of the activity it took place in, if any"),
    ),
    "entities": (
        Column("id", TEXT, "The id of the file, model, frame, ..."),
        Column("kind", TEXT, "file, model, dataset, frame, code, environment, ..."),
        Column("name", TEXT, "Its name"),
        Column("digest", TEXT, "The digest of its bytes: sha256:..."),
        Column("size_bytes", INTEGER, "The size of its bytes"),
        Column("path", TEXT, "Where it lay last"),
        Column("run", TEXT, "The run that made it, by id"),
    ),
    "edges": (
        Column("source", TEXT, "The id of the thing the edge begins at; it lies downstream"),
        Column("relation", TEXT, "The term of PROV: used, wasGeneratedBy, ..."),
        Column("target", TEXT, "The id of the thing the edge leads to"),
        Column("role", TEXT, "The part that the entity played"),
        Column("known", TEXT, "observed, declared or inferred"),
        Column("at", TEXT, "When: ISO 8601 in UTC"),
        Column("source_kind", TEXT, "The kind of the source"),
        Column("target_kind", TEXT, "The kind of the target"),
    ),
    "params": (
        _RUN,
        Column("owner", TEXT, "The id of the run, call, model, ... that has the parameter"),
        Column("key", TEXT, "Its name"),
        Column("value", TEXT, "Its value as text; lists and maps as JSON"),
        Column("number", REAL, "Its value where that is a number or a truth value"),
        Column("type", TEXT, "Its type in Python"),
    ),
    "metrics": (
        _RUN,
        Column("activity", TEXT, "The id of the run, stage, call, ... that has the metric"),
        Column("key", TEXT, "Its name"),
        Column("count", INTEGER, "How many points it has"),
        Column("first", REAL, "The value of the first step"),
        Column("last", REAL, "The value of the last step"),
        Column("min", REAL, "The least value"),
        Column("max", REAL, "The greatest value"),
        Column("last_step", INTEGER, "The number of the last step"),
    ),
    "points": (
        _RUN,
        Column("activity", TEXT, "The id of the run, stage, call, ... that has the metric"),
        Column("key", TEXT, "The metric's name"),
        Column("step", INTEGER, "The number of the step"),
        Column("value", REAL, "The value"),
        Column("at", TEXT, "When: ISO 8601 in UTC"),
    ),
    "columns": (
        Column("entity", TEXT, "The id of the frame, table, dataset, ... that has the column"),
        Column("position", INTEGER, "Its place, from 0"),
        Column("name", TEXT, "Its name"),
        Column("dtype", TEXT, "Its type, where that was recorded"),
    ),
    "packages": (
        Column("run", TEXT, "The run that ran with the package, by id"),
        Column("environment", TEXT, "The id of the environment that has the package"),
        Column("name", TEXT, "The name of the package"),
        Column("version", TEXT, "Its version"),
    ),
}  # fmt: skip

TABLES: dict[str, str] = {
    "made_run_of": "activity INTEGER PRIMARY KEY, run INTEGER",
    "made_param": "node INTEGER, key TEXT, value TEXT, number REAL, type TEXT",
    "made_metric": (
        "node INTEGER, key TEXT, count INTEGER, first REAL, last REAL, min REAL, max REAL,"
        " last_step INTEGER"
    ),
    "made_point": "node INTEGER, key TEXT, step INTEGER, value REAL, at INTEGER",
    "made_column": "node INTEGER, position INTEGER, name TEXT, dtype TEXT",
    "made_package": "node INTEGER, name TEXT, version TEXT",
}
"""The tables that are made for a question, with their columns."""

_MADE = {
    "params": "made_param", "metrics": "made_metric", "points": "made_point",
    "columns": "made_column", "packages": "made_package",
}  # fmt: skip


def needed(view: str, column: str) -> list[str]:
    """The tables that must be made before a column of a view is read.

    >>> needed("params", "run")
    ['made_param', 'made_run_of']
    """
    found = [_MADE[view]] if view in _MADE else []
    return [*found, "made_run_of"] if column == "run" or view == "packages" else found


def _id(node: str) -> str:
    digits = f"lower(hex({node}.uid))"
    parts = "||'-'||".join(
        f"substr({digits}, {start}, {length})"
        for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
    )
    return f"CASE length({node}.uid) WHEN 32 THEN 'sha256:'||{digits} ELSE {parts} END"


def _time(column: str) -> str:
    return (
        f"strftime('%Y-%m-%dT%H:%M:%S', {column} / 1000000000, 'unixepoch')"
        f" || printf('.%06dZ', ({column} % 1000000000) / 1000)"
    )


def _term(column: str, terms: dict[int, str]) -> str:
    cases = " ".join(f"WHEN {number} THEN '{term}'" for number, term in terms.items())
    return f"CASE {column} {cases} END"


def _kind(node: str) -> str:
    return f"coalesce((SELECT kind FROM refined WHERE node = {node}.number), {node}.kind)"


def _segment(column: str) -> str:
    return (
        f"(SELECT g.{column} FROM segment g WHERE g.run = n.uid ORDER BY g.activity = g.run DESC,"
        " g.role = 'program' DESC, g.serial, g.uid LIMIT 1)"
    )


_RUN_OF = (
    f"(SELECT {_id('r')} FROM made_run_of o JOIN node r ON r.number = o.run"
    " WHERE o.activity = t.node)"
)
_OF_NODE = f"JOIN node n ON n.number = t.node WHERE n.found IS NOT {ALIAS}"

DEFINITIONS: dict[str, str] = {
    "runs": f"""
SELECT {_id("n")}, n.name, n.status, {_time("n.started_at")}, {_time("n.ended_at")},
  (n.ended_at - n.started_at) / 1e9, {_segment("user")}, {_segment("host")}, {_segment("python")},
  (SELECT c.name FROM edge e JOIN role r ON r.number = e.role JOIN node c ON c.number = e.dst
   WHERE e.src = n.number AND e.rel = {int(Relation.USED)} AND r.name = 'commit'
   ORDER BY c.name LIMIT 1),
  (SELECT c.name FROM edge e JOIN node c ON c.number = e.dst WHERE e.src = n.number
   AND e.rel = {int(Relation.PART_OF_GROUP)} ORDER BY c.kind = 'experiment' DESC, c.name LIMIT 1),
  (SELECT {_id("p")} FROM edge e JOIN node p ON p.number = e.dst
   WHERE e.src = n.number AND e.rel = {int(Relation.PART_OF)} ORDER BY p.uid LIMIT 1)
FROM node n WHERE n.type = 2 AND n.kind = 'run'""",
    "entities": f"""
SELECT {_id("n")}, {_kind("n")}, n.name,
  CASE WHEN length(n.uid) = 32 THEN 'sha256:'||lower(hex(n.uid))
       ELSE 'sha256:'||lower(hex(coalesce((SELECT c.uid FROM node c WHERE c.number = n.content),
         n.digest))) END,
  coalesce((SELECT c.size FROM node c WHERE c.number = n.content), n.size,
    (SELECT s.size FROM opening o JOIN stamp s ON s.number = o.final
     WHERE o.node = n.number AND o.access <> 'r')),
  (SELECT CAST(path AS TEXT) FROM (
    SELECT p.path, o.mono + b.epoch AS instant FROM opening o JOIN place p ON p.number = o.place
      JOIN boot b ON b.number = o.boot
      WHERE o.node = n.number AND o.access <> 'r' AND o.error = ''
    UNION ALL SELECT p.path, o.mono + b.epoch FROM opening o JOIN place p ON p.number = o.place
      JOIN boot b ON b.number = o.boot WHERE o.access = 'r' AND o.bound = n.number
    UNION ALL SELECT p.path, m.mono + b.epoch FROM move m JOIN place p ON p.number = m.target
      JOIN boot b ON b.number = m.boot WHERE m.bound = n.number)
   ORDER BY instant DESC, path LIMIT 1),
  (SELECT {_id("r")} FROM edge e JOIN made_run_of o ON o.activity = e.dst
     JOIN node r ON r.number = o.run
   WHERE e.src = n.number AND e.rel = {int(Relation.WAS_GENERATED_BY)}
   ORDER BY e.at IS NULL, e.at, r.uid LIMIT 1)
FROM node n WHERE n.type = 1 AND n.found IS NOT {ALIAS}""",
    "edges": f"""
SELECT {_id("s")}, {_term("e.rel", {int(one): one.term for one in Relation})}, {_id("d")},
  (SELECT name FROM role WHERE number = e.role),
  {_term("min(e.known)", {int(one): one.term for one in Known})}, {_time("min(e.at)")},
  {_kind("s")}, {_kind("d")}
FROM edge e JOIN node s ON s.number = e.src JOIN node d ON d.number = e.dst
WHERE e.rel <> {int(Relation.HAS_PART)} AND s.found IS NOT {ALIAS} AND d.found IS NOT {ALIAS}
GROUP BY e.src, e.rel, e.dst, e.role""",
    "params": f"""
SELECT {_RUN_OF}, {_id("n")}, t.key, t.value, t.number, t.type FROM made_param t {_OF_NODE}""",
    "metrics": f"""
SELECT {_RUN_OF}, {_id("n")}, t.key, t.count, t.first, t.last, t.min, t.max, t.last_step
FROM made_metric t {_OF_NODE}""",
    "points": f"""
SELECT {_RUN_OF}, {_id("n")}, t.key, t.step, t.value, {_time("t.at")}
FROM made_point t {_OF_NODE}""",
    "columns": f"""
SELECT {_id("n")}, t.position, t.name, t.dtype FROM made_column t {_OF_NODE}""",
    "packages": f"""
SELECT DISTINCT {_id("r")}, {_id("n")}, t.name, t.version FROM made_package t
JOIN node n ON n.number = t.node
JOIN edge e ON e.dst = t.node AND e.rel = {int(Relation.USED)}
JOIN made_run_of o ON o.activity = e.src JOIN node r ON r.number = o.run""",
}
"""The query of each view, its columns in the order of `VIEWS`."""
