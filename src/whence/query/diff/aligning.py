"""Cells of two sides aligned: by their ids, then by equal code, then by code that is alike."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from difflib import SequenceMatcher
from typing import Protocol, TypeVar

from whence.query.diff.pairing import paired

ALIKE = 0.6
"""The share of equal text from which two cells are taken for versions of one."""
MOST_COMPARED = 10_000
"""How many pairs are looked at; with more, a cell is compared with those at like places only."""
LARGEST_COMPARED = 8_000
"""Characters of a cell that are compared."""


class Named(Protocol):
    """A cell: its id ("" where it has none) and its code (None where it was not kept)."""

    @property
    def id(self) -> str: ...
    @property
    def source(self) -> str | None: ...


C = TypeVar("C", bound=Named)


def aligned(left: Sequence[C], right: Sequence[C]) -> list[tuple[C | None, C | None]]:
    """Each of ``left`` with its like in ``right``; what only ``right`` has comes last."""
    pairs = paired(left, right, [_by_id, _by_source])
    gone = [a for a, b in pairs if a is not None and b is None]
    come = [b for a, b in pairs if a is None and b is not None]
    alike = _likenesses(gone, come)
    taken = {id(b) for b in alike.values()}
    joined = [(a, alike.get(id(a)) if b is None else b) for a, b in pairs if a is not None]
    return [*joined, *((None, b) for b in come if id(b) not in taken)]


def in_order(places: Sequence[int]) -> set[int]:
    """Which of ``places`` (by their index) form the longest run that rises: the others moved."""
    ends: list[int] = []
    before = [-1] * len(places)
    for at, place in enumerate(places):
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high) // 2
            if places[ends[middle]] < place:
                low = middle + 1
            else:
                high = middle
        before[at] = ends[low - 1] if low else -1
        ends[low : low + 1] = [at]
    found, at = set[int](), ends[-1] if ends else -1
    while at >= 0:
        found.add(at)
        at = before[at]
    return found


def _by_id(cell: Named) -> Hashable:
    return cell.id or id(cell)


def _by_source(cell: Named) -> Hashable:
    text = (cell.source or "").strip()
    return text or id(cell)


def _likenesses(gone: Sequence[C], come: Sequence[C]) -> dict[int, C]:
    """For some of ``gone`` (by identity) the cell of ``come`` that is likest to it."""
    near = MOST_COMPARED // max(len(gone), 1) if len(gone) * len(come) > MOST_COMPARED else None
    scored = []
    for at, one in enumerate(gone):
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(_text(one))
        for place, other in enumerate(come):
            if near is not None and abs(place - at) > near // 2:
                continue
            matcher.set_seq1(_text(other))
            if not _text(one) or matcher.real_quick_ratio() < ALIKE:
                continue
            if matcher.quick_ratio() >= ALIKE and (ratio := matcher.ratio()) >= ALIKE:
                scored.append((-ratio, abs(place - at), at, place))
    found: dict[int, C] = {}
    used: set[int] = set()
    for _, _, at, place in sorted(scored):
        if id(gone[at]) not in found and place not in used:
            found[id(gone[at])] = come[place]
            used.add(place)
    return found


def _text(cell: Named) -> str:
    return (cell.source or "").strip()[:LARGEST_COMPARED]
