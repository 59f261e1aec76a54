"""Constraints 30 to 49: events must not come before themselves.

The REC orders five kinds of events: the start and end of an activity, the generation and
invalidation of an entity, and usages. All starts of one activity are simultaneous (31), so are its
ends (32), and the generations (39) and invalidations (40) of one entity; each is one node here.
Only a derivation makes an order strict: the old entity was generated before the new one (42). So a
document breaks these rules just when a cycle of nodes goes through a derivation. And such a cycle
is made of generations and starts alone, which is why the other events are not built:

- What follows an invalidation is only another invalidation (46), and what follows an end is only
  another end or an invalidation (32, 44); so no way leads back from them to a generation. That
  leaves aside 30, 32, 35, 36, 38, 40, 46, 47, 49 and the second halves of 33, 34, 43 and 44.
- What follows a usage is, of the rest, only the generation of its derivation (41). The usage comes
  after the start of the activity (33) and the generation of the used entity (37); but the start
  precedes that generation anyway, as the activity made the entity (34), and so does the older
  generation (42). So 33, 37 and 41 add nothing to what 34 and 42 say.

Constraint 31 and 39 are kept by the nodes; left to build are 34, 42, 43, 44, 45 and 48.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from whence.standards.constraints.fact import Facts
from whence.standards.constraints.graph import components, way_back
from whence.standards.constraints.impossibility import declared, general_of
from whence.standards.constraints.term import Term
from whence.standards.constraints.violation import NAMES, Violation
from whence.standards.prov.statement import Statement

_DERIVATION = 42


class _Events:
    """Generations of entities and starts of activities, and which precede which."""

    def __init__(self) -> None:
        self.generations: dict[Term, int] = {}
        self.starts: dict[Term, int] = {}
        self.edges: list[list[int]] = []
        self.strict: list[tuple[int, int]] = []
        self.reasons: dict[tuple[int, int], tuple[int, Statement]] = {}

    def new(self) -> int:
        self.edges.append([])
        return len(self.edges) - 1

    def generation(self, entity: Term) -> int:
        node = self.generations.get(entity)
        if node is None:
            node = self.generations[entity] = self.new()
        return node

    def start(self, activity: Term) -> int:
        node = self.starts.get(activity)
        if node is None:
            node = self.starts[activity] = self.new()
        return node

    def precede(self, one: int | None, other: int | None, constraint: int, said: Statement) -> None:
        """Put one event before another; None is an event that is not known to be."""
        if one is None or other is None:
            return
        self.edges[one].append(other)
        if constraint == _DERIVATION:
            self.strict.append((one, other))
            self.reasons[one, other] = (constraint, said)
        else:
            self.reasons.setdefault((one, other), (constraint, said))


def disordered(facts: Facts, bundle: str) -> Iterator[Violation]:
    """The derivations that put an entity's generation before itself; terms are unified before."""
    if not facts.kinds["wasDerivedFrom"]:
        return
    events = _events(facts)
    component = components(events.edges)
    told: set[int] = set()
    for old, new in events.strict:
        where = component[old]
        if where == component[new] and where not in told:
            told.add(where)
            yield _violation(events, way_back(events.edges, component, new, old), bundle)


def _violation(events: _Events, path: list[int], bundle: str) -> Violation:
    """The path leads from the derived entity's generation to that of what it derives from."""
    cycle = [path[-1], *path]
    reasons = [events.reasons[pair] for pair in pairwise(cycle)]
    numbers = ", ".join(str(number) for number in sorted({number for number, _ in reasons}))
    derivation = reasons[0][1]
    return Violation(
        _DERIVATION,
        NAMES[_DERIVATION],
        f"{derivation.arguments[0]} derives from {derivation.arguments[1]}, which these statements "
        f"say was not generated before it (constraints {numbers}).",
        tuple(dict.fromkeys(statement for _, statement in reasons)),
        bundle,
    )


def _events(facts: Facts) -> _Events:
    events, find, kinds = _Events(), facts.terms.find, facts.kinds
    _known_events(events, facts)
    generated, started = events.generations.get, events.starts.get
    for fact in kinds["wasGeneratedBy"]:
        entity, activity, _ = fact.arguments
        events.precede(started(find(activity)), generated(find(entity)), 34, fact.statement)
    for fact in kinds["wasDerivedFrom"]:
        new, old = fact.arguments[:2]
        events.precede(generated(find(old)), generated(find(new)), _DERIVATION, fact.statement)
    for fact in kinds["wasStartedBy"]:
        activity, trigger = fact.arguments[:2]
        events.precede(generated(find(trigger)), started(find(activity)), 43, fact.statement)
    for fact in kinds["wasAttributedTo"]:
        entity, agent = (find(term) for term in fact.arguments)
        events.precede(generated(agent), generated(entity), 48, fact.statement)
        events.precede(started(agent), generated(entity), 48, fact.statement)
    # By inference 19 a specialization holds across an entity without a known generation, so its
    # node is made here: it has no other edges.
    for special, general, fact in general_of(facts):
        events.precede(events.generation(general), events.generation(special), 45, fact.statement)
    return events


def _known_events(events: _Events, facts: Facts) -> None:
    """Which generations and starts there are: given, or inferred (7, 8, 13)."""
    find, kinds = facts.terms.find, facts.kinds
    for entity in declared(facts):
        events.generation(entity)
    for kind in ("wasGeneratedBy", "wasAttributedTo"):
        for fact in kinds[kind]:
            events.generation(find(fact.arguments[0]))
    for activity in facts.activities:
        events.start(activity)
    for fact in kinds["wasStartedBy"]:
        events.start(find(fact.arguments[0]))
