"""A statement while it is gathered from what a graph says of its node."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import prod

from whence._base.errors import DocumentError
from whence.standards.prov.rdf.vocabulary import ACTIVITY_TIME, DATE_TIME, ELEMENT_CLASS, FORMAL
from whence.standards.prov.signature import SIGNATURES
from whence.standards.prov.statement import Name, Value

ELEMENTS = frozenset(ELEMENT_CLASS.values())
_MOST_WAYS = 1000


class Part:
    """A statement to be: its kind, each argument's values, and attributes.

    The kind ``""`` is a thing of which it is not known what it is.
    """

    __slots__ = ("arguments", "attributes", "kind", "told")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.told = False
        """Whether the class that makes the node such a statement was met."""
        self.attributes: dict[tuple[str, Value], None] = {}
        count = len(SIGNATURES[kind].arguments) if kind else 0
        self.arguments: list[dict[str, None]] = [{} for _ in range(count)]

    def takes(self, term: str, value: Value) -> bool:
        """Whether a property of the node is an argument of the statement, which then has it."""
        if self.kind in ELEMENTS:
            position = ACTIVITY_TIME.get(term, 0)
            mine = self.kind == "activity" and is_time_of_activity(term, value)
        else:
            position, is_time = FORMAL.get(self.kind, {}).get(term, (0, False))
            mine = position > 0 and (_is_time(value) if is_time else isinstance(value, Name))
        if mine:
            text = value.iri if isinstance(value, Name) else value.text
            self.arguments[position][text] = None
        return mine

    def ways(self) -> Iterator[tuple[str | None, ...]]:
        """Every way to choose one value for each argument."""
        return product(*(values or (None,) for values in self.arguments))


def check_ways(name: str, parts: list[Part]) -> None:
    """Raise DocumentError where one node would be very many statements.

    A few hostile lines could otherwise ask for more than memory holds.
    """
    ways = sum(prod(len(values) or 1 for values in part.arguments) for part in parts)
    if ways > max(_MOST_WAYS, len(parts)):
        raise DocumentError(
            f"{name} has so many values for its arguments that it could be over {_MOST_WAYS} "
            f"statements {parts[0].kind}. Give each statement an id of its own."
        )


def is_time_of_activity(term: str, value: Value) -> bool:
    """Whether it is the time at which an activity started or ended."""
    return term in ACTIVITY_TIME and _is_time(value)


def _is_time(value: Value) -> bool:
    return not isinstance(value, Name) and value.datatype == DATE_TIME
