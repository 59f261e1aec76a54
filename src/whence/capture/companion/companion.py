"""The companion: one process for a run and host that does what must not burden the program.

It follows the run's segments as they grow, brings them to the disk, hashes the files they name,
records the environment, notices the death of processes, and at the end seals the segments and has
them folded. Its own death harms nothing: the journal stands, and readers see what is missing.
"""

from __future__ import annotations

import os
import select
import signal
import socket
import time
from threading import Thread

from whence._base.private import replace
from whence.capture.companion.environment_task import share_with, start_environment
from whence.capture.companion.follower import Follower
from whence.capture.companion.sealing import fold, seal_all
from whence.capture.companion.shipping import Shipping, begin_shipping
from whence.capture.companion.touched import Touched
from whence.capture.companion.witness import WatchedProcess
from whence.capture.guard import guarded
from whence.capture.launch.companion_start import close_others, lock_path, take_lock
from whence.capture.launch.handover import Handover
from whence.journal.home import cache_path

_QUICK_S, _SLOW_S = 0.02, 0.25
_SYNC_S = 1.0
_GRACE_S = 0.3
_PATIENCE_S = 60.0


class Companion:
    """Looks after one run until all of its processes are gone."""

    def __init__(
        self,
        follower: Follower,
        link: socket.socket | None,
        touched: Touched,
        environment: Thread | None,
        shipping: Shipping | None = None,
    ) -> None:
        """``environment`` is at work while git reads files of the project."""
        self.follower, self._link, self._shipping = follower, link, shipping
        self._touched, self._environment = touched, environment
        self._is_awaited = False
        self._poll = select.poll()
        self._watched: set[int] = set()
        self._synced_at = time.monotonic()
        self._idle_s = _QUICK_S
        if link is not None:
            self._poll.register(link.fileno(), select.POLLIN)
        if touched.fd >= 0:
            self._poll.register(touched.fd, select.POLLIN)

    def run(self) -> None:
        """Work until the run is over and everything that can be hashed is."""
        ended_at: float | None = None
        while True:
            self._wait()
            if self.follower.look():
                self._idle_s = _QUICK_S
            self.follower.hasher.step()
            self._answer()
            self._sync_now_and_then()
            if not self.follower.all_gone():
                ended_at = None
            elif ended_at is None:
                ended_at = time.monotonic()
            elif self._is_done(time.monotonic() - ended_at):
                break
        self.follower.hasher.finish()

    def hurry(self) -> None:
        """Do only what is quick from now on."""
        self.follower.hasher.hurry()
        if self._shipping is not None:
            self._shipping.hurry()

    def _is_done(self, since_s: float) -> bool:
        hasher = self.follower.hasher
        if self.follower.words and since_s < _PATIENCE_S:
            return False
        return since_s >= _GRACE_S and not hasher.small_left and not hasher.large_left[0]

    def _wait(self) -> None:
        """Sleep until something may have happened; longer and longer while nothing does."""
        for fd in self.follower.pidfds() - self._watched:
            self._poll.register(fd, select.POLLIN)
            self._watched.add(fd)
        rest_s = self.follower.hasher.rest_s()
        sleep_s = self._idle_s if rest_s is None else min(rest_s, self._idle_s)
        self._idle_s = min(self._idle_s * 1.3, _SLOW_S)
        ready = {fd for fd, _ in self._poll.poll(sleep_s * 1000)}
        if self._touched.fd in ready:
            ready.discard(self._touched.fd)
            self._take_in_touched()
        for fd in ready:
            if self._link is not None and fd == self._link.fileno():
                self._receive(self._link)
            else:
                self._poll.unregister(fd)
                self._idle_s = _QUICK_S
                if fd == self.follower.main.fd:
                    self._end_touched()

    def _take_in_touched(self) -> None:
        is_git_at_work = self._environment is not None and self._environment.is_alive()
        with guarded("observer-failed", "touched files"):
            self._touched.take_in(is_git_at_work)

    def _end_touched(self) -> None:
        """The program is over: what is touched from now on is no matter of its run."""
        if self._touched.fd >= 0:
            self._take_in_touched()
            self._poll.unregister(self._touched.fd)
            self._touched.close()

    def _receive(self, link: socket.socket) -> None:
        try:
            message = link.recv(1 << 17)
        except OSError:
            message = b""
        if message.startswith(b"E"):
            self.follower.take_word(message[1:])
        elif message.startswith(b"F"):
            self._is_awaited = True
            self._end_touched()
        else:
            self._poll.unregister(link.fileno())
            link.close()
            self._link, self._is_awaited = None, False
        self._idle_s = _QUICK_S

    def _answer(self) -> None:
        """Tell the program, if it waits, that the small files are done."""
        if not self._is_awaited or self._link is None:
            return
        hasher = self.follower.hasher
        if hasher.small_left:
            self._idle_s = _QUICK_S
            return
        count, size = hasher.large_left
        self._is_awaited = False
        try:
            self._link.send(f"P{count} {size}".encode() if count else b"D", socket.MSG_NOSIGNAL)
        except OSError:
            return

    def _sync_now_and_then(self) -> None:
        now = time.monotonic()
        if now - self._synced_at >= _SYNC_S:
            self._synced_at = now
            self.follower.sync()


def main(arguments: list[str]) -> None:
    """Be the companion: ``arguments`` are those that ``companion_start`` gives."""
    handover = Handover.decode(arguments[0])
    started, process, link_fd, lock, skips = (int(word) for word in arguments[1:])
    close_others({process, link_fd, lock})
    if lock < 0 and take_lock(handover) is None:
        return
    for number in (signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    link = socket.socket(fileno=link_fd) if link_fd >= 0 else None
    follower = Follower(handover, _first(handover.pid, started, process), not skips)
    touched = Touched(handover.store)
    environment = None if handover.part_of else start_environment(follower.session)
    shipping = begin_shipping(handover)
    companion = Companion(follower, link, touched, environment, shipping)
    signal.signal(signal.SIGTERM, lambda *_: companion.hurry())
    companion.run()
    if environment is not None:
        environment.join(_PATIENCE_S)
    follower.look()
    share_with(follower.session, follower.later_runs)
    if not follower.has_company:
        touched.tell(follower.recorder, follower.run, follower.explained)
    follower.close()
    seal_all(handover)
    note_cost(handover)
    os.unlink(lock_path(handover.store, handover.run))
    if shipping is not None:
        shipping.finish()
    fold(handover.store)


def _first(pid: int, started: int, fd: int) -> WatchedProcess:
    """The first process of the run, by the pidfd that the launch gave where it did."""
    return WatchedProcess(pid, started, fd if fd >= 0 else None)


def note_cost(handover: Handover) -> None:
    """Leave a note of the CPU time that this companion used: ``cache/companion.json``."""
    times = os.times()
    text = f'{{"run": "{handover.run}", "cpu_s": {times.user + times.system:.3f}}}\n'
    replace(cache_path(handover.store, "companion.json"), text.encode())
