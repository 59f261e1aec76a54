"""The recorder: from an event to bytes in this process's segment, in one step.

``record`` may be called from any thread, from a signal handler, from a destructor during garbage
collection, in a forked child and while the interpreter ends. It raises nothing of its own.
"""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock
from collections.abc import Callable
from errno import EBADF, EDQUOT, ENOSPC
from types import FrameType
from typing import Any

from whence._base.clock import wall_ns
from whence._base.ids import IdSource, uuid7
from whence._base.interruption import is_foreign
from whence._base.text import plain
from whence.journal.frame import OPEN_SUFFIX
from whence.journal.header import Header
from whence.journal.segment import ROLL_OVER_AT, SegmentWriter
from whence.model.event import Event, GapRecorded, encoder
from whence.model.value import typed_map

Warn = Callable[[str], None]

_MOST_KEPT = 64


class Recorder:
    """Appends events to segments of its own, one after the other as they fill.

    ``describe(segment, number)`` gives the header of a new segment. ``warn`` is called once, when
    capture has to stop. ``roll_over_at`` is the size in bytes at which the next segment begins.
    """

    def __init__(
        self,
        store: str | os.PathLike[str],
        run: bytes,
        describe: Callable[[bytes, int], Header],
        warn: Warn,
        roll_over_at: int = ROLL_OVER_AT,
    ) -> None:
        """Open the first segment. Raises OSError when the journal can't be written."""
        self._folder = os.path.join(store, "journal", "open")
        self._run, self._describe, self._warn = run, describe, warn
        self._roll_over_at = roll_over_at
        self._encode = encoder.encode
        self.ids = IdSource()
        self.new_id = self.ids.new
        self._begin()
        self._open()

    def _begin(self) -> None:
        self.dropped = 0
        self._last_words: list[bytes] = []
        self._number = 0
        self._rolling = allocate_lock()
        self._formers: list[SegmentWriter] = []
        self._writer: SegmentWriter | None = None
        self._is_full_disk = False

    def _open(self) -> None:
        segment = uuid7()
        path = os.path.join(self._folder, f"{self._run.hex()}.{segment.hex()}{OPEN_SUFFIX}")
        header = self._describe(segment, self._number)
        self._writer = SegmentWriter(os.fsencode(path), header, self._roll_over_at)
        self._append = self._writer.append
        self._number += 1

    def record(self, event: Event) -> None:
        """Put ``event`` into the journal. Once this returns, ``kill -9`` can't lose it."""
        try:
            if self._append(self._encode(event)):
                return
            self._roll_over()
        except BaseException as error:
            if not self._recover(event, error):
                raise

    def after_fork(self) -> None:
        """Begin a segment of the child's own; the parent's is left to the parent."""
        writer, inherited = self._writer, self._formers
        self.ids.reseed()
        self._begin()
        for former in inherited if writer is None else [writer, *inherited]:
            if former.is_open():
                former.close()
        if writer is not None:
            self._open()

    @property
    def is_stopped(self) -> bool:
        return self._writer is None

    def stop(self) -> None:
        """Close the segment; what is recorded from now on is counted as dropped."""
        writer, self._writer = self._writer, None
        self._append = _refuse
        if writer is not None and writer.is_open():
            writer.close()

    def resume(self) -> bool:
        """Begin a new segment after recording had to stop; false when that can't be done yet."""
        if self._writer is None:
            try:
                self._open()
            except OSError:
                return False
        return True

    def record_encoded(self, payload: bytes) -> bool:
        """Put an event that is encoded already into the journal; false when it can't be now."""
        try:
            self._append(payload)
        except OSError:
            self.stop()
            return False
        return True

    def unwritten(self) -> list[bytes]:
        """The latest events that the journal would not take, and the gap of all that were dropped.

        For the companion, which writes them once it can.
        """
        if not self.dropped:
            return []
        code = "disk-full" if self._is_full_disk else "events-dropped"
        gap = GapRecorded(code, self._run, wall_ns(), count=self.dropped)
        return [self._encode(gap), *self._last_words]

    def count_gap(
        self,
        code: str,
        activity: bytes,
        subject: bytes | None = None,
        count: int = 1,
        detail: str = "",
    ) -> None:
        """Record that something is missing."""
        self.record(GapRecorded(code, activity, wall_ns(), subject, count, plain(detail)))

    def _roll_over(self) -> None:
        """Begin the next segment. Another thread may still write to the former: it stays open."""
        if not self._rolling.acquire(False):
            return
        try:
            writer = self._writer
            if writer is not None and writer.is_full:
                self._open()
                self._formers.append(writer)
                self._close_formers()
        finally:
            self._rolling.release()

    def _close_formers(self) -> None:
        """Close the segments before this one, unless somebody may be about to write to one.

        Its number would be given to the next file that is opened, and the write go there.
        """
        if _others_record():
            return
        formers, self._formers = self._formers, []
        for former in formers:
            if former.is_open():
                former.close()

    def _recover(self, event: Event, error: BaseException) -> bool:
        """Make good what broke into `record`; false when it is not ours and is to go on.

        It is not raised here: a frame that holds the exception which passes through it would keep
        all that the program's frames hold until the next collection.
        """
        if not isinstance(error, Exception) or is_foreign(error.__traceback__):
            self._append_unless_there(event)
            return False
        if isinstance(error, OSError):
            self._recover_file(event, error)
        else:
            self._append_again(_without_bad_values(event))
        return True

    def _append_unless_there(self, event: Event) -> None:
        """Write the event if what broke in came before the ``write``."""
        writer = self._writer
        try:
            payload = self._encode(event)
            if writer is not None and not writer.holds(payload):
                self._append(payload)
        except Exception as second:
            if is_foreign(second.__traceback__):
                raise
            self.dropped += 1

    def _recover_file(self, event: Event, error: OSError) -> None:
        if self._writer is None:
            self._drop(event)
        elif error.errno == EBADF:
            if not self._writer.is_open():
                self._reopen()
            self._append_again(event)
        else:
            self._is_full_disk = error.errno in (ENOSPC, EDQUOT)
            reason = "the disk is full" if self._is_full_disk else f"the journal fails ({error})"
            self.stop()
            self._drop(event)
            self._warn(f"whence: {reason}; recording stopped, your program goes on")

    def _reopen(self) -> None:
        """Begin a new segment after the program closed the descriptor of this one."""
        try:
            self._open()
        except OSError as error:
            if is_foreign(error.__traceback__):
                raise
            self._writer, self._append = None, _refuse
            self._warn(f"whence: the journal fails ({error}); recording stopped")

    def _append_again(self, event: Event) -> None:
        try:
            self._append(self._encode(event))
        except Exception as error:
            if is_foreign(error.__traceback__):
                self._append_unless_there(event)
                raise
            self._drop(event)

    def _drop(self, event: Event) -> None:
        self.dropped += 1
        try:
            self._last_words = [*self._last_words[1 - _MOST_KEPT :], self._encode(event)]
        except Exception as error:
            if is_foreign(error.__traceback__):
                raise


def _others_record() -> bool:
    """Whether another thread, or code that a signal handler interrupted here, is in `record`."""
    found = 0
    for frame in list(sys._current_frames().values()):
        walked: FrameType | None = frame
        while walked is not None:
            found += walked.f_code is _RECORD
            walked = walked.f_back
    return found > 1


def _refuse(payload: bytes) -> bool:
    del payload
    raise OSError(EBADF, "recording has stopped")


def _without_bad_values(event: Event) -> Event:
    """The event with every value in the form that the journal holds."""
    fields = event.__struct_fields__
    return type(event)(**{name: _good(getattr(event, name)) for name in fields})


def _good(value: Any) -> Any:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return typed_map(value)
    if isinstance(value, list):
        return [(id, plain(role)) for id, role in value]
    return value


_RECORD = Recorder.record.__code__
