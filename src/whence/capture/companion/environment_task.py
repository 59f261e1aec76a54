"""Recording the environment, beside everything else that the companion does."""

from __future__ import annotations

import importlib
import threading

from whence.capture.guard import guarded
from whence.capture.session import Session

_MODULE = "whence.capture.environment.record"


def start_environment(session: Session) -> threading.Thread:
    """Begin to record the environment of the run in a thread."""
    thread = threading.Thread(target=_record, args=(session,), daemon=True)
    thread.start()
    return thread


def _record(session: Session) -> None:
    failed = "environment-partial"
    with guarded(failed, "environment", lambda: session.recorder.count_gap(failed, session.run)):
        module = importlib.import_module(_MODULE)
        module.record_environment(session)


def share_with(session: Session, runs: list[bytes]) -> None:
    """Record the same environment for later runs of the program (those of ``whence.run()``)."""
    if runs:
        with guarded("environment-partial", "environment of later runs"):
            importlib.import_module(_MODULE).share_environment(session.recorder, runs)
