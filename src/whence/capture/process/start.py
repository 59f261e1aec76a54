"""Starting to record in this process: the segment, the activity, the session.

Used by the boot of a launched program and its children, and by ``whence.run()`` in a program that
was not launched.
"""

from __future__ import annotations

import os
import sys

from whence._base.clock import boot_id, machine_id, mono_ns, process_start, wall_ns
from whence._base.text import plain
from whence._base.version import VERSION
from whence.capture.recorder import Recorder
from whence.capture.session import Session
from whence.journal.header import SCHEMA, Header
from whence.model.event import ActivityStarted
from whence.model.value import typed


class Process:
    """What is the same for every segment of this process; called for the header of each.

    ``role`` is ``program`` or ``companion``.
    """

    def __init__(self, store: str, run: bytes, activity: bytes, role: str = "program") -> None:
        self.root = os.fsencode(os.path.dirname(store))
        self.run, self.activity, self.role = run, activity, role
        self.machine = plain(machine_id())

    def __call__(self, segment: bytes, number: int) -> Header:
        return Header(
            schema=SCHEMA,
            writer=VERSION,
            segment=segment,
            run=self.run,
            activity=self.activity,
            role=self.role,
            host=plain(os.uname().nodename),
            machine=self.machine,
            boot=boot_id(),
            pid=os.getpid(),
            process_start=process_start(os.getpid()),
            user=plain(user_name()),
            root=self.root,
            wall=wall_ns(),
            mono=mono_ns(),
            number=number,
            python=sys.version.partition(" ")[0],
        )


def start_session(
    store: str,
    run: bytes,
    process: bytes,
    kind: str,
    name: str,
    parent: bytes | None,
    attributes: dict[str, object],
) -> Session:
    """Open this process's segment and record that its activity began. Raises OSError."""
    describe = Process(store, run, process)
    session = Session(store, run, process, Recorder(store, run, describe, warn))
    session.describe = describe
    record_start(session, kind, name, parent, attributes)
    return session


def record_start(
    session: Session, kind: str, name: str, parent: bytes | None, attributes: dict[str, object]
) -> None:
    """Record that the activity of this process began."""
    details = {key: typed(value) for key, value in attributes.items()}
    session.recorder.record(
        ActivityStarted(session.process, kind, plain(name), parent, wall_ns(), mono_ns(), details)
    )


def warn(message: str) -> None:
    """Tell the user, on the real standard error, without a traceback or a Python warning."""
    try:
        os.write(2, f"{message}\n".encode("utf-8", "backslashreplace"))
    except OSError:
        return


def user_name() -> str:
    """Who runs this, as the environment says; the user's number where it does not."""
    return os.environ.get("LOGNAME") or os.environ.get("USER") or f"uid {os.getuid()}"
