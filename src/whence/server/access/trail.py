"""The audit trail: who changed or took out what, and who was refused. Never a token's text."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from whence._base.clock import from_ns, wall_ns
from whence.server.access.database import Database
from whence.server.access.principal import Principal

MINUTE_NS = 60 * 1_000_000_000
LONGEST = 300
PAGE = 1000
_COLUMNS = "id, at, last_at, who, action, project, subject, times"


class TrailRow(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the trail. ``times`` is above 1 where it sums a minute, ``at`` to ``last_at``."""

    id: int
    at: str
    last_at: str
    who: str
    action: str
    project: str | None = None
    subject: str = ""
    times: int = 1


class Trail:
    """The lines are only ever added to; the file itself refuses to lose or change one."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Add a line. Raises NotAuditedError where it can't be written."""
        self._insert(who, action, project, subject, None)

    def count(self, who: Principal, action: str, project: str | None, subject: str) -> None:
        """Add to the line that sums this minute. Raises NotAuditedError."""
        self._insert(who, action, project, subject, wall_ns() // MINUTE_NS)

    def _insert(
        self, who: Principal, action: str, project: str | None, subject: str, minute: int | None
    ) -> None:
        now = wall_ns()
        self._database.write(
            "INSERT INTO trail (at, last_at, who, action, project, subject, times, minute)"
            " VALUES (?, ?, ?, ?, ?, ?, 1, ?)"
            " ON CONFLICT (minute, who, action, project, subject) WHERE minute IS NOT NULL"
            " DO UPDATE SET times = times + 1, last_at = max(last_at, excluded.last_at)",
            now, now, _short(who.label), action, project or "", _short(subject), minute,
        )  # fmt: skip

    def rows(
        self, project: str | None = None, since: int = 0, after: int = 0, limit: int = PAGE
    ) -> list[TrailRow]:
        """The lines from a time on (nanoseconds), oldest first, after the line of an id."""
        where, values = "id > ? AND last_at >= ?", [after, since]
        named = () if project is None else (project,)
        where += " AND project = ?" if named else ""
        found = self._database.all(
            f"SELECT {_COLUMNS} FROM trail WHERE {where} ORDER BY id LIMIT ?",
            *values, *named, limit,
        )  # fmt: skip
        return [_row(*columns) for columns in found]

    def each(self, project: str | None = None, since: int = 0) -> Iterator[TrailRow]:
        """All lines from a time on, a page in memory at a time."""
        after = 0
        while page := self.rows(project, since, after):
            yield from page
            after = page[-1].id


def _row(
    id: int, at: int, last_at: int, who: str, action: str, project: str, subject: str, times: int
) -> TrailRow:
    first, last = (from_ns(one).isoformat().replace("+00:00", "Z") for one in (at, last_at))
    return TrailRow(id, first, last, who, action, project or None, subject, times)


def _short(text: str) -> str:
    """A text that fits a line and has no character that a terminal would obey."""
    clean = "".join(c if c.isprintable() else "�" for c in text[: LONGEST + 1])
    return clean if len(clean) <= LONGEST else clean[: LONGEST - 1] + "…"
