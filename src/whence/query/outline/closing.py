"""The last line of an answer: complete, or what is missing, in words and with counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from whence.model.gap import CODES
from whence.query.answer import Answer, Completeness
from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped


def closing_lines(answer: Answer, direction: str) -> Iterator[Line]:
    """``complete`` with how much there is ``upstream`` or ``downstream``, or what is missing."""
    return ended(answer.completeness, _extent(answer, direction))


def ended(completeness: Completeness, extent: str) -> Iterator[Line]:
    """``complete`` with how much there is in words, or what is missing."""
    if completeness.complete:
        yield (Piece("complete", "good"), Piece(f": {extent}, nothing is missing", "dim"))
        return
    yield (Piece("not complete", "warn"), Piece(f": {extent}", "dim"))
    yield from gap_lines(completeness)


def gap_lines(completeness: Completeness) -> Iterator[Line]:
    """One line for each kind of gap and for each limit that was reached."""
    counts: Counter[str] = Counter()
    details: dict[str, list[str]] = {}
    for gap in completeness.gaps:
        counts[gap.code] += gap.count
        if gap.detail:
            details.setdefault(gap.code, []).append(gap.detail)
    for code, number in counts.most_common():
        words = CODES.get(code, code)
        about = ", ".join(escaped(text) for text in dict.fromkeys(details.get(code, ())))
        about = about if len(about) <= 100 else about[:99] + "…"
        yield (
            Piece(f"  {number:>5,} × ", "warn"),
            Piece(words),
            Piece(f"  {code}" + (f": {about}" if about else ""), "dim"),
        )
    for one in completeness.truncated:
        left = count(len(one.frontier), "branch", "branches")
        yield (Piece(f"  cut at {one.limit} {one.value:,} as asked; {left} not followed", "warn"),)


def _extent(answer: Answer, direction: str) -> str:
    subjects = set(answer.query.get("subjects") or [node.id for node in answer.nodes[:1]])
    rest = [node for node in answer.nodes if node.id not in subjects]
    files = sum(node.type == "entity" and bool(node.places) for node in rest)
    runs = sum(node.kind == "run" for node in rest)
    if not rest:
        return f"nothing {direction}"
    parts = [count(files, "file"), count(runs, "run")]
    return f"{' and '.join(parts)} {direction}"
