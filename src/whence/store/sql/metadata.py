"""The store itself: what is folded, what is missing, how much there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from whence.model.kind import NodeType
from whence.store.protocol import Folded, Gap
from whence.store.sql.connection import IN, Connection, many
from whence.store.sql.term import ALIAS, FOUND_VERSION

EXPLAINS_DIGEST = ("changed-before-hashed", "hash-skipped", "file-gone", "hash-pending")
"""Gaps that no longer stand once the occurrence's digest is known all the same."""

EXPLAINS_NO_DIGEST = frozenset({*EXPLAINS_DIGEST, "sampled", "not-closed"})
"""Gaps that say why an occurrence has no digest."""

_SUBJECT = f"""
SELECT g.code, g.activity, g.count, g.detail, coalesce(
  CASE WHEN s.found = {ALIAS} THEN (SELECT bound FROM opening WHERE node = g.subject)
       ELSE g.subject END,
  (SELECT e.number FROM opening o JOIN node e
     ON e.number = CASE o.access WHEN 'r' THEN o.bound ELSE o.node END
   WHERE o.final = g.stamp AND o.error = '' ORDER BY o.access = 'r', e.uid LIMIT 1),
  (SELECT m.bound FROM move m JOIN node e ON e.number = m.bound
   WHERE m.stamp = g.stamp ORDER BY e.uid LIMIT 1)) AS subject
FROM gap g LEFT JOIN node s ON s.number = g.subject
"""


class Metadata:
    """What the store knows of itself."""

    connection: Connection

    def folded(self) -> dict[bytes, Folded]:
        """How far each segment is folded."""
        rows = self.connection.all("SELECT uid, folded, crc, sealed, torn FROM segment")
        return {uid: Folded(at, crc, bool(sealed), torn) for uid, at, crc, sealed, torn in rows}

    def folded_of(self, segment: bytes) -> Folded | None:
        """How far one segment is folded; None when it never was."""
        row = self.connection.one(
            "SELECT folded, crc, sealed, torn FROM segment WHERE uid = ?", segment
        )
        return None if row is None else Folded(row[0], row[1], bool(row[2]), row[3])

    def counts(self) -> dict[str, int]:
        """How much the store holds, by what."""
        counts = {
            f"{NodeType(kind).term}": count
            for kind, count in self.connection.all(
                f"SELECT type, count(*) FROM node WHERE type > 0 AND found IS NOT {ALIAS}"
                " GROUP BY 1 ORDER BY 1"
            )
        }
        for name, sql in _COUNTS.items():
            counts[name] = int(self.connection.one(sql)[0])
        return counts

    def gaps(self, numbers: Sequence[int] | None = None) -> list[Gap]:
        """What is missing: recorded gaps, and those that follow from what is there.

        A gap with a subject concerns the subject only, one without its activity.
        """
        among = None if numbers is None else set(numbers)
        counts: Counter[tuple[str, int | None, int | None, str]] = Counter()
        explained = set()
        without_digest = {row[0]: row[1:] for row in self._without_digest(numbers)}
        for code, activity, count, detail, subject in self._recorded(numbers):
            if among is not None and (activity if subject is None else subject) not in among:
                continue
            if subject is not None:
                if code in EXPLAINS_NO_DIGEST:
                    explained.add(subject)
                if code in EXPLAINS_DIGEST and subject not in without_digest:
                    continue
            counts[code, subject, activity, detail] += count
        for number, (found, writer, unclosed) in without_digest.items():
            if number not in explained:
                code = _why_unhashed(bool(unclosed), bool(found) and self._is_replaced(number))
                counts[code, number, writer, ""] += 1
        counts.update(self._damage(among))
        return [
            Gap(code, subject, activity, count, detail)
            for (code, subject, activity, detail), count in sorted(counts.items(), key=repr)
        ]

    def _recorded(self, numbers: Sequence[int] | None) -> list[tuple[str, int, int, str, int]]:
        if numbers is None:
            return self.connection.all(_SUBJECT)
        asked = many(numbers)
        openings = f"SELECT node FROM opening WHERE node {IN} UNION SELECT node FROM opening" + (
            f" WHERE bound {IN}"
        )
        return self.connection.all(
            f"{_SUBJECT} WHERE g.activity {IN} OR g.subject {IN} OR g.subject IN ({openings})"
            f" OR g.stamp IN (SELECT final FROM opening WHERE node IN ({openings})"
            f" UNION SELECT stamp FROM move WHERE bound {IN})",
            *[asked] * 7,
        )

    def _without_digest(
        self, numbers: Sequence[int] | None
    ) -> list[tuple[int, int | None, int | None, int]]:
        """(node, found, activity, unclosed) of occurrences whose bytes are not known."""
        sql = (
            "SELECT n.number, n.found, o.activity, o.closed_mono IS NULL AND o.node IS NOT NULL"
            " AND o.final IS NULL FROM node n LEFT JOIN opening o"
            " ON o.node = n.number AND o.access <> 'r' AND o.error = ''"
            f" WHERE n.content IS NULL AND (n.found = {FOUND_VERSION} OR o.node IS NOT NULL)"
        )
        if numbers is None:
            return self.connection.all(sql)
        return self.connection.all(f"{sql} AND n.number {IN}", many(numbers))

    def _is_replaced(self, number: int) -> bool:
        """Whether a found version is known of only by writes that changed it in place."""
        row = self.connection.one(
            "SELECT min(CASE WHEN access <> 'r' AND closed IS NOT NULL AND closed IS NOT stamp"
            " THEN 1 ELSE 0 END) FROM opening WHERE bound = ?",
            number,
        )
        return bool(row[0])

    def _damage(self, among: set[int] | None) -> dict[tuple[str, int | None, int | None, str], int]:
        """Gaps of segments that lost records or hold events of a later version."""
        rows = self.connection.all(
            "SELECT n.number, g.last_sequence - g.frames, g.unknown, g.torn,"
            " (SELECT count(*) FROM hole h WHERE h.segment = g.number) FROM segment g"
            " LEFT JOIN node n ON n.uid = g.activity"
            " WHERE g.last_sequence > g.frames OR g.unknown > 0 OR g.torn <> ''"
        )
        counts: Counter[tuple[str, int | None, int | None, str]] = Counter()
        for activity, missing, unknown, torn, holes in rows:
            if among is not None and activity not in among:
                continue
            if missing > 0:
                detail = "damaged records" if holes else "missing records"
                counts["journal-damaged", None, activity, detail] += missing
            if torn:
                counts["journal-damaged", None, activity, torn] += 1
            if unknown:
                counts["event-unknown", None, activity, ""] += unknown
        return counts


def _why_unhashed(unclosed: bool, replaced: bool) -> str:
    if unclosed:
        return "not-closed"
    return "changed-before-hashed" if replaced else "hash-pending"


_COUNTS = {
    "runs": "SELECT count(*) FROM node WHERE type = 2 AND kind = 'run'",
    "edges": "SELECT count(*) FROM edge WHERE rel <> 17",
    "series": "SELECT (SELECT count(*) FROM series) + (SELECT coalesce(sum(count), 0) FROM sheet)",
    "points": "SELECT (SELECT coalesce(sum(count), 0) FROM series)"
    " + (SELECT coalesce(sum(count), 0) FROM sheet)",
    "segments": "SELECT count(*) FROM segment",
}
