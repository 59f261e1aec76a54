"""The witness of processes: sees them die, and says so of the activities they left open."""

from __future__ import annotations

import os
import signal
import struct
import time
from fcntl import ioctl

from whence._base.clock import mono_ns, process_start, wall_ns
from whence.capture.recorder import Recorder
from whence.model import kind as kinds
from whence.model.event import ActivityEnded, ActivityStarted
from whence.model.status import FAILED, FINISHED, INTERRUPTED, Status

_GET_INFO = 0xC040FF0B
_INFO_OF_EXIT = 1 << 3
_INFO_SIZE, _WAIT_STATUS_AT = 64, 60
_REAPED_WITHIN_S = 0.2


class WatchedProcess:
    """One process of the run, by pid and start, and the activities that it began."""

    def __init__(self, pid: int, start: int, fd: int | None = None) -> None:
        """``fd`` is a pidfd of it, when there is one already."""
        self.pid, self.start = pid, start
        self.open: dict[bytes, str] = {}
        self.finished: set[bytes] = set()
        self.is_settled = False
        self._gone_at: float | None = None
        self.fd = self._watch() if fd is None else fd

    def _watch(self) -> int:
        """A descriptor that becomes readable when the process ends; -1 when it is gone already."""
        try:
            fd = os.pidfd_open(self.pid)
        except OSError:
            return -1
        if process_start(self.pid) != self.start:
            os.close(fd)
            return -1
        return fd

    @property
    def is_gone(self) -> bool:
        return self.fd < 0 or process_start(self.pid) != self.start

    @property
    def is_told(self) -> bool:
        """Whether all that can be known of its end is known: it is told a moment after the end."""
        if self._gone_at is None:
            self._gone_at = time.monotonic()
        waited_s = time.monotonic() - self._gone_at
        return self.fd < 0 or waited_s > _REAPED_WITHIN_S or self.wait_status() is not None

    def started(self, event: ActivityStarted) -> None:
        self.open[event.id] = event.kind

    def ended(self, event: ActivityEnded) -> None:
        self.open.pop(event.id, None)
        if event.status == FINISHED and "exit_code" not in event.attributes:
            self.finished.add(event.id)

    def close(self) -> None:
        fd, self.fd = self.fd, -1
        if fd >= 0:
            os.close(fd)

    def wait_status(self) -> int | None:
        """How the process ended, as ``wait`` codes it; None where the system does not tell others.

        Linux tells since 6.15, once the parent has been told.
        """
        if self.fd < 0:
            return None
        info = bytearray(_INFO_SIZE)
        struct.pack_into("<Q", info, 0, _INFO_OF_EXIT)
        try:
            ioctl(self.fd, _GET_INFO, info)
        except OSError:
            return None
        if not struct.unpack_from("<Q", info)[0] & _INFO_OF_EXIT:
            return None
        return int(struct.unpack_from("<i", info, _WAIT_STATUS_AT)[0])


def judge(wait_status: int | None) -> tuple[Status, dict[str, object]]:
    """The status of a process that ended so, without a word of its own."""
    if wait_status is None:
        return INTERRUPTED, {}
    code = os.waitstatus_to_exitcode(wait_status)
    if code < 0:
        return INTERRUPTED, {"signal": _signal_name(-code)}
    return (FAILED if code else FINISHED), {"exit_code": code}


def testify(recorder: Recorder, process: WatchedProcess, main_activity: bytes | None) -> None:
    """Record the end of all that a dead process left open, and an exit code it did not know.

    ``main_activity`` is the activity of the process as a whole.
    """
    process.is_settled = True
    wait_status = process.wait_status()
    status, attributes = judge(wait_status)
    for activity, kind in reversed(process.open.items()):
        if kind == kinds.COMMAND:
            end = ActivityEnded(activity, FINISHED, wall_ns(), mono_ns(), {"unseen": True}, True)
        else:
            is_whole = activity == main_activity
            end = ActivityEnded(
                activity,
                status if is_whole or status != FINISHED else INTERRUPTED,
                wall_ns(),
                mono_ns(),
                attributes if is_whole else {},
                True,
            )
        recorder.record(end)
    process.open.clear()
    if main_activity in process.finished and status == FAILED:
        recorder.record(ActivityEnded(main_activity, status, wall_ns(), mono_ns(), attributes))


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
