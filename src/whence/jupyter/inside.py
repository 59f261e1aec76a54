"""What the runner of a notebook asks of the kernel that runs it: called there, by request.

Each gives a text and raises nothing: the answer travels back as the text of an expression.
"""

from __future__ import annotations

import json
from typing import Any

from whence._base.clock import wall_ns
from whence.capture import session as sessions
from whence.capture.guard import guarded
from whence.model.event import ParamsLogged
from whence.model.status import FAILED, INTERRUPTED
from whence.model.value import typed_map


def begun(parameters: str) -> str:
    """The id of this kernel's session, in hex, empty when nothing is recorded.

    ``parameters`` are what the notebook was given, as JSON; they are recorded as those of the run.
    """
    session = sessions.active()
    if session is None:
        return ""
    with guarded("observer-failed", "the parameters of a notebook"):
        given = json.loads(parameters)
        if given:
            session.recorder.record(ParamsLogged(session.run, typed_map(given), wall_ns()))
    return session.run.hex()


def ended(told: str) -> str:
    """Record how the notebook ended and the file that it was written to; empty."""
    session = sessions.active()
    if session is None:
        return ""
    with guarded("observer-failed", "the end of a notebook"):
        _end(session, json.loads(told))
    return ""


def _end(session: sessions.Session, told: dict[str, Any]) -> None:
    if told["written"]:
        opening = session.files.opened(told["written"], "w", role="notebook", kind="notebook")
        if opening is not None:
            session.files.closed(opening)
    for key in ("error", "message"):
        if told[key]:
            session.outcome[key] = told[key]
    if told["interrupted"]:
        session.decided = INTERRUPTED
    elif told["error"]:
        session.decided = FAILED
