"""Terms and their unification: names and times that are known, and unknowns that stand for them."""

from __future__ import annotations

from datetime import datetime

Term = str | int
"""A constant is text: an IRI, or a time. An unknown is a number."""

PLACEHOLDER = "\0-"
"""The constant for 'there is none', as for an association's plan; it equals only itself."""


class Terms:
    """Which terms are equal, by union-find.

    ``bound``: the unknowns that became equal to another term, for the caller to take from;
    ``weight``: how much hangs on an unknown, so that the lighter of two gives way.
    """

    def __init__(self) -> None:
        self._parent: dict[Term, Term] = {}
        self._unknowns = 0
        self.bound: list[int] = []
        self.weight: dict[Term, int] = {}

    def unknown(self) -> int:
        """A new unknown."""
        self._unknowns += 1
        return self._unknowns

    def find(self, term: Term) -> Term:
        """The term that stands for all that equal this one; the constant if one does."""
        parent = self._parent
        while (above := parent.get(term)) is not None:
            higher = parent.get(above)
            if higher is None:
                return above
            parent[term] = term = higher
        return term

    def unify(self, one: Term, other: Term) -> bool:
        """Make two terms equal; False when they are different constants."""
        one, other = self.find(one), self.find(other)
        if one == other:
            return True
        if isinstance(one, str):
            if isinstance(other, str):
                if not _same_time(one, other):
                    return False
                self._parent[other] = one
                return True
            one, other = other, one
        elif isinstance(other, int) and self.weight.get(one, 0) > self.weight.get(other, 0):
            one, other = other, one
        assert isinstance(one, int)
        self._parent[one] = other
        self.weight[other] = self.weight.get(other, 0) + self.weight.pop(one, 0) + 1
        self.bound.append(one)
        return True


def _same_time(one: str, other: str) -> bool:
    """Whether two texts write one instant: 10:00:00Z is 12:00:00.0+02:00."""
    first, second = _instant(one), _instant(other)
    if first is None or second is None:
        return False
    return (first.tzinfo is None) == (second.tzinfo is None) and first == second


def _instant(text: str) -> datetime | None:
    whole, dot, rest = text.partition(".")
    if dot and len(rest.rstrip("Z").partition("+")[0].partition("-")[0]) > 6:
        return None  # finer than datetime can tell apart
    try:
        return datetime.fromisoformat(text) if "T" in whole else None
    except ValueError:
        return None
