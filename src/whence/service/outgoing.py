"""How far a store was sent to servers: what is outstanding, and what went wrong last."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from whence._base.errors import UsageError
from whence.journal.home import named_remote
from whence.journal.remote import Remote, configured
from whence.journal.ship_state import ShipState, states


class RemoteFacts(msgspec.Struct, frozen=True):
    """One project of a server that the store is sent to.

    ``segments`` and ``bytes`` (as they lie on disk) are outstanding; ``refused`` is the number of
    those that the server won't have; times are ISO 8601, None for never.
    """

    url: str
    segments: int
    bytes: int
    refused: int
    sent_at: str | None
    problem: str | None
    problem_at: str | None


def remote_facts(folder: Path) -> list[RemoteFacts]:
    """Every server that the store in ``folder`` is sent to, or was."""
    return [_facts(state) for state in remote_states(os.fspath(folder))]


def remote_states(store: str) -> list[ShipState]:
    """The states of sending, of those first to which the store is sent by its settings."""
    urls = [remote.url for text in (configured(store),) if (remote := _remote(text)) is not None]
    known = {state.url: state for state in states(store)}
    first = [known.pop(url) if url in known else ShipState(store, url) for url in urls]
    return first + list(known.values())


def named_or_configured(store: str, named: str | None) -> list[Remote]:
    """Where a store is to be sent: to what is named, else by its settings, else where it was.

    Raises UsageError where there is nothing of it.
    """
    text = named_remote(named) or configured(store)
    if text:
        return [Remote(text)]
    found = [Remote(state.url) for state in states(store)]
    if not found:
        raise UsageError(
            "This store is sent nowhere. Name a server: whence remote set https://HOST/projects/NAME"
        )
    return found


def _remote(text: str) -> Remote | None:
    try:
        return Remote(text) if text else None
    except UsageError:
        return None


def _facts(state: ShipState) -> RemoteFacts:
    left, trouble = state.outstanding(), state.trouble
    return RemoteFacts(
        url=state.url,
        segments=left.segments,
        bytes=left.bytes,
        refused=left.refused,
        sent_at=_iso(state.sent_at),
        problem=None if trouble is None else trouble.detail,
        problem_at=None if trouble is None else _iso(trouble.at),
    )


def _iso(at: float) -> str | None:
    if not at:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
