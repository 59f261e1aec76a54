"""What a person means by a text: a path, a digest or id (or its unique start), or a name.

A path is asked first: the version that is on disk now, by its stamp, else by its digest, else the
same bytes wherever they were recorded; and when the path is gone, what was recorded there. Then ids
and digests by their start, then names. Where there is no disk to look at, a path is one that was
recorded, in full or from some folder on.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Literal

import msgspec

from whence._base.errors import AmbiguousError, NotKnownError
from whence._base.ids import CONTENT_PREFIX, format_id, id_range, parse_id
from whence.model.criterion import Comparison, Field
from whence.model.kind import RUN
from whence.model.place import SMALLEST_FOLLOWED
from whence.query.disk import Disk
from whence.query.ending import places_ending
from whence.query.spelling import escaped, moment
from whence.store.protocol import Node, Store, Version

SHORTEST_START = 6
CANDIDATES_SHOWN = 8

OnDisk = Literal["", "same", "changed", "missing", "unknown"]
By = Literal["stamp", "digest", "content", "path", "id", "name"]


class Found(msgspec.Struct, frozen=True):
    """What a text names: ``number`` in the store, and how it was found.

    ``by`` is ``content`` when a path was found by its bytes at another place; ``on_disk`` compares
    a path's file now with the version found, and is empty where that can't be known; ``others`` are
    the other versions recorded at the place, latest first.
    """

    number: int
    by: By
    on_disk: OnDisk = ""
    path: bytes | None = None
    others: tuple[Version, ...] = ()


class Resolver:
    """Finds what texts name in one store, asked from the folder ``cwd`` of the project ``root``."""

    def __init__(self, store: Store, disk: Disk, cwd: bytes, root: bytes) -> None:
        self._store, self._disk = store, disk
        self._bases = (cwd, root) if disk.is_here else (b"",)

    def find(self, text: str | bytes) -> Found:
        """What ``text`` names.

        Raises NotKnownError, which says what was tried, and AmbiguousError, which lists what fits.
        """
        raw = os.fsencode(text)
        name = os.fsdecode(raw)
        if not name.strip():
            raise NotKnownError(
                "An empty text names nothing; name a path, an id, a digest or a run"
            )
        found = None
        if not name.startswith(CONTENT_PREFIX):
            found = self._by_path(raw)
        found = found or self._by_id(name) or self._by_name(name)
        if found is None and not self._disk.is_here:
            found = self._by_ending(raw)
        if found is None:
            raise NotKnownError(self._not_known(name, raw))
        return found

    def find_below(self, text: str | bytes) -> list[Found]:
        """What is recorded of each file now in the folder that ``text`` names; maybe nothing.

        A file that came there by a rename is known by its version stamp; a copy, whose bytes would
        have to be hashed, is not looked for.
        """
        raw = os.fsencode(text)
        paths = self._paths(raw) if raw.strip() else []
        folder = next((path for path in paths if self._disk.is_folder(path)), None)
        if folder is None:
            return []
        found = (self._recorded(path) for path in self._disk.files_below(folder))
        return [one for one in found if one is not None]

    def _recorded(self, path: bytes) -> Found | None:
        key = self._disk.stamp_key(path)
        seen = None if key is None else self._store.version_by_stamp(key)
        versions = self._versions_at(path)
        if seen is not None:
            return self._version(seen, "stamp", "same", path, versions)
        return self._by_path(path) if versions else None

    def find_run(self, text: str) -> Found:
        """The run that ``text`` names by id, its start, or name. Raises as `find` does."""
        found = self._run_by_id(text) or self._run_by_name(text)
        if found is None:
            raise NotKnownError(
                f"No run has the id or name {escaped(text)!r}. List them: whence log"
            )
        return found

    def _paths(self, raw: bytes) -> list[bytes]:
        """The absolute paths that ``raw`` may mean: from here, from the project, links resolved."""
        joined = (os.path.join(base, raw) for base in self._bases)
        return list(dict.fromkeys(one for path in joined for one in self._disk.spellings(path)))

    def _by_path(self, raw: bytes) -> Found | None:
        paths = self._paths(raw)
        here = [path for path in paths if self._disk.exists(path)]
        for path in here:
            found = self._on_disk(path)
            if found is not None:
                return found
        for path in paths:
            versions = self._versions_at(path)
            if versions:
                return self._version(versions[0], "path", self._state(path), path, versions)
        return None

    def _state(self, path: bytes) -> OnDisk:
        """How a place whose present version is not known differs from the record."""
        if not self._disk.is_here:
            return ""
        if not self._disk.exists(path):
            return "missing"
        return "unknown" if self._disk.stamp_key(path) is None else "changed"

    def _on_disk(self, path: bytes) -> Found | None:
        """The version that is at ``path`` now: by stamp, by digest, or by its bytes elsewhere."""
        key = self._disk.stamp_key(path)
        if key is None:
            return None
        versions = self._versions_at(path)
        seen = self._store.version_by_stamp(key)
        if seen is not None:
            return self._version(seen, "stamp", "same", path, versions)
        digest = self._disk.digest(path)
        if digest is None:
            return self._unhashed(path, versions)
        for version in versions:
            if version.digest == digest:
                return self._version(version, "digest", "same", path, versions)
        return None if versions else self._by_content(path, digest)

    def _unhashed(self, path: bytes, versions: Sequence[Version]) -> Found | None:
        return self._version(versions[0], "path", "unknown", path, versions) if versions else None

    def _by_content(self, path: bytes, digest: bytes) -> Found | None:
        """The occurrence with those bytes elsewhere; the content itself when there are several."""
        versions = sorted(
            self._store.versions_of(digest), key=lambda v: v.last_seen_at, reverse=True
        )
        if not versions:
            return None
        places = {version.path for version in versions}
        small = len(places) > 1 or self._size(versions[0]) < SMALLEST_FOLLOWED
        content = self._store.number_of(digest)
        if content is not None and small:
            return Found(content, "content", "same", path)
        return self._version(versions[0], "content", "same", path, ())

    def _size(self, version: Version) -> int:
        (node,) = self._store.nodes([version.number])
        return node.size if node.size is not None else SMALLEST_FOLLOWED

    def _versions_at(self, path: bytes) -> list[Version]:
        """The versions recorded at a place, the current one first, then the latest."""
        found = self._store.versions_at(path)
        unique = {version.number: version for version in reversed(found)}
        return sorted(unique.values(), key=lambda v: (v.current, v.last_seen_at), reverse=True)

    def _version(
        self, version: Version, by: By, on_disk: OnDisk, path: bytes, among: Sequence[Version]
    ) -> Found:
        others = tuple(other for other in among if other.number != version.number)
        return Found(version.number, by, on_disk, path, others)

    def _by_id(self, text: str) -> Found | None:
        if (full := parse_id(text.lower())) is not None:
            number = self._store.number_of(full)
            return None if number is None else Found(number, "id")
        digits = text.removeprefix(CONTENT_PREFIX).replace("-", "")
        if len(digits) < SHORTEST_START:
            return None
        if text.startswith(CONTENT_PREFIX):
            return self._only(self._starting(text), text)
        run = self._run_by_id(text)
        if run is not None:
            return run
        if len(digits) == 64 and (full := parse_id(CONTENT_PREFIX + digits.lower())) is not None:
            number = self._store.number_of(full)
            return None if number is None else Found(number, "id")
        both = self._starting(text) + self._starting(CONTENT_PREFIX + digits)
        return self._only(list(dict.fromkeys(both)), text)

    def _starting(self, text: str) -> list[int]:
        limits = id_range(text)
        if limits is None:
            return []
        found = self._store.numbers_between(*limits, limit=CANDIDATES_SHOWN + 1)
        width = 32 if text.startswith(CONTENT_PREFIX) else 16
        return [node.number for node in self._store.nodes(found) if len(node.uid) == width]

    def _only(self, numbers: list[int], text: str) -> Found | None:
        if len(numbers) > 1:
            raise self._ambiguous(text, self._store.nodes(numbers))
        return Found(numbers[0], "id") if numbers else None

    def _run_by_id(self, text: str) -> Found | None:
        limits = id_range(text) if len(text) >= SHORTEST_START else None
        if limits is None or text.startswith(CONTENT_PREFIX):
            return None
        uids = self._store.runs_between(*limits)[: CANDIDATES_SHOWN + 1]
        numbers = [self._store.number_of(uid) for uid in uids]
        return self._only([number for number in numbers if number is not None], text)

    def _run_by_name(self, text: str) -> Found | None:
        named = Comparison(Field("attributes", "name"), "=", (text,))
        runs = self._store.runs(named, limit=CANDIDATES_SHOWN + 1)
        if len(runs) > 1:
            raise self._ambiguous(text, runs)
        return Found(runs[0].number, "name") if runs else None

    def _by_name(self, text: str) -> Found | None:
        numbers = self._store.numbers_named(text)
        nodes = self._store.nodes(numbers)
        top = [node for node in nodes if node.kind == RUN] or nodes
        if len(top) > 1:
            places = {node.places[:1] for node in top}
            if len(places) == 1 and top[0].places:
                return self._by_path(top[0].places[0])
            raise self._ambiguous(text, top)
        return Found(top[0].number, "name") if top else None

    def _by_ending(self, raw: bytes) -> Found | None:
        """What was recorded at the one place that ends so."""
        places = places_ending(self._store, raw)
        if len(places) > 1:
            raise self._ambiguous(os.fsdecode(raw), list(places.values()))
        return next((self._by_path(place) for place in places), None)

    def _ambiguous(self, text: str, nodes: Sequence[Node]) -> AmbiguousError:
        shown = [_candidate(node) for node in nodes[:CANDIDATES_SHOWN]]
        more = ["  …"] if len(nodes) > CANDIDATES_SHOWN else []
        return AmbiguousError(
            "\n".join(
                [f"{escaped(text)!r} fits several things; name one by its id:", *shown, *more]
            )
        )

    def _not_known(self, name: str, raw: bytes) -> str:
        if name.startswith(CONTENT_PREFIX):
            if len(name) < len(CONTENT_PREFIX) + SHORTEST_START:
                return f"{escaped(name)} is too short a start; give {SHORTEST_START} digits or more"
            return f"No content has the digest {escaped(name)}"
        if any(self._disk.is_folder(path) for path in self._paths(raw)):
            return (
                f"{escaped(name)} is a folder; name a file in it (trace, impact and why take a "
                "folder in which a run read or wrote anything)"
            )
        exists = any(self._disk.exists(path) for path in self._paths(raw)[:1])
        if exists:
            return (
                f"Nothing is recorded of {escaped(name)}: no run read or wrote that file or the "
                "same bytes, and no id or name fits"
            )
        return f"Nothing is recorded of {escaped(name)}: no such path, id, digest or name is known"


def _candidate(node: Node) -> str:
    place = escaped(os.fsdecode(node.places[0])) if node.places else ""
    parts = [format_id(node.uid)]
    parts += [node.kind, escaped(node.name), moment(node.started_at)]
    parts += [place if place and not place.endswith(node.name) else ""]
    return "  " + "  ".join(part for part in parts if part)
