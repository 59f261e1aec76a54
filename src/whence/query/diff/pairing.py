"""Pairing what two runs did: the same call at the same place, also when its line has moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T")


def paired(
    left: Sequence[T], right: Sequence[T], keys: Sequence[Callable[[T], Hashable]]
) -> list[tuple[T | None, T | None]]:
    """Each of ``left`` with its like in ``right``, None where there is none; what only ``right``
    has comes last.

    ``keys`` go from the strictest to the loosest: what has no like by one is paired by the next.
    Of several with the same key the first goes with the first.
    """
    found: dict[int, int] = {}
    for key in keys:
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        taken = set(found.values())
        for at, one in enumerate(right):
            if at not in taken:
                waiting[key(one)].append(at)
        for at, one in enumerate(left):
            if at not in found and (likes := waiting.get(key(one))):
                found[at] = likes.pop(0)
    pairs: list[tuple[T | None, T | None]] = [
        (one, right[found[at]] if at in found else None) for at, one in enumerate(left)
    ]
    taken = set(found.values())
    return pairs + [(None, one) for at, one in enumerate(right) if at not in taken]
