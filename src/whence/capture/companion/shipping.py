"""Sending the store to a server while the run goes on, in one thread of the companion.

The user's process knows nothing of it. A server that is away, slow or full is tried again, later
and later; what it did not get by the end is left to the next run's companion, or `whence push`.
"""

from __future__ import annotations

import os
import random
import sys
import time
from fcntl import LOCK_EX, LOCK_NB, flock
from threading import Event, Thread

from whence._base.errors import UnreachableError, WhenceError
from whence._base.private import opener
from whence.capture.file.filesystem import is_network
from whence.capture.launch.handover import Handover
from whence.journal.remote import Remote, remote_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from whence.journal.ship import Shipper

TICK_S, BUSY_S = 1.0, 0.25
MANY = 256 << 10
"""Bytes in one batch from which on the next is looked for sooner."""
PATIENCE_S = 10.0
"""How long the server has for the rest, after the program and the companion's work are over."""
_HURRY_S = 1.0
_LONGEST_S = 60.0


class Shipping:
    """Sends the store of a run to ``remote``, unless another companion of the store does."""

    def __init__(self, store: str, remote: Remote, run: bytes) -> None:
        self._store, self._remote, self._run_id = store, remote, run
        self._ending = Event()
        self._patience_s = PATIENCE_S
        self._told = ""
        self._thread = Thread(target=self._run, name="shipping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def hurry(self) -> None:
        """Give the server little time at the end."""
        self._patience_s = _HURRY_S

    def finish(self) -> None:
        """Send what is left; what has not arrived in time is left to others."""
        self._ending.set()
        self._thread.join(self._patience_s)

    def _run(self) -> None:
        self._ending.wait(TICK_S)  # the program comes first; a short one is over by then
        lock = self._turn()
        from whence.journal.ship import Shipper  # it loads the HTTP client

        shared = is_network(self._store)
        shipper = Shipper(self._store, self._remote, self._run_id, shared=shared)
        try:
            self._send(shipper)
        finally:
            shipper.close()
            if lock >= 0:
                os.close(lock)

    def _turn(self) -> int:
        """Wait until nobody else sends this store there; the descriptor that holds the lock.

        -1 where there can be no lock: two that send do no harm.
        """
        from whence.journal.ship_state import lock_path

        fd = -1
        try:
            fd = opener(lock_path(self._store, self._remote.url), os.O_RDWR | os.O_CREAT)
            while not _taken(fd):
                time.sleep(BUSY_S if self._ending.is_set() else TICK_S)
        except OSError:
            return fd
        return fd

    def _send(self, shipper: Shipper) -> None:
        failures = 0
        while True:
            is_last = self._ending.is_set()
            try:
                sent = shipper.step()
            except UnreachableError as error:
                failures += 1
                wait_s = _back_off(failures) if error.retry_s is None else error.retry_s
                self._tell(str(error))
            except (WhenceError, OSError) as error:
                failures, wait_s = failures + 1, _LONGEST_S
                self._tell(str(error))
                if is_last:
                    return
            else:
                failures, self._told = 0, ""
                if is_last and not sent.has_more:
                    return
                wait_s = 0.0 if sent.has_more else BUSY_S if sent.bytes >= MANY else TICK_S
            if self._ending.is_set():
                time.sleep(min(wait_s, BUSY_S) if not is_last or not failures else TICK_S)
            else:
                self._ending.wait(wait_s)

    def _tell(self, what: str) -> None:
        """Say it in the companion's log, once until something else is to be said."""
        if what != self._told:
            self._told = what
            sys.stderr.write(f"whence: {what}\n")
            sys.stderr.flush()


def begin_shipping(handover: Handover) -> Shipping | None:
    """Begin to send the store where it is to be sent; None where that is nowhere."""
    try:
        remote = remote_of(handover.store, handover.remote)
    except WhenceError as error:
        sys.stderr.write(f"whence: the store is sent nowhere: {error}\n")
        return None
    if remote is None:
        return None
    shipping = Shipping(handover.store, remote, bytes.fromhex(handover.run))
    shipping.start()
    return shipping


def _taken(fd: int) -> bool:
    try:
        flock(fd, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _back_off(failures: int) -> float:
    """Longer each time, up to a minute, and never all clients at the same moment."""
    return min(TICK_S * 2.0 ** min(failures - 1, 10), _LONGEST_S) * random.uniform(0.5, 1.0)
