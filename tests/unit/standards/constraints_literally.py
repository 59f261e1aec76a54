"""PROV-CONSTRAINTS word by word, slowly: the measure for the quick check of small documents.

Every inference (5 to 21) is drawn until nothing is new, every uniqueness constraint rewrites every
fact, and all events of 30 to 49 are nodes. Unknowns are integers, '-' is the placeholder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, count, product

from whence.standards.prov.statement import PROV, Name, Statement

Fact = tuple[str, str | int, tuple[str | int, ...]]
EXPANDABLE = {
    "used": (1, 2), "wasGeneratedBy": (1, 2), "wasInvalidatedBy": (1, 2),
    "wasStartedBy": (1, 2, 3), "wasEndedBy": (1, 2, 3), "wasAssociatedWith": (1,),
    "actedOnBehalfOf": (2,), "activity": (0, 1),
}  # fmt: skip
IDENTIFIED = (
    "used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy", "wasInformedBy",
    "wasAttributedTo", "wasAssociatedWith", "actedOnBehalfOf", "wasDerivedFrom", "wasInfluencedBy",
)  # fmt: skip
DISJOINT = IDENTIFIED[:9]
KEYS = (("wasGeneratedBy", 1), ("wasInvalidatedBy", 1), ("wasStartedBy", 2), ("wasEndedBy", 2))
E, A = "entity", "activity"
TYPES = {
    "used": (A, E), "wasGeneratedBy": (E, A), "wasInvalidatedBy": (E, A), "wasInformedBy": (A, A),
    "wasStartedBy": (A, E, A), "wasEndedBy": (A, E, A), "wasAttributedTo": (E, ""),
    "wasAssociatedWith": (A, "", E), "actedOnBehalfOf": ("", "", A), "wasDerivedFrom": (E, E, A),
    "alternateOf": (E, E), "specializationOf": (E, E), "mentionOf": (E, E, E), "hadMember": (E, E),
}  # fmt: skip


class Invalid(Exception):
    """A constraint does not hold; its argument is the number."""


def broken(statements: list[Statement]) -> int | None:
    """The number of a constraint that these statements of one bundle break; None if valid."""
    try:
        _Instance(statements).normalize_and_check()
    except Invalid as error:
        return int(error.args[0])
    return None


class _Instance:
    def __init__(self, statements: list[Statement]) -> None:
        self.new: Callable[[], int] = count(1).__next__
        self.facts: set[Fact] = set()
        self.empty: set[str | int] = set()
        self.lacking: dict[int, str | int] = {}
        for statement in statements:
            self._expand(statement)

    def _expand(self, statement: Statement) -> None:
        kind, given = statement.kind, statement.arguments
        if kind == "entity" and (PROV + "type", Name(PROV + "EmptyCollection")) in (
            statement.attributes
        ):
            self.empty.add(statement.id or "")
        expandable = EXPANDABLE.get(kind, ())
        optional = expandable
        if kind == "wasAssociatedWith":
            optional = (1, 2)
        if kind == "wasDerivedFrom":
            optional, expandable = (2, 3, 4), (() if given[2] is None else (3, 4))
        terms: list[str | int] = []
        for position, value in enumerate(given):
            term: str | int = "-" if value is None else value
            if value is None and (position in expandable or position not in optional):
                term = self.new()
            if value is None and position not in optional:
                self.lacking[int(term)] = term
            terms.append(term)
        self.facts.add((kind, self.new() if statement.id is None else statement.id, tuple(terms)))

    def of(self, *kinds: str) -> Iterator[Fact]:
        return (fact for fact in sorted(self.facts, key=repr) if fact[0] in kinds)

    def normalize_and_check(self) -> None:
        while True:
            while self._unify():
                pass
            inferred = {fact for fact in self._infer() if fact not in self.facts}
            if not inferred:
                break
            # One at a time: a fact may be the witness that the next inference asks for.
            self.facts.add(min(inferred, key=repr))
        if any(isinstance(term, int) for term in self.lacking.values()):
            raise Invalid(0)
        self._impossible()
        self._ordered()

    def _replace(self, constraint: int, one: str | int, other: str | int) -> bool:
        if one == other:
            return False
        if isinstance(one, str):
            one, other = other, one
        if isinstance(one, str):
            raise Invalid(constraint)

        def swap(term: str | int) -> str | int:
            return other if term == one else term

        self.facts = {(k, swap(i), tuple(map(swap, terms))) for k, i, terms in self.facts}
        self.lacking = {key: swap(term) for key, term in self.lacking.items()}
        return True

    def _unify(self) -> bool:
        for kind in (*IDENTIFIED, "activity"):
            for (_, one, first), (_, other, second) in combinations(self.of(kind), 2):
                if one == other:
                    constraint = 22 if kind == "activity" else 23
                    if any(
                        self._replace(constraint, *pair) for pair in zip(first, second, strict=True)
                    ):
                        return True
        for number, (kind, position) in enumerate(KEYS, 24):
            for (_, one, first), (_, other, second) in combinations(self.of(kind), 2):
                same = first[0] == second[0] and first[position] == second[position]
                if same and self._replace(number, one, other):
                    return True
        for (_, name, times), (kind, _, terms) in product(
            self.of("activity"), self.of("wasStartedBy", "wasEndedBy")
        ):
            end = kind == "wasEndedBy"
            if terms[0] == name and self._replace(28 + end, times[end], terms[3]):
                return True
        for (_, _, first), (_, _, second) in combinations(self.of("mentionOf"), 2):
            if first[0] == second[0] and any(
                self._replace(0, *p) for p in zip(first, second, strict=True)
            ):
                return True
        return False

    def _has(self, kind: str, *pattern: str | int | None) -> bool:
        return any(
            all(want is None or want == term for want, term in zip(pattern, terms, strict=False))
            for _, _, terms in self.of(kind)
        )

    def _infer(self) -> Iterator[Fact]:
        new, has = self.new, self._has
        for kind, name, terms in self.of(*IDENTIFIED, "entity", "activity", "specializationOf"):
            one, two = (*terms, None, None)[:2]
            if kind in IDENTIFIED:
                yield "wasInfluencedBy", name, (terms[0], terms[1])  # 15
            if kind == "wasInformedBy" and not any(  # 5
                g[1] == two and u[0] == one and g[0] == u[1]
                for (_, _, g), (_, _, u) in product(self.of("wasGeneratedBy"), self.of("used"))
            ):
                entity = new()
                self.facts.add(("used", new(), (terms[0], entity, new())))
                yield "wasGeneratedBy", new(), (entity, terms[1], new())
            if kind == "wasGeneratedBy":  # 6
                for _, _, used in self.of("used"):
                    if used[1] == one and not has("wasInformedBy", used[0], two):
                        yield "wasInformedBy", new(), (used[0], terms[1])
            if kind == "entity":  # 7
                for event in ("wasGeneratedBy", "wasInvalidatedBy"):
                    if not has(event, name):
                        yield event, new(), (name, new(), new())
            if kind == "activity":  # 8
                for event, time in (("wasStartedBy", terms[0]), ("wasEndedBy", terms[1])):
                    if not has(event, name):
                        yield event, new(), (name, new(), new(), time)
            triggered = kind in ("wasStartedBy", "wasEndedBy")  # 9, 10
            if triggered and not has("wasGeneratedBy", terms[1], terms[2]):
                yield "wasGeneratedBy", new(), (terms[1], terms[2], new())
            if kind == "wasDerivedFrom" and terms[2] != "-":  # 11
                if not any(i == terms[4] for _, i, _ in self.of("used")):
                    yield "used", terms[4], (terms[2], terms[1], new())
                for _, i, known in self.of("used"):
                    if i == terms[4] and known[:2] != (terms[2], terms[1]):
                        yield "used", i, (terms[2], terms[1], new())
                if ("wasGeneratedBy", terms[3], (terms[0], terms[2])) not in {
                    (k, i, t[:2]) for k, i, t in self.of("wasGeneratedBy")
                }:
                    yield "wasGeneratedBy", terms[3], (terms[0], terms[2], new())
            if kind == "wasAttributedTo" and not any(  # 13
                g[0] == one and s[0] == g[1] and s[1] == two
                for (_, _, g), (_, _, s) in product(
                    self.of("wasGeneratedBy"), self.of("wasAssociatedWith")
                )
            ):
                activity = new()
                self.facts.add(("wasAssociatedWith", new(), (activity, terms[1], new())))
                yield "wasGeneratedBy", new(), (terms[0], activity, new())
            if kind == "actedOnBehalfOf":  # 14
                for agent in terms[:2]:
                    if not has("wasAssociatedWith", terms[2], agent):
                        yield "wasAssociatedWith", new(), (terms[2], agent, new())
            if kind == "specializationOf":  # 19, 21
                for _, _, higher in self.of("specializationOf"):
                    if higher[0] == two and not has(kind, one, higher[1]):
                        yield kind, new(), (terms[0], higher[1])
                if any(i == two for _, i, _ in self.of("entity")):
                    yield "entity", terms[0], ()
                if two in self.empty:
                    self.empty.add(terms[0])
        for _, _, terms in self.of("mentionOf"):
            if not has("specializationOf", *terms[:2]):
                yield "specializationOf", new(), terms[:2]

    def _impossible(self) -> None:
        types: dict[str | int, set[str]] = {}
        for kind, name, terms in self.facts:
            if kind in (E, A):
                types.setdefault(name, set()).add(kind)
            for term, of in zip(terms, TYPES.get(kind, ()), strict=False):
                if of and term != "-":
                    types.setdefault(term, set()).add(of)
            if kind == "wasDerivedFrom" and terms[2] == "-" and terms[3:] != ("-", "-"):
                raise Invalid(51)
            if kind == "specializationOf" and terms[0] == terms[1]:
                raise Invalid(52)
            if kind == "hadMember" and terms[0] in self.empty:
                raise Invalid(56)
        if any({E, A} <= of for of in types.values()):
            raise Invalid(55)
        for (kind, one, _), (other_kind, other, _) in product(self.facts, repeat=2):
            if one == other and kind != other_kind and kind in IDENTIFIED:
                if other_kind in (E, A, "agent"):
                    raise Invalid(54)
                if kind in DISJOINT and other_kind in DISJOINT:
                    raise Invalid(53)

    def _before(self) -> Iterator[tuple[str | int, str | int, bool]]:
        """Constraints 30 to 49: one event before another, and whether strictly."""
        starts = [(i, t[0], t[1]) for _, i, t in self.of("wasStartedBy")]
        ends = [(i, t[0], t[1]) for _, i, t in self.of("wasEndedBy")]
        generated = [(i, t[0], t[1]) for _, i, t in self.of("wasGeneratedBy")]
        invalid = [(i, t[0]) for _, i, t in self.of("wasInvalidatedBy")]
        uses = [(i, t[0], t[1]) for _, i, t in self.of("used")]
        for (s, a, _), (s2, a2, _) in product(starts, starts):
            yield from [(s, s2, False)] * (a == a2)  # 31
        for (s, a, _), (f, a2, _) in product(starts, ends):
            yield from [(s, f, False)] * (a == a2)  # 30
        for (f, a, _), (f2, a2, _) in product(ends, ends):
            yield from [(f, f2, False)] * (a == a2)  # 32
        for (u, a, _), (s, a2, _) in product(uses, starts):
            yield from [(s, u, False)] * (a == a2)  # 33
        for (u, a, _), (f, a2, _) in product(uses, ends):
            yield from [(u, f, False)] * (a == a2)  # 33
        for (g, _, a), (s, a2, _) in product(generated, starts):
            yield from [(s, g, False)] * (a == a2)  # 34
        for (g, _, a), (f, a2, _) in product(generated, ends):
            yield from [(g, f, False)] * (a == a2)  # 34
        for (g, e, _), (i, e2) in product(generated, invalid):
            yield from [(g, i, False)] * (e == e2)  # 36
        for (g, e, _), (u, _, e2) in product(generated, uses):
            yield from [(g, u, False)] * (e == e2)  # 37
        for (u, _, e), (i, e2) in product(uses, invalid):
            yield from [(u, i, False)] * (e == e2)  # 38
        for (g, e, _), (g2, e2, _) in product(generated, generated):
            yield from [(g, g2, False)] * (e == e2)  # 39
        for (i, e), (i2, e2) in product(invalid, invalid):
            yield from [(i, i2, False)] * (e == e2)  # 40
        for events in (starts, ends):  # 43, 44
            for (s, _, e), (g, e2, _) in product(events, generated):
                yield from [(g, s, False)] * (e == e2)
            for (s, _, e), (i, e2) in product(events, invalid):
                yield from [(s, i, False)] * (e == e2)
        for _, _, t in self.of("wasInformedBy"):  # 35
            for (s, a, _), (f, a2, _) in product(starts, ends):
                yield from [(s, f, False)] * (a == t[1] and a2 == t[0])
        for kind, _, t in self.of("wasDerivedFrom", "specializationOf"):
            if kind == "wasDerivedFrom" and t[2] != "-":
                yield t[4], t[3], False  # 41
            for (g, e, _), (g2, e2, _) in product(generated, generated):  # 42, 45
                yield from [(g, g2, kind == "wasDerivedFrom")] * (e == t[1] and e2 == t[0])
            for (i, e), (i2, e2) in product(invalid, invalid):  # 46
                yield from [(i, i2, False)] * (
                    kind == "specializationOf" and e == t[0] and e2 == t[1]
                )
        for _, _, t in self.of("wasAssociatedWith"):  # 47
            for (s, a, _), (i, e) in product(starts, invalid):
                yield from [(s, i, False)] * (a == t[0] and e == t[1])
            for (g, e, _), (f, a, _) in product(generated, ends):
                yield from [(g, f, False)] * (e == t[1] and a == t[0])
            for (s, a, _), (f, a2, _) in product(starts, ends):
                yield from [(s, f, False)] * ({a, a2} == {t[0], t[1]})
        for _, _, t in self.of("wasAttributedTo"):  # 48
            for (g, e, _), (g2, e2, _) in product(generated, generated):
                yield from [(g, g2, False)] * (e == t[1] and e2 == t[0])
            for (s, a, _), (g, e, _) in product(starts, generated):
                yield from [(s, g, False)] * (a == t[1] and e == t[0])
        for _, _, t in self.of("actedOnBehalfOf"):  # 49
            for (g, e, _), (i, e2) in product(generated, invalid):
                yield from [(g, i, False)] * (e == t[1] and e2 == t[0])
            for (s, a, _), (f, a2, _) in product(starts, ends):
                yield from [(s, f, False)] * (a == t[1] and a2 == t[0])

    def _ordered(self) -> None:
        after: dict[str | int, set[str | int]] = {}
        strict = []
        for one, other, is_strict in self._before():
            after.setdefault(one, set()).add(other)
            if is_strict:
                strict.append((one, other))
        for one, other in strict:
            seen, ahead = {other}, [other]
            while ahead:
                for event in after.get(ahead.pop(), set()) - seen:
                    seen.add(event)
                    ahead.append(event)
            if one in seen:
                raise Invalid(42)
