"""Starting the companion so that the user's program can't tell: no child, no terminal, no output.

It is forked twice, so its parent is not the program: ``os.wait()`` and SIGCHLD never see it; it
leads a session of its own, so a terminal that goes does not end it.
"""

from __future__ import annotations

import os
import sys
from fcntl import LOCK_EX, LOCK_NB, flock

from whence._base.clock import process_start
from whence.capture.handover import VARIABLE, Handover
from whence.journal.home import cache_path

LOG = "companion.log"
_NICENESS = 10
"""The program comes first where processors are short."""
_PATH = "import sys; sys.path[:] = sys.argv.pop(1).split(chr(0x1f)); "
_COMPANION = "from whence.capture.companion import main; main(sys.argv[1:])"


def start_companion(handover: Handover, started: int, process: int, link: int, skips: bool) -> None:
    """Start the companion of a run whose first process began at ``started`` ticks.

    ``link`` is the companion's end of the socket and ``process`` a pidfd of that process, -1 where
    there is none; ``skips``: the first process does not join by itself. Nothing happens when the
    run has a companion. Raises OSError when no process can be made.
    """
    lock = take_lock(handover)
    if lock is None:
        return
    numbers = [str(number) for number in (started, process, link, lock, int(skips))]
    command = python_command(_COMPANION, [handover.encode(), *numbers])
    middle = os.fork()
    if middle == 0:
        _become_companion(command, cache_path(handover.store, LOG), {process, link, lock})
    os.close(lock)
    os.waitpid(middle, 0)


def ensure_companion(handover: Handover) -> None:
    """Start a companion for this process if the run has none any more.

    It was killed, or had ended when the program left this process behind. Raises OSError.
    """
    pid = os.getpid()
    late = Handover(handover.store, handover.run, handover.part_of or handover.run, pid=pid)
    start_companion(late, process_start(pid), -1, -1, False)


def take_lock(handover: Handover) -> int | None:
    """A descriptor that holds the lock of the run's companion; None when somebody holds it.

    The lock is handed on with the descriptor, and goes when the last copy is closed.
    """
    path = lock_path(handover.store, handover.run)
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        flock(fd, LOCK_EX | LOCK_NB)
    except OSError:
        os.close(fd)
        return None
    return fd


def lock_path(store: str, run: str) -> str:
    """The file whose lock says that the companion of ``run`` lives."""
    return cache_path(store, f"companion-{run}.lock")


def python_command(code: str, arguments: list[str]) -> list[str]:
    """The command that runs ``code`` of ours, finding modules as this process does.

    It heeds no variable of the user's environment and never imports from the working folder.
    """
    path = "\x1f".join(_search_path())
    return [sys.executable, "-I", "-c", f"{_PATH}{code}", path, *arguments]


def _become_companion(command: list[str], log: str, kept: set[int]) -> None:
    """In the first child: fork again and let the second become the companion. Never returns."""
    try:
        os.setsid()
        if os.fork() == 0:
            _detach(log, kept)
            os.nice(_NICENESS)
            environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
            os.execve(command[0], command, environment)
    finally:
        os._exit(0)


def _detach(log: str, kept: set[int]) -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    try:
        sink = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    except OSError:
        sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    os.dup2(sink, 2)
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        fd = int(name)
        if fd in kept:
            os.set_inheritable(fd, True)
        elif fd > 2:
            _close(fd)


def _close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        return


def _search_path() -> list[str]:
    """Where the companion finds modules: as this process does, but never in the working folder."""
    ours = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    rest = [path for path in sys.path[1:] if path and path != ours]
    return [ours, *rest]
