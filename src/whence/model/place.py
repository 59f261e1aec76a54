"""Where bytes lie and which version of them: a place and a version stamp.

A place is a file system and a path on it; a bare path is never equal across hosts. A stamp says
which version of a file was seen: equal stamps on one file system are the same version.
"""

from __future__ import annotations

import os

import msgspec

from whence._base.ids import derived_id

SMALLEST_FOLLOWED = 64
"""Content under this many bytes says nothing of where it came from: a score, a flag, nothing."""


class Stamp(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A version of a file: what ``stat`` says of it. Times are in nanoseconds, size in bytes."""

    device: int
    inode: int
    size: int
    mtime_ns: int
    ctime_ns: int

    @classmethod
    def of(cls, stat: os.stat_result) -> Stamp:
        return cls(stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)


def stamp_key(filesystem: bytes, stamp: Stamp) -> bytes:
    """16 bytes that are equal exactly for the same version on the same file system."""
    return derived_id(b"stamp", filesystem, stamp.inode, stamp.size, stamp.mtime_ns, stamp.ctime_ns)


def found_id(filesystem: bytes, path: bytes, stamp: Stamp) -> bytes:
    """The id of a version that was read but whose writing nobody recorded."""
    return derived_id(b"found", filesystem, path, stamp_key(filesystem, stamp))
