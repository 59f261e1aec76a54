"""What the statements of one bundle say once their short forms are written out.

Definitions 1 to 4 of PROV-CONSTRAINTS: an id, activity, time or other argument that is left out is
something unknown, except where PROV lets there be none (a plan; the activity of a derivation, and
then its generation and usage). Of the inferences, 9 to 11 and 15 are drawn here: they name known
things, so that the uniqueness constraints bear on what they infer. What the others infer is new
each time and unknown, so it can't clash; where it orders events, the ordering draws it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from whence.standards.constraints.term import PLACEHOLDER, Term, Terms
from whence.standards.prov.signature import RELATIONS, UNIDENTIFIED
from whence.standards.prov.statement import PROV, Name, Statement

IDENTIFIED = tuple(kind for kind in RELATIONS if kind not in UNIDENTIFIED)
"""The relations that have an id."""

_EMPTY = (PROV + "type", Name(PROV + "EmptyCollection"))
_LENGTH = {kind: len(signature.arguments) for kind, signature in RELATIONS.items()}
_REQUIRED = {
    kind: sum(argument.required for argument in signature.arguments)
    for kind, signature in RELATIONS.items()
}


class Fact(msgspec.Struct, eq=False, gc=False):
    """A relation with an id and all arguments as terms, and the statement that says so."""

    kind: str
    id: Term
    arguments: tuple[Term, ...]
    statement: Statement


class Activity(msgspec.Struct, eq=False, gc=False):
    """An activity with its times, which may be unknown."""

    start: Term
    end: Term
    statement: Statement


class Facts:
    """The facts of one bundle. ``kinds``: relations by their word, the inferred ones among them.

    ``lacking``: the mandatory arguments that are not given, as their unknown, position and
    statement. ``unspecified``: derivations that have a generation or usage but no activity.
    ``again``: activities that are declared twice, with their first statement. ``empty``: the
    collections that are said to be empty.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.terms = Terms()
        self.kinds: dict[str, list[Fact]] = {kind: [] for kind in RELATIONS}
        self.entities: dict[Term, Statement] = {}
        self.agents: dict[Term, Statement] = {}
        self.activities: dict[Term, Activity] = {}
        self.empty: dict[Term, Statement] = {}
        self.again: list[tuple[Activity, Activity]] = []
        self.lacking: list[tuple[int, int, Statement]] = []
        self.unspecified: list[Statement] = []
        for statement in statements:
            if statement.kind in self.kinds:
                self._relation(statement)
            elif statement.id is not None:
                self._element(statement, statement.id)
        self._infer()

    def _element(self, statement: Statement, name: str) -> None:
        if statement.kind == "entity":
            self.entities.setdefault(name, statement)
            if statement.attributes and _EMPTY in statement.attributes:
                self.empty.setdefault(name, statement)
        elif statement.kind == "agent":
            self.agents.setdefault(name, statement)
        elif statement.kind == "activity":
            start, end = (*statement.arguments, None, None)[:2]
            unknown = self.terms.unknown
            activity = Activity(start or unknown(), end or unknown(), statement)
            first = self.activities.setdefault(name, activity)
            if first is not activity:
                self.again.append((first, activity))

    def _relation(self, statement: Statement) -> None:
        kind, given = statement.kind, statement.arguments
        length = _LENGTH[kind]
        if len(given) != length:
            given = (*given, *[None] * length)[:length]
        identifier = statement.id
        terms: tuple[Term, ...] = (
            self._expand(statement, given) if None in given else given  # type: ignore[assignment]
        )
        self.kinds[kind].append(
            Fact(kind, self.terms.unknown() if identifier is None else identifier, terms, statement)
        )

    def _expand(self, statement: Statement, given: tuple[str | None, ...]) -> tuple[Term, ...]:
        kind, required = statement.kind, _REQUIRED[statement.kind]
        unactive = kind == "wasDerivedFrom" and given[2] is None
        if unactive and (given[3] is not None or given[4] is not None):
            self.unspecified.append(statement)
        terms: list[Term] = []
        for position, value in enumerate(given):
            if value is not None:
                terms.append(value)
            elif position < required:
                unknown = self.terms.unknown()
                self.lacking.append((unknown, position, statement))
                terms.append(unknown)
            elif unactive or (kind == "wasAssociatedWith" and position == 2):
                terms.append(PLACEHOLDER)
            else:
                terms.append(self.terms.unknown())
        return tuple(terms)

    def _infer(self) -> None:
        """Inferences 9, 10 (the trigger was generated by the starter) and 11 (a derivation through
        an activity is a usage and a generation)."""
        unknown, kinds = self.terms.unknown, self.kinds
        generations, usages = kinds["wasGeneratedBy"], kinds["used"]
        for kind in ("wasStartedBy", "wasEndedBy"):
            for fact in kinds[kind]:
                _, trigger, starter, _ = fact.arguments
                generations.append(
                    Fact("wasGeneratedBy", unknown(), (trigger, starter, unknown()), fact.statement)
                )
        for fact in kinds["wasDerivedFrom"]:
            new, old, activity, generation, usage = fact.arguments
            if activity != PLACEHOLDER:
                generations.append(
                    Fact("wasGeneratedBy", generation, (new, activity, unknown()), fact.statement)
                )
                usages.append(Fact("used", usage, (activity, old, unknown()), fact.statement))
