"""Sending a store to a server now, as `whence push` does: to the end, or until it can't go on."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec

from whence._base.errors import RefusedError, ServerError, UnreachableError
from whence.capture.file.filesystem import is_network
from whence.journal.remote import Remote
from whence.journal.ship import Shipper
from whence.journal.ship_state import Outstanding

Report = Callable[[str, int, int | None], None]

ATTEMPTS = 3
_WAIT_S = 1.0
_LONGEST_WAIT_S = 5.0


class Pushed(msgspec.Struct, frozen=True):
    """What was sent, what is left, and why."""

    url: str
    segments: int
    bytes: int
    left: Outstanding
    problem: str | None = None


def push(
    store: str, remote: Remote, report: Report | None = None, *, again: bool = False
) -> Pushed:
    """Send what is outstanding; ``again`` asks the server about everything anew."""
    shipper = Shipper(store, remote, shared=is_network(store))
    if again:
        shipper.state.forget()
    try:
        return _pushed(shipper, report)
    finally:
        shipper.close()


def _pushed(shipper: Shipper, report: Report | None) -> Pushed:
    before = shipper.outstanding()
    segments, size, failures, idle = set[bytes](), 0, 0, 0
    problem: ServerError | None = None
    while failures < ATTEMPTS and idle < ATTEMPTS:
        try:
            sent = shipper.step()
        except UnreachableError as error:
            problem, failures = error, failures + 1
            if failures < ATTEMPTS:
                time.sleep(min(error.retry_s or _WAIT_S, _LONGEST_WAIT_S))
            continue
        except RefusedError as error:
            problem = error
            break
        problem, failures = None, 0
        segments |= sent.ids
        size += sent.bytes
        left = shipper.outstanding()
        if report is not None:
            report("Sending", max(before.bytes - left.bytes, 0), before.bytes)
        if not left.segments:
            break
        idle = 0 if sent.has_more else idle + 1
    told = None if problem is None else str(problem)
    return Pushed(shipper.remote.url, len(segments), size, shipper.outstanding(), told)
