"""The state of a store as text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from whence.query.answer import AnswerNode, Completeness
from whence.query.outline.closing import gap_lines
from whence.query.outline.label import activity_label
from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped, size


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
    for at, run in enumerate(running):
        yield (*_row("running" if at == 0 else "", ""), *activity_label(run))
    if completeness.gaps:
        yield _row("gaps", "")
        yield from gap_lines(completeness)
    else:
        yield _row("gaps", "none")


def _holding(counts: dict[str, int]) -> str:
    words = (
        ("runs", "run", ""), ("activity", "activity", "activities"),
        ("entity", "entity", "entities"), ("agent", "agent", ""), ("edges", "relation", ""),
        ("points", "metric point", ""),
    )  # fmt: skip
    return ", ".join(count(counts[key], one, many) for key, one, many in words if counts.get(key))


def _row(word: str, text: str, rest: str = "") -> Line:
    return (Piece(f"{word:<10} ", "dim"), Piece(text), Piece(rest, "dim"))
