"""Whether what a notebook rested on is the same here, as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from whence.query.outline.line import Line, Piece
from whence.query.spelling import count, escaped, short_id

SHOWN = 50
_WORDS = {"data": "data", "module": "modules", "package": "packages"}


class Compared(Protocol):
    """What `whence.service.notebook.same.SameItem` says."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def recorded(self) -> str | None: ...
    @property
    def here(self) -> str | None: ...
    @property
    def same(self) -> bool: ...
    @property
    def note(self) -> str: ...


def same_lines(
    items: Sequence[Compared], notes: Sequence[str], full: bool = False
) -> Iterator[Line]:
    """By kind what is not the same, and how much is."""
    for kind, word in _WORDS.items():
        own = [one for one in items if one.kind == kind]
        if own:
            yield from _kind(word, own, full)
    for note in notes:
        yield (Piece(escaped(note), "warn"),)
    counts = Counter(one.same for one in items)
    told = f"{counts[False]:,} not the same, " if counts[False] else ""
    yield (Piece(f"{told}{counts[True]:,} the same" if items else "nothing to compare", "strong"),)


def _kind(word: str, items: Sequence[Compared], full: bool) -> Iterator[Line]:
    others = [one for one in items if not one.same]
    same = len(items) - len(others)
    told = count(len(others), "difference") if others else "the same"
    rest = f", {same:,} the same" if others and same else "" if others else f": {same:,}"
    yield (Piece(word, "strong"), Piece(f"  {told}{rest}", "dim"))
    shown = items if full else others[:SHOWN]
    for one in shown:
        yield _line(one)
    if not full and len(others) > SHOWN:
        yield (Piece(f"  … and {len(others) - SHOWN:,} more (--full lists all)", "dim"),)


def _line(one: Compared) -> Line:
    name = Piece(f"  {escaped(one.name)}  ")
    if one.same:
        return (name, Piece(f"the same {_side(one.recorded)}", "dim"))
    if one.here is None:
        return (name, Piece(_side(one.recorded), "bad"), Piece(f"  {escaped(one.note)}", "warn"))
    return (
        name, Piece(_side(one.recorded), "bad"), Piece(" → "), Piece(_side(one.here), "good"),
        Piece(f"  {escaped(one.note)}" if one.note else "", "warn"),
    )  # fmt: skip


def _side(text: str | None) -> str:
    if text is None:
        return "not recorded"
    return short_id(text) if text.startswith("sha256:") else escaped(text)
