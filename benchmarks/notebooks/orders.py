"""Orders of a notebook's cells that give the same data to the same calls.

Nothing of Whence has a part in this: two cells change places only where neither binds or may change
what the other mentions; a cell runs twice only where it binds no name that it needs.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from itertools import combinations

from benchmarks.notebooks.cells import Cell, Names, names_of


def in_order(cells: Sequence[Cell]) -> list[int]:
    return [cell.number for cell in cells]


def shuffled(cells: Sequence[Cell], seed: int, again: bool = True) -> list[int]:
    """A random order of cells that don't depend on each other; some run twice in a row."""
    draw, names = random.Random(seed), names_of(cells)
    before = _before(names)
    waiting, order = set(range(len(cells))), list[int]()
    while waiting:
        ready = [one for one in sorted(waiting) if not before[one] & waiting]
        number = draw.choice(ready)
        waiting.remove(number)
        order.append(number)
        if again and draw.random() < 0.4 and not names[number].needed & names[number].bound:
            order.append(number)
    return order


def with_rerun(cells: Sequence[Cell], sinks: Collection[int]) -> list[int]:
    """All cells in order, then again from the latest one on from which that is safe.

    ``sinks`` are the cells with a call that learns: one of them at least runs again, and if there
    is a choice not all.
    """
    names, whole = names_of(cells), list(range(len(cells)))
    safe = [one for one in whole if _is_safe(names[one:]) and any(s >= one for s in sinks)]
    later = [one for one in safe if any(one > s for s in sinks)] or safe
    start = later[0] if later else 0
    return [*whole, *whole[start:]]


def _before(names: Sequence[Names]) -> list[set[int]]:
    """Which cells must have run before each."""
    fixed = _fixed(names)
    found: list[set[int]] = [set() for _ in names]
    for (i, one), (j, other) in combinations(enumerate(names), 2):
        changed = one.touched | one.fixed | other.touched | other.fixed
        if one.mentioned & other.mentioned & (changed - fixed | one.fixed | other.fixed):
            found[j].add(i)
    return found


def _fixed(names: Sequence[Names]) -> frozenset[str]:
    """The names that nothing but an ``import``, ``def`` or ``class`` binds."""
    every = frozenset[str]().union(*(one.fixed for one in names))
    return every.difference(*(one.bound for one in names))


def _is_safe(names: Sequence[Names]) -> bool:
    """Whether cells that ran one after the other need nothing that they bind later."""
    for at, one in enumerate(names):
        later = frozenset[str]().union(*(other.bound for other in names[at:]))
        earlier = frozenset[str]().union(*(other.bound for other in names[:at]))
        if one.needed & later - earlier:
            return False
    return True
