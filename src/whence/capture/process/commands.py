"""Commands that the program starts: recorded as activities, with arguments and exit status.

Python children join the run by themselves and are not recorded here; ones that can't be reached
leave a gap. ``subprocess.Popen`` is watched at the two methods that every start and every end pass
through, so nothing of its interface changes; asyncio, which waits for its processes itself, where
it is told of their end; ``os.system`` and ``os.posix_spawn`` by functions in their place.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any
from weakref import WeakKeyDictionary

from whence._base.clock import mono_ns, wall_ns
from whence._base.text import plain
from whence.capture import session as sessions
from whence.capture.guard import guarded
from whence.capture.launch.handover import VARIABLE, Handover
from whence.capture.masked import masked
from whence.capture.process.ending import Ending, of_exit_code
from whence.capture.process.taken import cut_our_frame, taken_for
from whence.model import kind as kinds
from whence.model.event import ActivityEnded, ActivityStarted
from whence.model.status import INTERRUPTED
from whence.model.value import typed

_PACKAGES = "site-packages"
_GATE = "whence.pth"
_ENVIRONMENT, _SHELL = 4, 7
"""Positions among the arguments of ``Popen._execute_child`` after the executable."""

_starting: set[int] = set()
"""Threads that are inside a start of ``Popen``, which may call ``os.posix_spawn`` itself."""


_running: WeakKeyDictionary[Any, bytes] = WeakKeyDictionary()
"""The activities of the commands that run, by their ``Popen``."""

_watched: set[str] = set()
"""What is watched already: it stays so, and tells nobody while nothing is recorded."""


def watch_os_commands() -> None:
    """Watch ``os.system`` and ``os.posix_spawn*`` from now on."""
    if "os" in _watched:
        return
    _watched.add("os")
    setattr(os, "system", _system(os.system))  # noqa: B010 - its type is that very function's
    for name in ("posix_spawn", "posix_spawnp"):
        if hasattr(os, name):
            setattr(os, name, _spawning(getattr(os, name)))


def watch_popen(module: ModuleType) -> None:
    """Watch ``subprocess.Popen`` from now on; ``module`` is ``subprocess``."""
    if "subprocess" in _watched:
        return
    _watched.add("subprocess")
    popen = module.Popen
    start, end = popen._execute_child, popen._handle_exitstatus

    def _execute_child(self: Any, args: Any, executable: Any, *rest: Any, **named: Any) -> None:
        hand_over()
        _starting.add(get_ident())
        try:
            start(self, args, executable, *rest, **named)
        except BaseException as error:
            cut_our_frame(error)
            raise
        finally:
            _starting.discard(get_ident())
        with guarded("observer-failed", "subprocess"):
            words, shell = (
                _words(args),
                bool(rest[_SHELL] if len(rest) > _SHELL else named.get("shell")),
            )
            environment = rest[_ENVIRONMENT] if len(rest) > _ENVIRONMENT else named.get("env")
            if shell:
                words = ["sh", "-c", *words]
            activity = command_started(words, executable, environment, self.pid)
            if activity is not None:
                _running[self] = activity

    def _handle_exitstatus(self: Any, *args: Any, **named: Any) -> None:
        end(self, *args, **named)
        with guarded("observer-failed", "subprocess"):
            _popen_ended(self, self.returncode)

    popen._execute_child, popen._handle_exitstatus = _execute_child, _handle_exitstatus


def watch_asyncio(module: ModuleType) -> None:
    """Watch the processes of asyncio too; ``module`` is ``asyncio.base_subprocess``."""
    if "asyncio" in _watched:
        return
    _watched.add("asyncio")
    transport = module.BaseSubprocessTransport
    exited = transport._process_exited

    def _process_exited(self: Any, returncode: int) -> None:
        with guarded("observer-failed", "asyncio"):
            _popen_ended(self._proc, returncode)
        exited(self, returncode)

    transport._process_exited = _process_exited


def _popen_ended(popen: Any, returncode: int | None) -> None:
    activity = _running.pop(popen, None)
    if activity is not None and returncode is not None:
        command_ended(activity, returncode)


def hand_over() -> None:
    """Make children that start now part of the innermost activity."""
    session = sessions.active()
    text = os.environ.get(VARIABLE)
    if session is None or text is None:
        return
    with guarded("child-unreached", "the handover to a child"):
        current = Handover.decode(text).for_children(session.activity()).encode()
        if current != text:
            os.environ[VARIABLE] = current


def command_started(
    words: list[str], executable: Any, environment: Mapping[Any, Any] | None, pid: int
) -> bytes | None:
    """Record that a command began; its activity's id, or None when it records itself."""
    session = sessions.active()
    if session is None or not words:
        return None
    program = os.fsdecode(executable) if executable else words[0]
    is_python = os.path.basename(program).startswith("python")
    if is_python and _joins(program, words, environment):
        return None
    activity = session.recorder.new_id()
    words = masked([plain(word) for word in words])
    attributes = {"command": words, "pid": pid}
    session.recorder.record(
        ActivityStarted(
            activity,
            kinds.COMMAND,
            os.path.basename(words[0]) or words[0],
            session.activity(),
            wall_ns(),
            mono_ns(),
            {key: typed(value) for key, value in attributes.items()},
        )
    )
    if is_python:
        session.recorder.count_gap("child-unreached", activity, activity, detail=program)
    return activity


def command_ended(activity: bytes, returncode: int) -> None:
    """Record how a command ended; a negative code is the signal that killed it."""
    session = sessions.active()
    if session is None:
        return
    if returncode < 0:
        ending = Ending(INTERRUPTED, {"signal": -returncode})
    else:
        ending = of_exit_code(returncode)
    session.recorder.record(
        ActivityEnded(activity, ending.status, wall_ns(), mono_ns(), ending.attributes)
    )


def _joins(program: str, words: list[str], environment: Mapping[Any, Any] | None) -> bool:
    """Whether a Python process joins the run by itself: it is told to, and finds Whence."""
    if environment is not None and not ({VARIABLE, VARIABLE.encode()} & set(environment)):
        return False
    for word in words[1:]:
        if not word.startswith("-") or word.startswith(("-c", "-m")):
            break
        if "S" in word and not word.startswith(("-W", "-X", "--")):
            return False
    return _is_ours(program)


def _is_ours(program: str) -> bool:
    """Whether that interpreter loads Whence's gate: ours does, another where it is installed."""
    path = _found(program)
    if path is None:
        return False
    folder = os.path.dirname(path)
    if folder == os.path.dirname(sys.executable):
        return True
    libraries = os.path.join(os.path.dirname(folder), "lib")
    try:
        versions = os.listdir(libraries)
    except OSError:
        return False
    return any(
        os.path.exists(os.path.join(libraries, version, _PACKAGES, _GATE)) for version in versions
    )


def _found(program: str) -> str | None:
    if os.sep in program:
        return os.path.abspath(program)
    for folder in os.get_exec_path():
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK):
            return path
    return None


def _words(args: Any) -> list[str]:
    if isinstance(args, str | bytes | os.PathLike):
        return [os.fsdecode(args)]
    return [os.fsdecode(word) for word in args]


def _system(original: Callable[[Any], int]) -> Callable[[Any], int]:
    def system(command: Any) -> int:
        activity: bytes | None = None
        hand_over()
        with guarded("observer-failed", "os.system"):
            activity = command_started(["sh", "-c", os.fsdecode(command)], None, None, 0)
        try:
            status = original(command)
        except BaseException as error:
            cut_our_frame(error)
            raise
        with guarded("observer-failed", "os.system"):
            if activity is not None:
                command_ended(activity, os.waitstatus_to_exitcode(status))
        return status

    return taken_for(original, system)


def _spawning(original: Callable[..., int]) -> Callable[..., int]:
    def posix_spawn(path: Any, argv: Any, env: Any, *rest: Any, **named: Any) -> int:
        hand_over()
        try:
            pid = original(path, argv, env, *rest, **named)
        except BaseException as error:
            cut_our_frame(error)
            raise
        if get_ident() in _starting:
            return pid
        with guarded("observer-failed", "os.posix_spawn"):
            command_started(_words(argv), path, env, pid)
        return pid

    return taken_for(original, posix_spawn)
