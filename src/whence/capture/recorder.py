"""The recorder: from an event to bytes in this process's segment, in one step.

``record`` may be called from any thread, from a signal handler, from a destructor during garbage
collection, in a forked child and while the interpreter ends. It raises nothing of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from errno import EBADF, EDQUOT, ENOSPC

from whence._base.clock import wall_ns
from whence._base.ids import IdSource, uuid7
from whence.capture.guard import is_foreign
from whence.journal.header import Header
from whence.journal.layout import open_path
from whence.journal.segment import SegmentWriter
from whence.model.event import Event, GapRecorded, encoder

Warn = Callable[[str], None]


class Recorder:
    """Appends events to segments of its own, one after the other as they fill.

    ``describe(segment, number)`` gives the header of a new segment. ``warn`` is called once, when
    capture has to stop.
    """

    def __init__(
        self, store: os.PathLike[str], run: bytes, describe: Callable[[bytes, int], Header], warn: Warn
    ) -> None:
        """Open the first segment. Raises OSError when the journal can't be written."""
        self._store, self._run = store, run
        self._describe, self._warn = describe, warn
        self._number = 0
        self._encode = encoder.encode
        self.ids = IdSource()
        self.new_id = self.ids.new
        self.dropped = 0
        self._open()

    def _open(self) -> None:
        from pathlib import Path

        segment = uuid7()
        path = open_path(Path(self._store), self._run, segment)
        header = self._describe(segment, self._number)
        self._writer: SegmentWriter | None = SegmentWriter(os.fsencode(path), header)
        self._append = self._writer.append
        self._number += 1

    def record(self, event: Event) -> None:
        """Put ``event`` into the journal. Once this returns, ``kill -9`` can't lose it."""
        try:
            self._append(self._encode(event))
        except Exception as error:
            self._recover(event, error)

    def roll_over_if_full(self) -> None:
        """Begin a new segment when this one is large; called now and then, not for each event."""
        writer = self._writer
        if writer is not None and writer.is_full:
            self._open()
            writer.close()

    def after_fork(self) -> None:
        """Begin a segment of the child's own; the parent's is left to the parent."""
        writer = self._writer
        self.ids.reseed()
        self.dropped = 0
        self._number = 0
        if writer is not None:
            self._open()
            writer.close()

    @property
    def is_stopped(self) -> bool:
        return self._writer is None

    def stop(self) -> None:
        """Close the segment; what is recorded from now on is counted as dropped."""
        writer, self._writer = self._writer, None
        self._append = _refuse
        if writer is not None:
            writer.close()

    def _recover(self, event: Event, error: Exception) -> None:
        if is_foreign(error.__traceback__):
            self._append_again(event)
            raise error
        if isinstance(error, OSError):
            self._recover_file(event, error)
        else:
            self._append_again(_without_bad_values(event))

    def _recover_file(self, event: Event, error: OSError) -> None:
        writer = self._writer
        if writer is None:
            self.dropped += 1
        elif error.errno == EBADF and not writer.is_open():
            self._reopen()
            self._append_again(event)
        else:
            self.dropped += 1
            self.stop()
            full = error.errno in (ENOSPC, EDQUOT)
            reason = "the disk is full" if full else f"the journal can't be written ({error})"
            self._warn(f"whence: {reason}; recording stopped, your program goes on")

    def _reopen(self) -> None:
        try:
            self._open()
        except OSError as error:
            self._warn(f"whence: the journal can't be written ({error}); recording stopped")
            self.stop()

    def _append_again(self, event: Event) -> None:
        try:
            self._append(self._encode(event))
        except Exception:  # noqa: BLE001 - second failure: count it, the program goes on
            self.dropped += 1

    def count_gap(
        self, code: str, activity: bytes, subject: bytes | None = None, count: int = 1, detail: str = ""
    ) -> None:
        """Record that something is missing."""
        self.record(GapRecorded(code, activity, wall_ns(), subject, count, detail))


def _refuse(payload: bytes) -> int:
    del payload
    raise OSError(EBADF, "recording has stopped")


def _without_bad_values(event: Event) -> Event:
    """The event with every value in the form that the journal holds."""
    from whence.model.value import typed

    fields = event.__struct_fields__
    return type(event)(**{name: _typed_field(getattr(event, name), typed) for name in fields})


def _typed_field(value: object, typed: Callable[[object], object]) -> object:
    return typed(value) if isinstance(value, dict | str | list) else value
