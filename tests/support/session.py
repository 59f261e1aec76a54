"""A recorded session in a test's own folder, without a launch: store, recorder, tracker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whence._base.clock import boot_id, mono_ns, process_start, wall_ns
from whence._base.ids import uuid7
from whence.capture.file.rules import rules_for
from whence.capture.file.tracker import FileTracker
from whence.capture.recorder import Recorder
from whence.capture.session import Session, activate
from whence.journal.header import SCHEMA, Header
from whence.journal.layout import open_folder, open_segments
from whence.journal.reader import SegmentReader
from whence.model.event import Event, decoder


def make_session(root: Path, **rules: Any) -> Session:
    """A session that records into ``root/.whence``."""
    store = root / ".whence"
    open_folder(store).mkdir(parents=True, exist_ok=True)
    run = uuid7()

    def describe(segment: bytes, number: int) -> Header:
        return Header(
            schema=SCHEMA, writer="test", segment=segment, run=run, activity=run, role="program",
            host="test-host", machine="test-machine", boot=boot_id(), pid=os.getpid(),
            process_start=process_start(os.getpid()), user="tester", root=os.fsencode(root),
            wall=wall_ns(), mono=mono_ns(), number=number,
        )  # fmt: skip

    session = Session(os.fspath(store), run, run, Recorder(store, run, describe, lambda text: None))
    session.files = FileTracker(session, rules_for(str(store), str(root), **rules))
    return session


@contextmanager
def recorded_session(root: Path, **rules: Any) -> Iterator[Session]:
    """A session that is the active one of this process for as long as the block runs."""
    session = make_session(root, **rules)
    activate(session)
    try:
        yield session
    finally:
        activate(None)
        session.recorder.stop()


@contextmanager
def watched_files(root: Path, **rules: Any) -> Iterator[Session]:
    """A session in which the files that Python code opens are watched."""
    import io

    from whence.observers.files import FilesObserver

    with recorded_session(root, **rules) as session:
        observer = FilesObserver()
        observer.attach(io, session)
        try:
            yield session
        finally:
            observer.detach()


def events_in(store: Path) -> list[Event]:
    """All events in the open segments of ``store``, oldest segment first."""
    found: list[Event] = []
    for file in open_segments(store):
        reader = SegmentReader(file.path.read_bytes())
        found += [decoder.decode(frame.payload) for frame in reader.frames()]
    return found


def of_type(store: Path, kind: type[Any]) -> list[Any]:
    """The events of one type in ``store``."""
    return [event for event in events_in(store) if isinstance(event, kind)]
