"""A session for ``whence.run()`` in a program that was not launched by ``whence run``.

The first run of the process opens the session and starts the companion; later ones go on in it.
Nothing is watched, unless asked for: what a plain ``python script.py`` records is what it declares,
so that adding one ``with whence.run():`` changes nothing else in the program. The code that runs is
recorded by digest all the same.
"""

from __future__ import annotations

import atexit
import importlib
import os
import sys
from pathlib import Path
from typing import Any

from whence._base.clock import process_start, wall_ns
from whence._base.errors import UsageError, WhenceError
from whence.capture import session as sessions
from whence.capture.file.rules import rules_for
from whence.capture.file.tracker import FileTracker
from whence.capture.guard import failures, guarded
from whence.capture.launch.companion_start import pidfd_of, start_companion
from whence.capture.launch.handover import Handover
from whence.capture.masked import masked_text, use_patterns
from whence.capture.process.children import follow_forks
from whence.capture.process.program import process_name
from whence.capture.process.start import Process, warn
from whence.capture.recorder import Recorder
from whence.capture.session import Session
from whence.capture.settings import load_settings
from whence.journal.home import (
    complete_store,
    is_remote,
    named_remote,
    named_store,
    store_to_record,
)
from whence.model.event import RelationRecorded
from whence.model.relation import Known, Relation

_FILES = "whence.observers.files:FilesObserver"


class Outset:
    """A session that was begun here, and what it still has to do at the end of the process."""

    def __init__(self, session: Session, pid: int) -> None:
        self.session, self.pid = session, pid
        self._code: dict[str, bytes | None] = {}
        self._recorded: dict[bytes, set[bytes]] = {}
        self._observer: Any = None
        self._observed = 0

    def is_main(self) -> bool:
        """Whether this is the process that began the session, not a forked child."""
        return os.getpid() == self.pid

    def record_code(self, run: bytes) -> None:
        """Record what code the outermost ``run`` runs: the script and the user's own modules.

        The rest of what it runs in is the companion's: for the first run of the process when it has
        found it out, for later ones in the end.
        """
        seen = self._recorded.setdefault(run, set())
        for opening in self._code_openings():
            if opening not in seen:
                seen.add(opening)
                event = RelationRecorded(
                    run, Relation.USED, opening, Known.OBSERVED, wall_ns(), "code"
                )
                self.session.recorder.record(event)

    def forget(self, run: bytes) -> None:
        """The run is over: nothing more is recorded of what it ran."""
        self._recorded.pop(run, None)

    def _code_openings(self) -> list[bytes]:
        """The script and the user's own modules, those that are loaded by now."""
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and path.endswith(".py") and path not in self._code:
                place = os.path.abspath(path)
                if self.session.files.rules.leaves_out(place):
                    self._code[path] = None
                else:
                    self.session.code_used(place)
                    self._code[path] = self.session.files.opening_of(place, "r")
        return [opening for opening in self._code.values() if opening is not None]

    def observe(self) -> None:
        """Watch files from now on; calls nest."""
        self._observed += 1
        if self._observed == 1:
            with guarded("observer-failed", "files"):
                place, _, name = _FILES.partition(":")
                self._observer = getattr(importlib.import_module(place), name)()
                self._observer.attach(sys.modules["io"], self.session)

    def observe_no_more(self) -> None:
        self._observed -= 1
        if self._observed == 0 and self._observer is not None:
            with guarded("observer-failed", "files"):
                observer, self._observer = self._observer, None
                observer.detach()

    def close(self) -> None:
        """Say what failed; nothing is recorded any more."""
        if not self.is_main():
            return
        session = self.session
        session.has_ended = True
        for (code, detail), count in list(failures.items()):
            told = masked_text(detail)[:500]
            session.recorder.count_gap(code, session.run, count=count, detail=told)
        failures.clear()
        sessions.activate(None)
        session.recorder.stop()


_outset: Outset | None = None


def outset() -> Outset | None:
    """The session that was begun here, if there is one and it is the active one."""
    return _outset if _outset is not None and sessions.active() is _outset.session else None


def session_for(store: str | None, run: bytes) -> Session | None:
    """The session of this process, begun with ``run`` when there is none.

    Gives None, after one warning, when nothing can be recorded. Raises UsageError when another
    store is asked for than the one that is recorded into, and for wrong settings.
    """
    session = sessions.active()
    if session is not None:
        is_folder = store is not None and not is_remote(store)
        if is_folder and _named(store or "") != os.path.realpath(session.store):
            raise UsageError(
                f"This process records into {session.store} already; it can't record into {store}"
            )
        return session
    try:
        return _begin(store, run)
    except UsageError:
        raise
    except (OSError, WhenceError) as error:
        warn(f"whence: recording could not start ({error}); your program runs unrecorded")
        return None


def _begin(named: str | None, run: bytes) -> Session:
    global _outset
    remote = named_remote(named)
    store = _store(None if is_remote(named) else named)
    settings = load_settings(Path(store))
    use_patterns(settings.patterns)
    complete_store(store)
    describe = Process(store, run, run)
    session = Session(store, run, run, Recorder(Path(store), run, describe, warn))
    session.describe = describe
    root = os.path.dirname(store)
    session.files = FileTracker(session, rules_for(store, root, settings.include, settings.exclude))
    _outset = Outset(session, os.getpid())
    sessions.activate(session)
    atexit.register(_outset.close)
    follow_forks(f"{process_name()} (fork)", lambda process: None)
    with guarded("companion-lost", "the start of the companion"):
        _start_companion(Handover(store, run.hex(), pid=os.getpid(), remote=remote))
    return session


def _store(named: str | None) -> str:
    if named is not None:
        return _named(named)
    store, passed_over = store_to_record()
    if passed_over is not None:
        warn(f"whence: {passed_over}\nwhence: recording into {store} instead")
    return store


def _named(store: str) -> str:
    return os.path.realpath(named_store(store) or store)


def _start_companion(handover: Handover) -> None:
    process = pidfd_of(handover.pid)
    try:
        start_companion(handover, process_start(handover.pid), process, -1, False)
    finally:
        if process >= 0:
            os.close(process)
