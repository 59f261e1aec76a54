"""Following a run: its segments as they grow, its processes, and the files they name."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from whence._base.clock import mono_ns, wall_ns
from whence._base.errors import JournalError
from whence._base.text import plain
from whence.capture.companion.digests import DigestCache
from whence.capture.companion.hashing import Hasher, Version
from whence.capture.companion.witness import WatchedProcess, testify
from whence.capture.environment.keeping import keep_code
from whence.capture.guard import guarded
from whence.capture.launch.handover import Handover
from whence.capture.masked import use_patterns
from whence.capture.masking import Masker
from whence.capture.process.start import Process, warn
from whence.capture.recorder import Recorder
from whence.capture.session import Session
from whence.capture.settings import Settings, settings_if_valid
from whence.journal.frame import OPEN_SUFFIX
from whence.journal.header import Header
from whence.journal.home import cache_path
from whence.journal.tail import SegmentTail, tag_of
from whence.model import kind as kinds
from whence.model.event import (
    ActivityEnded,
    ActivityStarted,
    FileClosed,
    FileMoved,
    FileOpened,
    GapRecorded,
    decoder,
)
from whence.model.place import Stamp

_OF_INTEREST = frozenset({1, 2, 11, 12, 13})
"""The numbers of the events that are decoded here: activities, and files but their removal."""


class Segment:
    """A segment that is followed, and the process that writes it."""

    def __init__(self, path: str) -> None:
        self.tail = SegmentTail(path)
        self.process: WatchedProcess | None = None
        self.is_companions = False


class Follower:
    """Reads what the run's processes record, and records what it makes of it."""

    def __init__(self, handover: Handover, main: WatchedProcess, joins: bool) -> None:
        """``main`` is the first process; ``joins``: it will write a segment."""
        store, self.run = handover.store, bytes.fromhex(handover.run)
        self._handover = handover
        self._folder = os.path.join(store, "journal", "open")
        self._folder_changed = 0
        self._segments: dict[str, Segment] = {}
        self.main = main
        self._processes = {(main.pid, main.start): main}
        self._main_activities: dict[WatchedProcess, bytes] = {self.main: self.run}
        self._open_files: dict[bytes, tuple[WatchedProcess, FileOpened]] = {}
        self.explained: set[bytes] = set()
        self.has_company = False
        self.words: list[bytes] = []
        self.later_runs: list[bytes] = []
        describe = Process(store, self.run, self.run, "companion")
        self.recorder = Recorder(store, self.run, describe, warn)
        self.session = Session(store, self.run, self.run, self.recorder)
        cache = DigestCache(cache_path(store, "digests.sqlite"))
        known = settings_if_valid(Path(store))
        settings = known or Settings()
        self._may_keep = known is not None
        self.hasher = Hasher(self.recorder, cache, settings.hash_limit)
        self._masker = Masker(settings.patterns)
        use_patterns(settings.patterns)
        self._has_begun = bool(handover.part_of)
        if not joins:
            self._begin_for_main("the interpreter was told to load nothing (-S)")

    def look(self) -> bool:
        """Take in what is new; give whether there was anything."""
        self._find_segments()
        gone = [p for p in self._processes.values() if not p.is_settled and p.is_gone]
        news = [self._read(segment) for segment in list(self._segments.values())]
        for process in gone:
            if process.is_told:
                self._testify(process)
        return any(news) or bool(gone)

    def pidfds(self) -> set[int]:
        return {process.fd for process in self._processes.values() if process.fd >= 0}

    def all_gone(self) -> bool:
        """Whether no process of the run lives and the end of each is recorded."""
        return all(process.is_settled for process in self._processes.values())

    def sync(self) -> None:
        """Bring the segments to the disk, and try again what could not be written."""
        for segment in self._segments.values():
            segment.tail.sync()
        if self.words and self.recorder.resume():
            self.words = [word for word in self.words if not self.recorder.record_encoded(word)]

    def take_word(self, payload: bytes) -> None:
        """Write an event that the program could not write; now or as soon as it can be."""
        if not (self.recorder.resume() and self.recorder.record_encoded(payload)):
            self.words.append(payload)

    def close(self) -> None:
        """Say what is left to say of the processes, and bring everything to the disk."""
        self.look()
        if not self._has_begun:
            self._begin_for_main("it never began to record")
        for process in self._processes.values():
            if process.open:
                self._testify(process)
            process.close()
        self._find_segments()
        self.sync()
        for segment in self._segments.values():
            segment.tail.close()
        self.recorder.stop()

    def _find_segments(self) -> None:
        changed = os.stat(self._folder).st_mtime_ns
        if changed == self._folder_changed:
            return
        self._folder_changed = changed
        start = self._handover.run + "."
        for name in os.listdir(self._folder):
            if not name.endswith(OPEN_SUFFIX) or name in self._segments:
                continue
            if name.startswith(start):
                self._segments[name] = Segment(os.path.join(self._folder, name))
            else:
                self.has_company = True

    def _read(self, segment: Segment) -> bool:
        if segment.is_companions or not segment.tail.has_grown:
            return False
        try:
            for payload in segment.tail.records():
                if segment.process is None:
                    self._know_writer(segment)
                if segment.process is not None and tag_of(payload) in _OF_INTEREST:
                    self._take(segment.process, payload)
            if segment.process is None:
                self._know_writer(segment)
        except JournalError:
            segment.is_companions = True
        return True

    def _know_writer(self, segment: Segment) -> None:
        header = segment.tail.header
        if header is None:
            return
        if header.role == "companion":
            segment.is_companions = True
            return
        segment.process = self._process_of(header)

    def _process_of(self, header: Header) -> WatchedProcess:
        key = (header.pid, header.process_start)
        process = self._processes.get(key)
        if process is None:
            process = self._processes[key] = WatchedProcess(*key)
        self._main_activities[process] = header.activity
        self._has_begun = self._has_begun or process is self.main
        return process

    def _take(self, process: WatchedProcess, payload: bytes) -> None:
        """Take in an event; one that can't be read, say of a later version, is a gap."""
        with guarded("event-unknown", "an event that is followed", self._count_unread):
            self._follow(process, payload)

    def _count_unread(self) -> None:
        detail = "the companion could not read it; a file that it names is not hashed"
        self.recorder.count_gap("event-unknown", self.run, detail=detail)

    def _follow(self, process: WatchedProcess, payload: bytes) -> None:
        event = decoder.decode(payload)
        if isinstance(event, FileOpened):
            self._file_opened(process, event)
        elif isinstance(event, FileClosed):
            self._file_closed(event)
        elif isinstance(event, FileMoved):
            self._file_moved(event)
        elif isinstance(event, ActivityStarted):
            process.started(event)
            if event.kind == kinds.RUN and event.parent is None and event.id != self.run:
                self.later_runs.append(event.id)
        elif isinstance(event, ActivityEnded):
            process.ended(event)

    def _file_opened(self, process: WatchedProcess, event: FileOpened) -> None:
        self.explained.add(event.path)
        if event.error or event.stamp is None or "sampled" in event.attributes:
            return
        if event.kind == kinds.CODE and self._may_keep:
            with guarded("environment-partial", "a snapshot of code"):
                keep_code(self.session.store, event.path, self._masker)
        if event.access == "r":
            self._hash(event, event.stamp)
        else:
            self._open_files[event.id] = (process, event)

    def _file_closed(self, event: FileClosed) -> None:
        opened = self._open_files.pop(event.id, None)
        if opened is not None and event.stamp is not None:
            self._hash(opened[1], event.stamp)

    def _file_moved(self, event: FileMoved) -> None:
        self.explained.update((event.source, event.target))
        self.hasher.moved(event.filesystem, event.source)
        is_open = False
        for opening, (process, opened) in self._open_files.items():
            if (opened.filesystem, opened.path) == (event.filesystem, event.source):
                moved = msgspec.structs.replace(opened, path=event.target)
                self._open_files[opening] = (process, moved)
                is_open = True
        if event.stamp is not None and not is_open:
            self.hasher.add(
                Version(event.filesystem, event.target, event.stamp, event.activity, None)
            )

    def _hash(self, event: FileOpened, stamp: Stamp) -> None:
        self.hasher.add(Version(event.filesystem, event.path, stamp, event.activity, event.id))

    def _testify(self, process: WatchedProcess) -> None:
        """Say how a dead process ended, and of files that it left open.

        One that ended of itself has closed them on its way out, unseen.
        """
        main = self._main_activities.get(process)
        is_whole = main is not None and main not in process.open
        testify(self.recorder, process, main)
        left = [event for owner, event in self._open_files.values() if owner is process]
        for event in left:
            del self._open_files[event.id]
            self._close_for(event, is_whole)

    def _close_for(self, event: FileOpened, is_whole: bool) -> None:
        """Record the version that a process left behind in a file that it had open for writing."""
        try:
            stamp = Stamp.of(os.stat(event.path))
        except OSError:
            stamp = None
        if stamp is None or event.stamp is None or stamp.inode != event.stamp.inode:
            stamp = None
        self.recorder.record(FileClosed(event.id, stamp, wall_ns(), mono_ns()))
        if not is_whole:
            self.recorder.count_gap("not-closed", event.activity, event.id)
        if stamp is not None:
            self._hash(event, stamp)

    def _begin_for_main(self, reason: str) -> None:
        """Record the run for a first process that does not do it itself."""
        self._has_begun = True
        handover = self._handover
        attributes = {"pid": handover.pid}
        event = ActivityStarted(
            self.run, kinds.RUN, plain(handover.name), None, wall_ns(), mono_ns(), attributes
        )
        self.recorder.record(event)
        self.main.started(event)
        self.recorder.record(
            GapRecorded("child-unreached", self.run, wall_ns(), self.run, 1, reason)
        )
