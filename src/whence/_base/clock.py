"""Time and life: wall and monotonic clocks, the boot they belong to, and whether a process lives.

Wall clocks are for people; they step. Order between events of one boot rests on the monotonic
clock, which all processes of a host share.
"""

from __future__ import annotations

import os
from time import monotonic_ns as mono_ns
from time import time_ns as wall_ns

TYPE_CHECKING = False  # as typing's, without loading it
if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["boot_id", "from_ns", "is_alive", "machine_id", "mono_ns", "process_start", "wall_ns"]


def from_ns(at: int) -> datetime:
    """An aware UTC time for ``at`` nanoseconds since the epoch (microseconds are kept)."""
    from datetime import UTC, datetime

    seconds, rest = divmod(at, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)


def boot_id() -> str:
    """The id of this boot of this host; empty where the system has none."""
    global _boot_id
    if _boot_id is None:
        _boot_id = _read_boot_id()
    return _boot_id


_boot_id: str | None = None


def _read_boot_id() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", "rb") as f:
            return f.read().decode("latin-1").strip()
    except OSError:
        return ""


def machine_id() -> str:
    """What names this machine for good; its host name where the system keeps no such id."""
    for path in ("/etc/machine-id", "/var/lib/dbus/machine-id"):
        try:
            with open(path, encoding="ascii") as f:
                if text := f.read().strip():
                    return text
        except OSError:
            continue
    return os.uname().nodename


def process_start(pid: int) -> int:
    """When ``pid`` began, in clock ticks since boot; 0 when it is gone or can't be known.

    With the boot id and the pid it names a process for good: pids are used again, this is not.
    """
    try:
        with open(f"/proc/{pid}/stat", "rb") as f:
            fields = f.read().rpartition(b")")[2].split()
    except OSError:
        return 0
    state = fields[0]
    return 0 if state in (b"Z", b"X") else int(fields[19])


def is_alive(boot: str, pid: int, start: int, machine: str = "", host: str = "") -> bool | None:
    """Whether that very process runs now; None when this host can't tell: it is of another one.

    Where ``machine`` and ``host`` say that it was of this one, none of another boot lives on.
    """
    if not boot or not boot_id():
        return None
    if boot != boot_id():
        # Containers of one image share the machine's id, so that alone does not tell.
        here = machine == machine_id() and host == os.uname().nodename
        return False if here else None
    if start:
        return process_start(pid) == start
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
