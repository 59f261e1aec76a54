"""The launch: ``whence run`` starts the companion and becomes the interpreter the user asked for.

It ends in ``exec`` of the same interpreter, so the program has the pid, terminal, standard input,
signals and exit code that it would have under ``python``. Only the standard library, and little of
that, is loaded here: what this costs comes on top of the user's program.
"""

from __future__ import annotations

import os
import sys

from whence._base.clock import process_start
from whence._base.errors import StoreForbiddenError, UsageError, WhenceError
from whence._base.ids import uuid7
from whence.capture.launch.companion_start import pidfd_of, start_companion
from whence.capture.launch.handover import VARIABLE, Handover
from whence.capture.launch.observer_list import observers_here, without
from whence.capture.launch.request import Request, parse_request
from whence.journal.home import complete_store, is_remote, named_remote, store_to_record

_WRONG_USE = 2
_LOWEST_LINK = 900


def launch(arguments: list[str]) -> int | None:
    """Become the recorded program; returns only when the request is wrong, with the exit code.

    Gives None for a notebook, which is not run in this way. When recording can't be prepared, the
    program runs all the same, after one line on stderr.
    """
    try:
        request = parse_request(arguments)
        if request.kind == "notebook":
            return None
        handover = _prepared(request)
    except UsageError as error:
        sys.stderr.write(f"whence: {error}\n")
        return _WRONG_USE
    if handover is None:
        os.environ.pop(VARIABLE, None)
    else:
        os.environ[VARIABLE] = handover.encode()
    return _become_program(request)


def _become_program(request: Request) -> int:
    command = [sys.executable, *request.flags, *request.program]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, command)


def _prepared(request: Request) -> Handover | None:
    """The handover to the program, its companion started; None when it can't be recorded."""
    try:
        store = store_for(request.store)
        handover = Handover(
            store,
            uuid7().hex(),
            pid=os.getpid(),
            observers=observers_for(store),
            name=request.name or default_name(request),
            experiment=request.experiment,
            tags=tuple(request.tags),
            remote=named_remote(request.store),
        )
        handover.link = companion_for(handover, request.skips_site)
    except UsageError:
        raise
    except (OSError, WhenceError) as error:
        sys.stderr.write(f"whence: the program runs unrecorded: {error}\n")
        return None
    return handover


def store_for(named: str | None) -> str:
    """The store to record into, made when there is none.

    Raises OSError and the errors of a store.
    """
    store, passed_over = store_to_record(None if is_remote(named) else named)
    if passed_over is not None:
        sys.stderr.write(f"whence: {passed_over}\nwhence: recording into {store} instead\n")
    complete_store(store)
    journal = os.path.join(store, "journal", "open")
    if not os.access(journal, os.W_OK | os.X_OK):
        raise StoreForbiddenError(
            f"{journal} can't be written. Name another store: --store PATH, or WHENCE_HOME"
        )
    return store


def observers_for(store: str) -> str:
    """The observers that the settings leave on. Raises UsageError when the settings are wrong."""
    observers = observers_here(store)
    if not os.path.exists(os.path.join(store, "config.toml")):
        return observers
    from pathlib import Path

    from whence.capture.settings import load_settings

    return without(observers, load_settings(Path(store)).off)


def companion_for(handover: Handover, skips_site: bool) -> int:
    """Start the companion; the descriptor of the program's end of the socket to it."""
    import _socket
    import fcntl

    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    link = fcntl.fcntl(ours.fileno(), fcntl.F_DUPFD, _LOWEST_LINK)
    process = pidfd_of(handover.pid)
    started = process_start(handover.pid)
    start_companion(handover, started, process, theirs.fileno(), skips_site)
    if process >= 0:
        os.close(process)
    return link


def default_name(request: Request) -> str:
    """What a run is called when the user does not say: the script's or module's name."""
    if request.kind == "script":
        return os.path.basename(request.program[0].rstrip("/")) or request.program[0]
    return request.program[1] if request.kind == "module" else request.program[0]
