"""Joining a run: what a Python process does at its start when ``WHENCE_RUN`` tells it to."""

from __future__ import annotations

import atexit
import importlib
import os
import sys
from collections.abc import MutableMapping
from functools import partial
from types import ModuleType
from typing import Any

from whence._base.clock import wall_ns
from whence._base.ids import uuid7
from whence._base.tested import is_tested
from whence._base.text import plain
from whence.capture import session as sessions
from whence.capture.declared.grouping import join_experiment
from whence.capture.file.rules import Rules, rules_for
from whence.capture.file.tracker import FileTracker
from whence.capture.guard import failures, guarded
from whence.capture.launch.companion_start import ensure_companion
from whence.capture.launch.handover import VARIABLE, Handover
from whence.capture.launch.observer_list import parse_observers
from whence.capture.masked import use_patterns
from whence.capture.process.children import follow_forks
from whence.capture.process.commands import watch_asyncio, watch_os_commands, watch_popen
from whence.capture.process.ending import Ending, ending_now, forget_exit
from whence.capture.process.exits import watch_exits
from whence.capture.process.importing import OnLibrary, watch_imports
from whence.capture.process.lines import RanLines
from whence.capture.process.link import PATIENCE_S, Link
from whence.capture.process.program import describe_process, is_helper, process_name, script_path
from whence.capture.process.start import start_session, warn
from whence.capture.session import Session
from whence.model import kind as kinds
from whence.model.event import TagsSet
from whence.model.status import FINISHED

FILES = "whence.observers.files:FilesObserver"


def join(environment: MutableMapping[str, str]) -> None:
    """Record this process from now on, as ``WHENCE_RUN`` in ``environment`` says."""
    handover = Handover.decode(environment[VARIABLE])
    if not is_helper():
        begin(handover, environment)


def begin(
    handover: Handover,
    environment: MutableMapping[str, str],
    attributes: dict[str, object] | None = None,
    *,
    midway: bool = False,
) -> Ender:
    """Record this process from now on; its children find in ``environment`` that they are to.

    ``attributes`` are what is told of its activity besides how it was started. ``midway``: the
    program has run for a while.
    """
    rules = _rules_of(handover)
    is_first = not handover.part_of and handover.pid == os.getpid()
    if not is_first:
        ensure_companion(handover)
    session = _session_of(handover, is_first, {**describe_process(), **(attributes or {})})
    session.is_midway = midway
    environment[VARIABLE] = handover.for_children(session.process).encode()
    sessions.activate(session)
    ender = Ender(session, _link_of(handover) if is_first else None)
    atexit.register(ender.at_exit)
    watch_exits(ender.finish)
    follow_forks(f"{process_name()} (fork)", partial(_in_child, handover, ender))
    _watch(session, handover, rules)
    return ender


def leave_unrecorded() -> None:
    """Say that recording could not start; the program goes on without."""
    reasons = "; ".join(detail for _, detail in failures)
    warn(f"whence: recording could not start ({reasons}); your program runs unrecorded")
    sessions.activate(None)


class Ender:
    """Says how this process ended, once, whichever way it goes."""

    def __init__(self, session: Session, link: Link | None) -> None:
        self.session, self.link = session, link

    def at_exit(self) -> None:
        """The last of the ``atexit`` functions."""
        with guarded("observer-failed", "the end of recording"):
            is_cells = self.session.is_interactive
            self.finish(Ending(FINISHED, {}) if is_cells else ending_now())
        # torch is never unloaded: what it still led to would be kept alive with it, and some
        # libraries complain of that on the terminal.
        self.session.detach()

    def finish(self, ending: Ending) -> None:
        """Record the end; wait a moment for the companion."""
        session = self.session
        if session.has_ended or sessions.active() is not session:
            return
        session.end(ending.status, ending.attributes)
        if self.link is not None:
            patience_s = PATIENCE_S if session.touched_files else 0.0
            self.link.finish(session.recorder.unwritten(), patience_s)


def _session_of(handover: Handover, is_first: bool, attributes: dict[str, object]) -> Session:
    run = bytes.fromhex(handover.run)
    if not is_first:
        parent = bytes.fromhex(handover.part_of or handover.run)
        return start_session(
            handover.store, run, uuid7(), kinds.PROCESS, process_name(), parent, attributes
        )
    name = handover.name or process_name()
    session = start_session(handover.store, run, run, kinds.RUN, name, None, attributes)
    if handover.experiment:
        join_experiment(session, run, handover.experiment)
    if handover.tags:
        tags: dict[str, Any] = {plain(key): plain(value) for key, value in handover.tags}
        session.recorder.record(TagsSet(run, tags, wall_ns()))
    return session


def _link_of(handover: Handover) -> Link | None:
    try:
        return Link(handover.link) if handover.link >= 0 else None
    except OSError:
        return None


def _in_child(handover: Handover, ender: Ender, process: bytes) -> None:
    """In a forked child: forget what is the parent's, hand on the own activity."""
    forget_exit()
    if ender.link is not None:
        ender.link.forget()
        ender.link = None
    os.environ[VARIABLE] = handover.for_children(process).encode()


def _watch(session: Session, handover: Handover, rules: Rules) -> None:
    """Attach what observes: files, the libraries' observers, the user's own modules."""
    session.files = FileTracker(session, rules)
    lines = RanLines(session)
    lines.begin()

    def used(path: str) -> None:
        session.code_used(path)
        lines.expect(path)

    script = script_path()
    if script is not None:
        used(os.path.abspath(script))
    with guarded("observer-failed", "files"):
        files = _load(FILES)()
        files.attach(sys.modules["io"], session)
        session.at_end.append(files.detach)
    libraries: dict[str, OnLibrary] = {
        library: partial(_attach, session, place)
        for library, place in parse_observers(handover.observers).items()
    }
    libraries["subprocess"] = watch_popen
    libraries["asyncio.base_subprocess"] = watch_asyncio
    watch_os_commands()
    watch_imports(libraries, used)


def _rules_of(handover: Handover) -> Rules:
    """The rules of which files are left out; what the store's settings say is heeded from now."""
    store, root = handover.store, os.path.dirname(handover.store)
    if not os.path.exists(os.path.join(store, "config.toml")):
        return rules_for(store, root)
    from pathlib import Path

    from whence.capture.settings import load_settings

    settings = load_settings(Path(store))
    use_patterns(settings.patterns)
    return rules_for(store, root, settings.include, settings.exclude)


def _attach(session: Session, place: str, module: ModuleType) -> None:
    """Attach the observer at ``place`` (``module:class``) to its library.

    It stays off where the settings say so, and with a version that it is not tested with.
    """
    with guarded("observer-failed", place):
        library = module.__name__
        if not place:
            session.recorder.count_gap("observer-off", session.process, detail=library)
            return
        observer = _load(place)()
        version, tested = getattr(module, "__version__", ""), getattr(observer, "tested", "")
        if isinstance(version, str) and not is_tested(version, tested):
            detail = f"{library} {version}; its observer is for {tested} and is off"
            session.recorder.count_gap("untested-version", session.process, detail=detail)
            return
        observer.attach(module, session)
        session.attached.append(observer.detach)


def _load(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)
