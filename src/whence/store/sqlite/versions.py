"""Versions of files: which occurrence lay where, under which stamp, and whether it still does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whence.model.relation import Relation
from whence.store.protocol import Version
from whence.store.sqlite.connection import IN, Connection, many

_SPECIALIZES = int(Relation.SPECIALIZATION_OF)

_SIGHTINGS = f"""
SELECT o.place, CASE o.access WHEN 'r' THEN o.bound ELSE o.node END AS number,
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
"""
"""What was seen at places, and when it left (no number)."""


class SqliteVersions:
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
        last: dict[int, tuple[int, bool, int, int | None]] = {}
        for place, number, stamp, instant, at in self.connection.all(_SIGHTINGS, *[asked] * 4):
            event = (instant, number is not None, number or 0, stamp)
            last[place] = max(last.get(place, event), event, key=_event_order)
            if number is not None:
                key = (place, number, stamp)
                seen[key] = max(seen.get(key, (instant, at)), (instant, at))
        described = self._described(seen)
        versions = [
            (
                instant,
                self._version(
                    number,
                    described[place, number, stamp],
                    at,
                    last[place][1:] == (True, number, stamp),
                ),
            )
            for (place, number, stamp), (instant, at) in seen.items()
        ]
        versions.sort(key=lambda v: (-v[0], v[1].path, v[1].stamp_key))
        return [version for _, version in versions]

    @staticmethod
    def _version(number: int, described: tuple[Any, ...], at: int, current: bool) -> Version:
        path, stamp_key, digest = described
        return Version(number, path, stamp_key, digest, at, current)

    def _described(self, keys: Iterable[tuple[int, int, int | None]]) -> dict[Any, Any]:
        listed = list(keys)
        paths = self._mapped("SELECT number, path FROM place", {key[0] for key in listed})
        stamps = self._mapped("SELECT number, uid FROM stamp", {key[2] for key in listed} - {None})
        digests = dict(
            self.connection.all(
                "SELECT n.number, coalesce(c.uid, n.digest) FROM node n LEFT JOIN node c"
                f" ON c.number = n.content WHERE n.number {IN}",
                many({key[1] for key in listed}),
            )
        )
        return {
            key: (paths[key[0]], stamps.get(key[2], b""), digests.get(key[1])) for key in listed
        }

    def _mapped(self, sql: str, numbers: Iterable[int | None]) -> dict[int | None, bytes]:
        rows = self.connection.all(f"{sql} WHERE number {IN}", many(n for n in numbers if n))
        return dict(rows)


def _event_order(event: tuple[int, bool, int, int | None]) -> tuple[int, bool, int]:
    return event[:3]
