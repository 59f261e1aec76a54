"""Versions of files: which occurrence lay where, under which stamp, and whether it still does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whence.model.relation import Relation
from whence.store.protocol import Version
from whence.store.sql.connection import IN, Connection, many

_SPECIALIZES = int(Relation.SPECIALIZATION_OF)

_SIGHTINGS = f"""
SELECT e.*, n.uid, s.uid FROM (
SELECT o.place AS place, CASE o.access WHEN 'r' THEN o.bound ELSE o.node END AS number,
  coalesce(o.final, o.stamp) AS stamp,
  CASE WHEN o.access = 'r' THEN o.mono ELSE coalesce(o.closed_mono, o.mono) END + b.epoch,
  CASE WHEN o.access = 'r' THEN o.at ELSE coalesce(o.closed_at, o.at) END
FROM opening o JOIN boot b ON b.number = o.boot WHERE o.place {IN} AND o.error = ''
UNION ALL
SELECT m.target, m.bound, m.stamp, m.mono + b.epoch, m.at FROM move m
JOIN boot b ON b.number = m.boot WHERE m.target {IN}
UNION ALL
SELECT m.source, NULL, NULL, m.mono + b.epoch, m.at FROM move m
JOIN boot b ON b.number = m.boot WHERE m.source {IN}
UNION ALL
SELECT r.place, NULL, NULL, r.mono + b.epoch, r.at FROM removal r
JOIN boot b ON b.number = r.boot WHERE r.place {IN}
) e LEFT JOIN node n ON n.number = e.number LEFT JOIN stamp s ON s.number = e.stamp
"""
"""What was seen at places, and when it left (no number)."""

_NEVER = (-(1 << 63), b"", b"")


class Versions:
    """Versions by path, digest and stamp."""

    connection: Connection

    def versions_at(self, path: bytes) -> list[Version]:
        """Every version known at ``path``, on any file system, the one seen last first."""
        return self._versions(self.connection.all("SELECT number FROM place WHERE path = ?", path))

    def versions_of(self, digest: bytes) -> list[Version]:
        """Every version known to have these bytes."""
        places = self.connection.all(
            "SELECT o.place FROM node c JOIN edge e ON e.dst = c.number AND e.rel = ?"
            " JOIN opening o ON (o.node = e.src AND o.access <> 'r') WHERE c.uid = ?"
            " UNION SELECT o.place FROM node c JOIN edge e ON e.dst = c.number AND e.rel = ?"
            " JOIN opening o ON o.bound = e.src AND o.access = 'r' WHERE c.uid = ?"
            " UNION SELECT m.target FROM node c JOIN edge e ON e.dst = c.number AND e.rel = ?"
            " JOIN move m ON m.bound = e.src WHERE c.uid = ?",
            *(_SPECIALIZES, digest) * 3,
        )
        return [v for v in self._versions(places) if v.digest == digest]

    def version_by_stamp(self, stamp_key: bytes) -> Version | None:
        """The version with that stamp, where it was seen last."""
        places = self.connection.all(
            "SELECT o.place FROM stamp s JOIN opening o ON o.final = s.number OR o.stamp = s.number"
            " WHERE s.uid = ? UNION SELECT m.target FROM stamp s JOIN move m ON m.stamp = s.number"
            " WHERE s.uid = ?",
            stamp_key,
            stamp_key,
        )
        found = [v for v in self._versions(places) if v.stamp_key == stamp_key]
        return found[0] if found else None

    def _versions(self, places: Iterable[tuple[int]]) -> list[Version]:
        asked = many(row[0] for row in places)
        seen: dict[tuple[int, int, int | None], tuple[int, int]] = {}
        last: dict[int, tuple[int, bytes, bytes]] = {}
        for place, number, stamp, instant, at, uid, stamp_key in self.connection.all(
            _SIGHTINGS, *[asked] * 4
        ):
            # What came to lie somewhere at the instant something left it, came after that.
            last[place] = max(last.get(place, _NEVER), (instant, uid or b"", stamp_key or b""))
            if number is not None:
                key = (place, number, stamp)
                seen[key] = max(seen.get(key, (instant, at)), (instant, at))
        described = self._described(seen)
        versions = []
        for (place, number, stamp), (instant, at) in seen.items():
            uid, path, stamp_key, digest = described[place, number, stamp]
            current = last[place][1:] == (uid, stamp_key)
            versions.append((instant, Version(number, path, stamp_key, digest, at, current)))
        versions.sort(key=lambda v: (-v[0], v[1].path, v[1].stamp_key))
        return [version for _, version in versions]

    def _described(self, keys: Iterable[tuple[int, int, int | None]]) -> dict[Any, Any]:
        listed = list(keys)
        paths = self._mapped("SELECT number, path FROM place", {key[0] for key in listed})
        stamps = self._mapped("SELECT number, uid FROM stamp", {key[2] for key in listed} - {None})
        nodes = {
            number: (uid, digest)
            for number, uid, digest in self.connection.all(
                "SELECT n.number, n.uid, coalesce(c.uid, n.digest) FROM node n LEFT JOIN node c"
                f" ON c.number = n.content WHERE n.number {IN}",
                many({key[1] for key in listed}),
            )
        }
        return {
            key: (nodes[key[1]][0], paths[key[0]], stamps.get(key[2], b""), nodes[key[1]][1])
            for key in listed
        }

    def _mapped(self, sql: str, numbers: Iterable[int | None]) -> dict[int | None, bytes]:
        rows = self.connection.all(f"{sql} WHERE number {IN}", many(n for n in numbers if n))
        return dict(rows)
