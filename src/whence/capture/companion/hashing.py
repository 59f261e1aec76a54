"""Hashing the versions of files that a run saw, in the companion.

A digest counts only if the version stamp was the expected one before hashing and after. Files up to
64 MiB are hashed at once and in order, larger ones in a thread beside, those over the limit of the
settings not at all. A version is left to rest for 10 ms first, since a rewrite within one tick of
the file system's clock leaves the stamp as it was.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections import deque
from stat import S_ISREG
from typing import NamedTuple

from whence._base.clock import wall_ns
from whence._base.digest import digest_descriptor
from whence.capture.companion.digests import DigestCache
from whence.capture.recorder import Recorder
from whence.model.event import ContentHashed, GapRecorded
from whence.model.place import Stamp, stamp_key

AT_ONCE = 64 << 20
"""Bytes up to which a file is hashed at once."""

REST_S = 0.010
_DOUBT_S = 0.100
_STEP_S = 0.050


class Version(NamedTuple):
    """A version of a file that is to be hashed, and the opening that saw it."""

    filesystem: bytes
    path: bytes
    stamp: Stamp
    activity: bytes
    opening: bytes | None


class Outcome(NamedTuple):
    """The digest of a version, or the code of the gap and what more can be said."""

    digest: bytes | None
    gap: str = ""
    detail: str = ""


class Hasher:
    """Hashes versions and records the digests, or the gaps, with ``recorder``."""

    def __init__(self, recorder: Recorder, cache: DigestCache, limit: int) -> None:
        """``limit`` is the size in bytes over which a file is not hashed."""
        self._recorder, self._cache, self._limit = recorder, cache, limit
        self._known: set[bytes] = set()
        self._small: deque[tuple[float, Version]] = deque()
        self._doubtful: list[tuple[float, Version, Outcome]] = []
        self._large: queue.SimpleQueue[Version | None] = queue.SimpleQueue()
        self._large_left: dict[bytes, Version] = {}
        self._results: queue.SimpleQueue[tuple[Version, Outcome]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.is_hurried = False

    def add(self, version: Version) -> None:
        """Have a version hashed, unless it is already or is known from before."""
        key = stamp_key(version.filesystem, version.stamp)
        if key in self._known:
            return
        self._known.add(key)
        digest = self._cache.get(key)
        if digest is not None:
            self._record(version, Outcome(digest))
        elif version.stamp.size > self._limit:
            self._record(version, Outcome(None, "hash-skipped", f"{version.stamp.size} bytes"))
        elif version.stamp.size > AT_ONCE:
            self._large_left[key] = version
            self._start_thread()
            self._large.put(version)
        else:
            self._small.append((_rested_at(version.stamp), version))

    def moved(self, filesystem: bytes, source: bytes) -> None:
        """A file was moved away from ``source``: its new place is hashed, the old one not."""
        place = (filesystem, source)
        self._doubtful = [d for d in self._doubtful if d[1][:2] != place]
        self._small = deque(job for job in self._small if job[1][:2] != place)

    def step(self) -> None:
        """Hash small files for a moment, and record what is ready."""
        until = time.monotonic() + _STEP_S
        while self._small and self._small[0][0] <= time.monotonic() < until:
            _, version = self._small.popleft()
            self._judge(version, hash_version(version))
        self._collect()
        self._settle_doubts()
        self._cache.flush()

    def rest_s(self) -> float | None:
        """Seconds until there is something to do; None when nothing small is left."""
        times = [job[0] for job in list(self._small)[:1]] + [doubt[0] for doubt in self._doubtful]
        return max(min(times) - time.monotonic(), 0.0) if times else None

    @property
    def small_left(self) -> int:
        return len(self._small) + len(self._doubtful)

    @property
    def large_left(self) -> tuple[int, int]:
        """How many large files are left, and their bytes."""
        left = self._large_left.values()
        return len(left), sum(version.stamp.size for version in left)

    def hurry(self) -> None:
        """Give up what takes long: the system is going down."""
        self.is_hurried = True
        for version in list(self._large_left.values()):
            self._gap(version, "hash-pending", "the companion was told to end")
        self._large_left.clear()

    def finish(self) -> None:
        """Record every doubt that is left and close the cache."""
        for _, version, outcome in self._doubtful:
            self._record(version, outcome)
        self._doubtful.clear()
        if self._thread is not None:
            self._large.put(None)
        self._cache.close()

    def _judge(self, version: Version, outcome: Outcome) -> None:
        if outcome.digest is None and outcome.gap in ("file-gone", "changed-before-hashed"):
            self._doubtful.append((time.monotonic() + _DOUBT_S, version, outcome))
        else:
            self._record(version, outcome)

    def _settle_doubts(self) -> None:
        now = time.monotonic()
        due = [doubt for doubt in self._doubtful if doubt[0] <= now]
        if due:
            self._doubtful = [doubt for doubt in self._doubtful if doubt[0] > now]
        for _, version, outcome in due:
            self._record(version, outcome)

    def _record(self, version: Version, outcome: Outcome) -> None:
        if outcome.digest is None:
            self._gap(version, outcome.gap, outcome.detail)
            return
        self._cache.put(stamp_key(version.filesystem, version.stamp), outcome.digest)
        self._recorder.record(
            ContentHashed(
                version.filesystem, version.path, version.stamp, outcome.digest, wall_ns()
            )
        )

    def _gap(self, version: Version, code: str, detail: str) -> None:
        self._recorder.record(
            GapRecorded(
                code,
                version.activity,
                wall_ns(),
                version.opening,
                1,
                detail,
                version.filesystem,
                version.stamp,
            )
        )

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._hash_large, daemon=True)
            self._thread.start()

    def _hash_large(self) -> None:
        while (version := self._large.get()) is not None and not self.is_hurried:
            self._results.put((version, hash_version(version)))

    def _collect(self) -> None:
        while not self._results.empty():
            version, outcome = self._results.get()
            if self._large_left.pop(stamp_key(version.filesystem, version.stamp), None):
                self._judge(version, outcome)


def hash_version(version: Version) -> Outcome:
    """The SHA-256 of exactly that version, or why it can't be had."""
    try:
        fd = _open_unnoticed(version.path)
    except FileNotFoundError:
        return Outcome(None, "file-gone")
    except OSError as error:
        return Outcome(None, "hash-skipped", f"not readable: {error.strerror}")
    try:
        stat = os.fstat(fd)
        if not S_ISREG(stat.st_mode):
            return Outcome(None, "hash-skipped", "not a regular file")
        if Stamp.of(stat) != version.stamp:
            return Outcome(None, "changed-before-hashed")
        digest, _ = digest_descriptor(fd)
        if Stamp.of(os.fstat(fd)) != version.stamp:
            return Outcome(None, "changed-before-hashed")
    except OSError as error:
        return Outcome(None, "hash-skipped", f"not readable: {error.strerror}")
    finally:
        os.close(fd)
    return Outcome(digest)


def _open_unnoticed(path: bytes) -> int:
    """Open for reading; the time of last access stays as it is where we may ask for that."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
    try:
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        return os.open(path, flags)


def _rested_at(stamp: Stamp) -> float:
    """When the version has rested long enough to be hashed, by the monotonic clock."""
    age_s = (wall_ns() - max(stamp.mtime_ns, stamp.ctime_ns)) / 1e9
    rest_s = REST_S - age_s if 0 <= age_s < REST_S else (REST_S if age_s < 0 else 0.0)
    return time.monotonic() + rest_s
