"""PROV statements as RDF by PROV-O, as text, one statement at a time.

A relation that says no more than which two things it joins is PROV-O's plain property. Any other is
the plain property and a node that qualifies it, named by the relation's id, or blank. So a query
may always follow the plain property, and finds the time, role or plan at the node.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from whence._base.errors import DocumentError
from whence.standards.prov.rdf.iri import ANONYMOUS
from whence.standards.prov.rdf.reserved import check
from whence.standards.prov.rdf.term import Terms
from whence.standards.prov.rdf.vocabulary import (
    ACTIVITY_TIME,
    ATTRIBUTE,
    BUNDLE,
    CLASS_OF,
    DATE_TIME,
    ELEMENT_CLASS,
    FORMAL,
    IN_BUNDLE,
    PROV_TYPE,
    SUBTYPES,
)
from whence.standards.prov.signature import RELATIONS
from whence.standards.prov.statement import PROV, Literal, Name, Statement

Said = tuple[str, list[str]]
"""A subject's text and the texts of what is said of it, each a property and its object."""


class _Shape(NamedTuple):
    """How a kind of relation is written. Texts end in a space where an object follows."""

    plain: str
    qualified: str
    cls: str
    properties: tuple[tuple[str, bool], ...]
    """For each argument after the first: its property, and whether it is a time."""


class Projection:
    """What each statement says in RDF, its terms written as ``terms`` writes them."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._anonymous = 0
        self._time = f"^^{terms.iri(DATE_TIME)}"
        self._elements = {
            kind: f"{terms.type} {terms.iri(name)}" for name, kind in ELEMENT_CLASS.items()
        }
        self._times = [f"{terms.iri(name)} " for name in ACTIVITY_TIME]
        self._shapes = {kind: self._shape(kind) for kind in RELATIONS}
        self._subtypes = {
            name: (f"{terms.iri(subtype.term)} ", f"{terms.iri(subtype.qualified)} ")
            for name, subtype in SUBTYPES.items()
        }
        self._in_bundle = f"{terms.iri(IN_BUNDLE)} "
        self._marker = f"{terms.type} {terms.iri(BUNDLE)}"
        self._property = lru_cache(1 << 12)(self._property_of)

    def of(self, statement: Statement) -> list[Said]:
        """What the statement says; raises DocumentError, with the statement, for what RDF can't."""
        try:
            element = self._elements.get(statement.kind)
            if element is not None:
                return [self._element(statement, element)]
            shape = self._shapes.get(statement.kind)
            if shape is None:
                raise DocumentError(f"PROV-O has no {statement.kind!r}. Leave it out.")
            return self._relation(statement, shape)
        except DocumentError as error:
            raise DocumentError(f"{_named(statement)} can't be written as RDF: {error}") from None

    def bundle(self, name: str) -> Said:
        """What makes a named graph a bundle, within that graph."""
        return self._terms.name(name), [self._marker]

    def _element(self, statement: Statement, element: str) -> Said:
        if statement.id is None:
            raise DocumentError("it has no id. Give it one.")
        said = [element]
        for term, time in zip(self._times, statement.arguments, strict=False):
            if time is not None:
                said.append(term + self._at(time))
        if statement.attributes:
            self._attributes(statement, said)
        return self._terms.name(statement.id), said

    def _relation(self, statement: Statement, shape: _Shape) -> list[Said]:
        subject, target, *others = (*statement.arguments, None, None)[: len(shape.properties) + 1]
        if not shape.qualified:
            return self._unqualified(statement, shape.plain, subject, target, others)
        name = self._terms.name
        if subject is not None and target is not None and _is_bare(statement, others):
            return [(name(subject), [shape.plain + name(target)])]
        node = self._blank() if statement.id is None else name(statement.id)
        said = []
        if subject is not None:
            said.append((name(subject), self._links(statement, shape, node, target)))
        about = [shape.cls]
        for (term, is_time), value in zip(shape.properties, (target, *others), strict=False):
            if value is not None:
                about.append(term + (self._at(value) if is_time else name(value)))
        if statement.attributes:
            self._attributes(statement, about)
        said.append((node, about))
        return said

    def _links(
        self, statement: Statement, shape: _Shape, node: str, target: str | None
    ) -> list[str]:
        """The properties that lead from the relation's subject to its object and its node."""
        links = [shape.qualified + node]
        if target is not None:
            links.insert(0, shape.plain + self._terms.name(target))
        if statement.kind == "wasDerivedFrom":
            for name, value in statement.attributes:
                if name == PROV_TYPE and isinstance(value, Name) and value.iri in self._subtypes:
                    plain, qualified = self._subtypes[value.iri]
                    links.append(qualified + node)
                    if target is not None:
                        links.append(plain + self._terms.name(target))
        return links

    def _unqualified(
        self,
        statement: Statement,
        plain: str,
        subject: str | None,
        target: str | None,
        others: list[str | None],
    ) -> list[Said]:
        if statement.id is not None or statement.attributes:
            raise DocumentError("PROV-O has no id and no attributes for it. Leave them out.")
        if subject is None or target is None:
            raise DocumentError("it lacks one of the two things it joins. Name both.")
        said = [plain + self._terms.name(target)]
        said += [self._in_bundle + self._terms.name(other) for other in others if other is not None]
        return [(self._terms.name(subject), said)]

    def _attributes(self, statement: Statement, said: list[str]) -> None:
        terms = self._terms
        for name, value in statement.attributes:
            check(statement.kind, name, value)
            text = terms.literal(value) if isinstance(value, Literal) else terms.name(value.iri)
            said.append(self._property(name) + text)

    def _property_of(self, name: str) -> str:
        term = ATTRIBUTE.get(name, name)
        return f"{self._terms.type if name == PROV_TYPE else self._terms.iri(term)} "

    def _at(self, time: str) -> str:
        return self._terms.literal(Literal(time)) + self._time

    def _blank(self) -> str:
        self._anonymous += 1
        return f"_:{ANONYMOUS}{self._anonymous}"

    def _shape(self, kind: str) -> _Shape:
        signature, iri = RELATIONS[kind], self._terms.iri
        formal = FORMAL.get(kind, {})
        return _Shape(
            f"{iri(PROV + signature.term)} ",
            f"{iri(PROV + signature.qualified)} " if signature.qualified else "",
            f"{self._terms.type} {iri(CLASS_OF[kind])}" if signature.influence else "",
            tuple((f"{iri(term)} ", is_time) for term, (_, is_time) in formal.items())
            or ((" ", False),) * (len(signature.arguments) - 1),
        )


def _is_bare(statement: Statement, others: list[str | None]) -> bool:
    """Whether the relation says no more than which two things it joins."""
    return statement.id is None and not statement.attributes and others.count(None) == len(others)


def _named(statement: Statement) -> str:
    first = next((name for name in statement.arguments if name), None)
    named = statement.id or (f"of {first}" if first else "")
    return ascii(f"{statement.kind} {named}".strip()[:120])[1:-1]
