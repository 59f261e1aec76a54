"""Forked children: each continues the session with a segment and an activity of its own."""

from __future__ import annotations

import os
from collections.abc import Callable

from whence._base.ids import uuid7
from whence.capture import session as sessions
from whence.capture.guard import guarded
from whence.capture.process.start import record_start
from whence.model import kind as kinds

_followed: list[tuple[str, Callable[[bytes], None]]] = []
"""What the latest `follow_forks` asked for: one session records at a time."""


def follow_forks(name: str, in_child: Callable[[bytes], None]) -> None:
    """From now on a forked child records as a process of its own, called ``name``.

    ``in_child`` is called in it with its activity's id. Such a hook can't be taken back; it does
    nothing once no session is active.
    """
    is_followed = bool(_followed)
    _followed[:] = [(name, in_child)]
    if is_followed:
        return

    def after_in_child() -> None:
        session = sessions.active()
        if session is None:
            return
        name, in_child = _followed[0]
        with guarded("child-unreached", "a forked child", on_failure=session.recorder.stop):
            parent, process = session.activity(), uuid7()
            session.continue_in_child(process)
            session.describe.activity = process
            session.recorder.after_fork()
            attributes: dict[str, object] = {"pid": os.getpid(), "started_by": "fork"}
            record_start(session, kinds.PROCESS, name, parent, attributes)
            in_child(process)
            for callback in session.after_fork:
                callback()

    os.register_at_fork(after_in_child=after_in_child)
