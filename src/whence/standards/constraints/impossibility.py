"""Constraints 50 to 56: what kind of thing each name is, and what nothing can be."""

from __future__ import annotations

from collections.abc import Iterator

from whence.standards.constraints.fact import IDENTIFIED, Fact, Facts
from whence.standards.constraints.graph import components
from whence.standards.constraints.term import PLACEHOLDER, Term
from whence.standards.constraints.violation import MANDATORY, NAMES, Violation
from whence.standards.prov.signature import ACTIVITY, ENTITY, RELATIONS
from whence.standards.prov.statement import Statement

_TYPED = {
    kind: tuple(
        (position, argument.names)
        for position, argument in enumerate(signature.arguments)
        if argument.names in (ENTITY, ACTIVITY)
    )
    for kind, signature in RELATIONS.items()
}
_TYPED["mentionOf"] = (*_TYPED["mentionOf"], (2, ENTITY))  # a bundle is an entity
_DISJOINT = frozenset(IDENTIFIED) - {"wasInfluencedBy", "wasDerivedFrom"}


def impossible(facts: Facts, bundle: str) -> Iterator[Violation]:
    """What is impossible of these facts; their terms are unified before."""

    def violation(constraint: int, message: str, *statements: Statement) -> Violation:
        name = NAMES.get(constraint, MANDATORY)
        return Violation(constraint, name, message, statements, bundle)

    for unknown, position, statement in facts.lacking:
        if isinstance(facts.terms.find(unknown), int):
            name = RELATIONS[statement.kind].arguments[position].key
            yield violation(
                0, f"{statement.kind} needs its {name}: PROV-DM makes it mandatory.", statement
            )
    for statement in facts.unspecified:
        yield violation(
            51, "A derivation gives a generation or usage, so it needs its activity.", statement
        )
    for constraint, shared, statements in _shared_names(facts):
        yield violation(constraint, f"{shared} is the id of two kinds of thing.", *statements)
    for term, as_entity, as_activity in _both_kinds(facts):
        yield violation(
            55,
            f"{_shown(term)} is both an entity and an activity.",
            *dict.fromkeys((as_entity, as_activity)),
        )
    yield from _specializations(facts, bundle)
    empty = _inherit(facts, facts.empty)
    for fact in facts.kinds["hadMember"]:
        collection = empty.get(facts.terms.find(fact.arguments[0]))
        if collection is not None:
            yield violation(
                56,
                f"{_shown(fact.arguments[0])} is an empty collection, but has a member.",
                collection,
                fact.statement,
            )


def declared(facts: Facts) -> dict[Term, Statement]:
    """The entities that are declared; by inference 21 also those that specialize one."""
    return _inherit(facts, facts.entities)


def general_of(facts: Facts) -> Iterator[tuple[Term, Term, Fact]]:
    """Each entity with one that it specializes; a mention is a specialization (PROV-LINKS)."""
    find = facts.terms.find
    for kind in ("specializationOf", "mentionOf"):
        for fact in facts.kinds[kind]:
            yield find(fact.arguments[0]), find(fact.arguments[1]), fact


def _inherit(facts: Facts, has: dict[Term, Statement]) -> dict[Term, Statement]:
    """What entities have, and those that specialize them have by it."""
    below: dict[Term, list[Term]] = {}
    for special, general, _ in general_of(facts):
        below.setdefault(general, []).append(special)
    if not below:
        return has
    found = dict(has)
    ahead = [term for term in has if term in below]
    while ahead:
        general = ahead.pop()
        for special in below.get(general, ()):
            if special not in found:
                found[special] = found[general]
                ahead.append(special)
    return found


def _both_kinds(facts: Facts) -> Iterator[tuple[Term, Statement, Statement]]:
    """Constraint 50 gives each name its kinds, 55 keeps entities and activities apart."""
    find = facts.terms.find
    entities = dict(facts.entities)
    activities: dict[Term, Statement] = {
        name: activity.statement for name, activity in facts.activities.items()
    }
    for kind, positions in _TYPED.items():
        for position, names in positions:
            typed = entities if names == ENTITY else activities
            for fact in facts.kinds[kind]:
                term = find(fact.arguments[position])
                if term not in typed and term != PLACEHOLDER:
                    typed[term] = fact.statement
    for term in entities:
        if term in activities:
            yield term, entities[term], activities[term]


def _shared_names(facts: Facts) -> Iterator[tuple[int, Term, tuple[Statement, Statement]]]:
    objects = dict(facts.entities)
    objects.update(facts.agents)
    objects.update((name, activity.statement) for name, activity in facts.activities.items())
    first: dict[Term, Fact] = {}
    told: set[tuple[int, Term, str]] = set()
    for kind in IDENTIFIED:
        for fact in facts.kinds[kind]:
            term = fact.id
            if isinstance(term, int):
                continue
            if term in objects and (54, term, kind) not in told:
                told.add((54, term, kind))
                yield 54, term, (objects[term], fact.statement)
            if kind in _DISJOINT:
                other = first.setdefault(term, fact)
                if other.kind != kind and (53, term, kind) not in told:
                    told.add((53, term, kind))
                    yield 53, term, (other.statement, fact.statement)


def _specializations(facts: Facts, bundle: str) -> Iterator[Violation]:
    """Constraint 52: by inference 19 a cycle makes an entity specialize itself."""
    numbers: dict[Term, int] = {}
    edges: list[list[int]] = []
    said: dict[tuple[int, int], Statement] = {}
    for special, general, fact in general_of(facts):
        one, other = (_number(term, numbers, edges) for term in (special, general))
        edges[one].append(other)
        said.setdefault((one, other), fact.statement)
    component = components(edges)
    at_fault: dict[int, list[Statement]] = {}
    for (one, other), statement in said.items():
        if component[one] == component[other]:
            at_fault.setdefault(component[one], []).append(statement)
    for statements in at_fault.values():
        yield Violation(
            52,
            NAMES[52],
            f"{statements[0].arguments[0]} is a specialization of itself.",
            tuple(statements),
            bundle,
        )


def _number(term: Term, numbers: dict[Term, int], edges: list[list[int]]) -> int:
    number = numbers.setdefault(term, len(edges))
    if number == len(edges):
        edges.append([])
    return number


def _shown(term: Term) -> str:
    return term if isinstance(term, str) else "Something without a name"
