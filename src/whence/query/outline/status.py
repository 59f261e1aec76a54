"""The state of a store as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from whence.query.answer import AnswerNode, Completeness
from whence.query.outline.closing import gap_lines
from whence.query.outline.label import activity_label
from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped, size


class Sending(Protocol):
    """What `whence.service.outgoing.RemoteFacts` says."""

    @property
    def url(self) -> str: ...
    @property
    def segments(self) -> int: ...
    @property
    def bytes(self) -> int: ...
    @property
    def refused(self) -> int: ...
    @property
    def sent_at(self) -> str | None: ...
    @property
    def problem(self) -> str | None: ...


class Facts(Protocol):
    """What `whence.service.status.StoreFacts` says."""

    @property
    def path(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def journal_size(self) -> int: ...
    @property
    def index_size(self) -> int: ...
    @property
    def content_size(self) -> int: ...
    @property
    def open_segments(self) -> int: ...
    @property
    def sealed_segments(self) -> int: ...
    @property
    def unindexed(self) -> int: ...
    @property
    def unindexed_segments(self) -> int: ...
    @property
    def counts(self) -> dict[str, int]: ...
    @property
    def remotes(self) -> Sequence[Sending]: ...


def status_lines(
    facts: Facts, running: list[AnswerNode], completeness: Completeness
) -> Iterator[Line]:
    """The store in numbers, the runs at work, and the gaps by code."""
    total = facts.journal_size + facts.index_size + facts.content_size
    yield _row("store", escaped(facts.path), f"  {facts.id}")
    parts = (
        f"journal {size(facts.journal_size)}, index {size(facts.index_size)}, "
        f"kept content {size(facts.content_size)}"
    )
    yield _row("size", size(total), f"  {parts}")
    yield _row("holds", _holding(facts.counts))
    yield _row("segments", f"{facts.open_segments:,} open, {facts.sealed_segments:,} sealed")
    if facts.unindexed_segments:
        behind = count(facts.unindexed_segments, "segment")
        yield _row("unindexed", f"{behind}, {size(facts.unindexed)}")
    else:
        yield _row("unindexed", "nothing")
    for remote in facts.remotes:
        yield from _sending(remote)
    for at, run in enumerate(running):
        yield (*_row("running" if at == 0 else "", ""), *activity_label(run))
    if completeness.gaps:
        yield _row("gaps", "")
        yield from gap_lines(completeness)
    else:
        yield _row("gaps", "none")


def _sending(remote: Sending) -> Iterator[Line]:
    """How far the store was sent to one server."""
    last = f"  last sent {remote.sent_at}" if remote.sent_at else "  never sent to"
    yield _row("sent to", escaped(remote.url), last)
    if remote.segments:
        left = f"{count(remote.segments, 'segment')}, {size(remote.bytes)} outstanding"
        yield _row("", left, "  whence push sends them")
    else:
        yield _row("", "nothing is outstanding")
    if remote.refused:
        yield _row("", f"{count(remote.refused, 'segment')} refused by the server")
    if remote.problem:
        yield _row("", escaped(remote.problem))


def _holding(counts: dict[str, int]) -> str:
    words = (
        ("runs", "run", ""), ("activity", "activity", "activities"),
        ("entity", "entity", "entities"), ("agent", "agent", ""), ("edges", "relation", ""),
        ("points", "metric point", ""),
    )  # fmt: skip
    return ", ".join(count(counts[key], one, many) for key, one, many in words if counts.get(key))


def _row(word: str, text: str, rest: str = "") -> Line:
    return (Piece(f"{word:<10} ", "dim"), Piece(text), Piece(rest, "dim"))
