"""Binding: which occurrence was read, moved or removed. Pure functions over facts.

Whoever stores facts hands over those that can matter and stores what comes back; nothing here
depends on the order in which facts arrived. Order between facts rests on the monotonic clock of one
boot; the wall clock only breaks ties between facts whose order nothing tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

UNBOUND, BY_STAMP, IN_PROGRESS, BY_DIGEST, FOUND = range(5)
"""How a reading is bound: to the write with the same stamp, to a write that was going on, to the
last write of the same bytes at the same place, or to a version that nobody is known to have
written."""


class Version(NamedTuple):
    """What ``stat`` tells versions apart by, but for the ctime, which a move changes."""

    inode: int
    size: int
    mtime_ns: int


class Lying(NamedTuple):
    """An occurrence that came to lie at a place, by being written or moved there.

    ``began`` and ``done`` (None: not seen) are monotonic times of the write; of a move both are its
    time. ``content`` is what its bytes are known to be, ``version`` how it was last seen.
    """

    node: int
    uid: bytes
    boot: int
    began: int
    done: int | None
    at: int
    version: Version | None
    content: int | None
    moved: bool = False


class Seen(NamedTuple):
    """A version that was seen at a place: by opening it, or moving or removing what lay there."""

    node: int
    boot: int
    mono: int
    version: Version | None
    content: int | None = None


def version_read(
    seen: Seen, same_stamp: Iterable[Lying], at_place: Iterable[Lying]
) -> tuple[Lying | None, int]:
    """The occurrence that an opening saw, and how that is known."""
    exact = [c for c in same_stamp if c.node != seen.node and not _began_later(c, seen)]
    if exact:
        return max(exact, key=lambda c: _order(c, seen)), BY_STAMP
    here = [c for c in at_place if c.node != seen.node and c.boot == seen.boot]
    writing = [c for c in here if _was_being_written(c, seen)]
    if writing:
        return max(writing, key=lambda c: _order(c, seen)), IN_PROGRESS
    if seen.content is not None:
        equal = [c for c in here if c.content == seen.content and _done_before(c, seen)]
        if equal:
            return max(equal, key=lambda c: _order(c, seen)), BY_DIGEST
    return None, FOUND


def version_taken(seen: Seen, at_place: Iterable[Lying]) -> Lying | None:
    """The occurrence that was moved away from a place or removed there."""
    # What a move brought counts only where it is known to be earlier: chains of moves can't circle.
    candidates = [
        c
        for c in at_place
        if (c.boot == seen.boot and c.began < seen.mono) or (c.boot != seen.boot and not c.moved)
    ]
    equal = [c for c in candidates if seen.version is not None and c.version == seen.version]
    if equal:
        return max(equal, key=lambda c: _order(c, seen))
    earlier = [c for c in candidates if c.boot == seen.boot]
    if not earlier:
        return None
    last = max(earlier, key=lambda c: _order(c, seen))
    return last if _may_be_same_inode(last, seen) else None


class Unclosed(NamedTuple):
    """A write whose end was not seen."""

    node: int
    uid: bytes
    place: int
    inode: int | None
    boot: int
    mono: int
    at: int


class HashedVersion(NamedTuple):
    """A version at a place whose bytes are known."""

    place: int
    stamp: int
    uid: bytes
    inode: int
    mtime_ns: int
    ctime_ns: int


def claimed_versions(
    unclosed: Iterable[Unclosed],
    hashed: Iterable[HashedVersion],
    taken: Mapping[int, set[int]],
) -> dict[int, int]:
    """For writes without an end: the stamp under which a hash later showed what they wrote.

    Only the last such write of an inode at a place can claim, and only a version that ``taken``
    (place: stamps) does not give to a write or move whose end was seen.
    """
    writers: dict[tuple[int, int], list[Unclosed]] = defaultdict(list)
    for write in unclosed:
        if write.inode is not None:
            writers[write.place, write.inode].append(write)
    versions: dict[tuple[int, int], list[HashedVersion]] = defaultdict(list)
    for version in hashed:
        if version.stamp not in taken.get(version.place, ()):
            versions[version.place, version.inode].append(version)
    claimed = {}
    for key, found in versions.items():
        if key in writers:
            newest = max(found, key=lambda v: (v.mtime_ns, v.ctime_ns, v.uid))
            claimed[_last(writers[key]).node] = newest.stamp
    return claimed


def _last(writes: list[Unclosed]) -> Unclosed:
    if len({write.boot for write in writes}) == 1:
        return max(writes, key=lambda w: (w.mono, w.at, w.uid))
    return max(writes, key=lambda w: (w.at, w.uid))


class Stay(NamedTuple):
    """A place and stamp that one occurrence had, and since when."""

    boot: int
    mono: int
    at: int
    place: int
    path: bytes
    stamp: int | None


def in_order(stays: Iterable[Stay]) -> list[Stay]:
    """The stays of one occurrence, the last one last."""
    listed = list(stays)
    if len({stay.boot for stay in listed}) == 1:
        return sorted(listed, key=lambda s: (s.mono, s.at, s.path))
    return sorted(listed, key=lambda s: (s.at, s.path))


def _began_later(one: Lying, seen: Seen) -> bool:
    return not one.moved and one.boot == seen.boot and one.began > seen.mono


def _was_being_written(one: Lying, seen: Seen) -> bool:
    if one.moved or one.began > seen.mono or (one.done is not None and one.done < seen.mono):
        return False
    return _may_be_same_inode(one, seen) and one.version is not None and seen.version is not None


def _done_before(one: Lying, seen: Seen) -> bool:
    return (one.began if one.done is None else one.done) <= seen.mono


def _may_be_same_inode(one: Lying, seen: Seen) -> bool:
    if one.version is None or seen.version is None:
        return True
    return one.version.inode == seen.version.inode


def _order(one: Lying, seen: Seen) -> tuple[bool, int, int, bytes]:
    same_boot = one.boot == seen.boot
    return (same_boot, one.began if same_boot else 0, one.at, one.uid)
