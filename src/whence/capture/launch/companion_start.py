"""Starting the companion so that the user's program can't tell: no child, no terminal, no output.

A shell starts it in the background and ends at once, so its parent is not the program and
``os.wait()`` never gives it. Its session has no terminal, so one that goes does not end it. The
program itself is never forked: it may have threads, and much memory.
"""

from __future__ import annotations

import os
import sys
from fcntl import LOCK_EX, LOCK_NB, flock
from os import posix_spawn, waitpid
from signal import SIGCHLD, SIGPIPE, SIGTERM

from whence._base.clock import process_start
from whence._base.private import opener
from whence.capture.launch.handover import VARIABLE, Handover
from whence.journal.home import cache_path

Action = tuple[int, int, int] | tuple[int, int, str, int, int]

LOG = "companion.log"
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW
_NICENESS = 10
"""The program comes first where processors are short."""
_SHELL = ["/bin/sh", "-c", '"$@" &', "sh"]
_NO_SHELL = [
    sys.executable, "-I", "-S", "-c",
    "import os, sys; os.fork() or os.execv(sys.argv[1], sys.argv[1:])",
]  # fmt: skip
_PATH = "import sys; sys.path[:] = sys.argv.pop(1).split(chr(0x1f)); "
_COMPANION = (
    f"import os; os.nice({_NICENESS}); "
    "from whence.capture.companion.companion import main; main(sys.argv[1:])"
)


def start_companion(handover: Handover, started: int, process: int, link: int, skips: bool) -> None:
    """Start the companion of a run whose first process began at ``started`` ticks.

    ``link`` is the companion's end of the socket and ``process`` a pidfd of that process, -1 where
    there is none; ``skips``: the first process does not join by itself. Nothing happens when the
    run has a companion. Raises OSError when no process can be made.
    """
    lock = take_lock(handover)
    if lock is None:
        return
    try:
        (process, link, handed_lock), actions = _handed(process, link, lock)
        numbers = [str(number) for number in (started, process, link, handed_lock, int(skips))]
        command = python_command(_COMPANION, [handover.encode(), *numbers])
        _start_apart(command, cache_path(handover.store, LOG), actions)
    finally:
        os.close(lock)


def ensure_companion(handover: Handover) -> None:
    """Start a companion for this process if the run has none any more.

    It was killed, or had ended when the program left this process behind. Raises OSError.
    """
    pid = os.getpid()
    late = Handover(
        handover.store, handover.run, handover.part_of or handover.run, pid=pid,
        remote=handover.remote,
    )  # fmt: skip
    start_companion(late, process_start(pid), -1, -1, False)


def take_lock(handover: Handover) -> int | None:
    """A descriptor that holds the lock of the run's companion; None when somebody holds it.

    The lock is handed on with the descriptor, and goes when the last copy is closed. Where a file
    system has no locks (some network mounts) nobody holds one: two companions would say the same.
    """
    path = lock_path(handover.store, handover.run)
    fd = opener(path, os.O_RDWR | os.O_CREAT)
    try:
        flock(fd, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    except OSError:
        pass
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


def close_others(kept: set[int]) -> None:
    """Close what was inherited besides ``kept`` and the standard ones; the companion begins so."""
    for name in os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else ():
        fd = int(name)
        if fd > 2 and fd not in kept:
            _close(fd)


def pidfd_of(pid: int) -> int:
    """A pidfd of a process, so that the companion learns its exit code even if it comes late."""
    try:
        return os.pidfd_open(pid)
    except (AttributeError, OSError):
        return -1


def _handed(*fds: int) -> tuple[list[int], list[Action]]:
    """The numbers that descriptors have in the companion, and what gives them; -1 is none."""
    free = iter(sorted(set(range(3, 3 + 2 * len(fds))) - set(fds)))
    numbers = [next(free) if fd >= 0 else -1 for fd in fds]
    pairs = zip(fds, numbers, strict=True)
    return numbers, [(os.POSIX_SPAWN_DUP2, fd, number) for fd, number in pairs if fd >= 0]


def _start_apart(command: list[str], log: str, actions: list[Action]) -> None:
    """Start a process in a session apart that is nobody's child. Raises OSError."""
    environment = {k: v for k, v in os.environ.items() if k != VARIABLE}
    files: list[Action] = [
        *actions,
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, _writable(log), _APPEND, 0o600),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    starter = _SHELL if os.access(_SHELL[0], os.X_OK) else _NO_SHELL
    middle = posix_spawn(
        starter[0], [*starter, *command], environment,
        file_actions=files, setsid=True, setsigmask=(), setsigdef=(SIGCHLD, SIGPIPE, SIGTERM),
    )  # fmt: skip
    try:
        waitpid(middle, 0)
    except ChildProcessError:
        return  # another thread of the program waits for any child, or it ignores SIGCHLD


def _writable(log: str) -> str:
    """The log, or nowhere where it can't be written or a link would lead elsewhere."""
    place = log if os.path.exists(log) else os.path.dirname(log)
    return log if os.access(place, os.W_OK) and not os.path.islink(log) else os.devnull


def _close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        return


def _search_path() -> list[str]:
    """Where the companion finds modules: as this process does, but never in the working folder."""
    ours = os.path.dirname(
        os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    )
    rest = [path for path in sys.path[1:] if path and path != ours]
    return [ours, *rest]
