"""The statements that a graph holds by PROV-O.

The rule: nothing that a graph says is dropped.

* A node of a class of influence, or at the end of a qualified property, is a relation. A plain
  property is one too, unless a relation with a node joins the same two things.
* A node that has two values for one argument is as many relations as there are ways to choose; but
  where its class is said again, another statement of the same id begins there.
* A thing of the class prov:Entity, prov:Activity or prov:Agent is that element, and so, where none
  of these is said, is one of a PROV class below them, as prov:Person.
* Anything else that is said of a thing is its attribute. Where the thing is no relation, and no
  class says what it is, a relation it takes part in does; else it is an entity, as any thing is.
* A thing of several elements has an attribute in that whose class was named last before it: to RDF
  every choice is as right, and so a document of ours reads as it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from whence._base.errors import DocumentError
from whence.standards.prov.rdf.parsing import Dataset, Triple
from whence.standards.prov.rdf.part import ELEMENTS, Part, check_ways, is_time_of_activity
from whence.standards.prov.rdf.vocabulary import (
    ATTRIBUTE_OF,
    BUNDLE,
    DICTIONARY,
    ELEMENT_CLASS,
    IN_BUNDLE,
    INFLUENCE_CLASS,
    PLAIN,
    PROV_TYPE,
    QUALIFIED,
    SUBCLASS,
    SUBTYPES,
    TYPE,
    short,
)
from whence.standards.prov.signature import RELATIONS
from whence.standards.prov.statement import Document, Name, Statement, Value

_Pair = tuple[str, str, str, str]
"""Kind of relation, class of derivation, and the first two arguments."""
_GENERIC = "wasInfluencedBy"


def document_of(dataset: Dataset) -> Document:
    """The document that the file holds, its graphs as bundles.

    Raises DocumentError as `statements_of` does.
    """
    told = {name: statements_of(triples, name) for name, triples in dataset.graphs.items()}
    return Document(
        [statement for statements in told.values() for statement in statements],
        dataset.namespaces,
        [name for name, statements in told.items() if name and not statements],
    )


def statements_of(triples: Iterable[Triple], bundle: str) -> list[Statement]:
    """The statements of the graph that is the bundle; ``""`` is the document itself.

    Raises DocumentError for terms of PROV-Dictionary, and for a node that could be more than a
    thousand relations.
    """
    return list(_Graph(triples, bundle).statements())


class _Graph:
    def __init__(self, triples: Iterable[Triple], bundle: str) -> None:
        self._bundle = bundle
        self._about: dict[str, list[tuple[str, Value]]] = {}
        self._links: dict[str, list[tuple[str, str, str]]] = {}
        """Qualified node -> kind, class of derivation and subject of each link to it."""
        self._referenced: set[str] = set()
        """Blank nodes that something other than a qualified property leads to."""
        self._plain: Counter[_Pair] = Counter()
        self._joined: Counter[_Pair] = Counter()
        """How often plain properties, and relations with a node, join two things."""
        self._role: dict[str, str] = {}
        """Thing -> kind of element, by its first use in a relation."""
        self._untyped: dict[str, Part] = {}
        for subject, term, value in triples:
            self._take(subject, term, value)

    def _take(self, subject: str, term: str, value: Value) -> None:
        if term in DICTIONARY:
            raise DocumentError(f"{subject} has {short(term)}: PROV-Dictionary is not read here.")
        if term == PROV_TYPE:
            term = TYPE
        if isinstance(value, Name):
            link = QUALIFIED.get(term)
            if link is not None:
                self._links.setdefault(value.iri, []).append((link.kind, link.cls, subject))
                self._about.setdefault(value.iri, [])
                return
            if value.iri.startswith("_:"):
                self._referenced.add(value.iri)
            elif term == TYPE and value.iri in DICTIONARY:
                raise DocumentError(
                    f"{subject} is a {short(value.iri)}: PROV-Dictionary is not read here."
                )
        self._about.setdefault(subject, []).append((term, value))

    def statements(self) -> Iterator[Statement]:
        for name, said in self._about.items():
            yield from self._of(name, said)
        yield from self._plain_ones()
        for name, part in self._untyped.items():
            if part.attributes:
                typed = Part(self._role.get(name, "entity"))
                typed.attributes = part.attributes
                yield from self._built(name, typed)

    def _of(self, name: str, said: list[tuple[str, Value]]) -> Iterator[Statement]:
        parts = self._parts(name, said)
        latest = {part.kind: part for part in parts}
        current = parts[0]
        mentions: dict[str, None] = {}
        bundles: dict[str, None] = {}
        for term, value in said:
            if term == TYPE and isinstance(value, Name):
                if name != self._bundle or value.iri != BUNDLE:
                    current = _classed(value, current, latest, parts)
            elif isinstance(value, Name) and term in PLAIN:
                self._plain_property(name, term, value.iri, mentions)
            elif isinstance(value, Name) and term == IN_BUNDLE:
                bundles[value.iri] = None
            elif not any(part.takes(term, value) for part in latest.values()):
                current.attributes[ATTRIBUTE_OF.get(term, term), value] = None
        yield from self._mentions(name, mentions, bundles, current)
        if name in self._links:
            for kind in latest:
                self._linked(name, [part for part in parts if part.kind == kind])
        check_ways(name, parts)
        for part in parts:
            if part.kind:
                yield from self._built(name, part)

    def _parts(self, name: str, said: list[tuple[str, Value]]) -> list[Part]:
        """The statements that the node will be, one of a kind; of the kind ``""`` if not known."""
        types = [value.iri for term, value in said if term == TYPE and isinstance(value, Name)]
        kinds = _relations(self._links.get(name, ()), types)
        kinds.update((ELEMENT_CLASS[each], None) for each in types if each in ELEMENT_CLASS)
        if not kinds:
            marker = BUNDLE if name == self._bundle else None
            kinds = {SUBCLASS[each]: None for each in types if each in SUBCLASS and each != marker}
            if not kinds and any(is_time_of_activity(term, value) for term, value in said):
                kinds = {"activity": None}
        if kinds:
            return [Part(kind) for kind in kinds]
        self._untyped[name] = Part("")
        return [self._untyped[name]]

    def _linked(self, name: str, parts: list[Part]) -> None:
        """Give relations their subject: each its own where there are as many links to the node."""
        kind = parts[0].kind
        if kind in ELEMENTS:
            return
        links = [link for link in self._links[name] if link[0] in (kind, _GENERIC)]
        exact = [subject for _, cls, subject in links if not cls]
        exact = exact or [subject for _, _, subject in links]
        every = dict.fromkeys(exact)
        for place, part in enumerate(parts):
            part.arguments[0] = {exact[place]: None} if len(exact) == len(parts) else every
        for cls in dict.fromkeys(cls for _, cls, _ in links if cls):
            told = (PROV_TYPE, Name(cls))
            if not any(told in part.attributes for part in parts):
                subjects = {subject for _, each, subject in links if each == cls}
                for part in parts:
                    if not subjects.isdisjoint(part.arguments[0]):
                        part.attributes[told] = None

    def _plain_property(self, name: str, term: str, target: str, mentions: dict[str, None]) -> None:
        kind, cls, inverse = PLAIN[term]
        if kind == "mentionOf":
            mentions[target] = None
        elif inverse:
            self._plain[kind, cls, target, name] += 1
        else:
            self._plain[kind, cls, name, target] += 1

    def _mentions(
        self, name: str, mentions: dict[str, None], bundles: dict[str, None], holder: Part
    ) -> Iterator[Statement]:
        if mentions:
            part = Part("mentionOf")
            part.arguments = [{name: None}, mentions, bundles]
            check_ways(name, [part])
            yield from self._built(None, part)
        else:
            holder.attributes.update(((IN_BUNDLE, Name(each)), None) for each in bundles)

    def _built(self, name: str | None, part: Part) -> Iterator[Statement]:
        attributes = tuple(part.attributes)
        if part.kind not in ELEMENTS and name and name.startswith("_:"):
            name = name if name in self._referenced else None
        classes = [
            value.iri
            for term, value in attributes
            if term == PROV_TYPE and isinstance(value, Name) and value.iri in SUBTYPES
        ]
        for arguments in part.ways():
            if part.kind not in ELEMENTS:
                self._note(part.kind, arguments, classes)
            yield Statement(part.kind, name, arguments, attributes, self._bundle)

    def _note(self, kind: str, arguments: tuple[str | None, ...], classes: list[str]) -> None:
        """Keep which things the relation joins, and what they must be by their place in it."""
        for value, argument in zip(arguments, RELATIONS[kind].arguments, strict=True):
            if value and argument.names in ELEMENTS:
                self._role.setdefault(value, argument.names)
        subject, target = arguments[:2]
        if subject and target:
            self._joined.update((kind, cls, subject, target) for cls in ("", *classes))

    def _plain_ones(self) -> Iterator[Statement]:
        """The relations that only a plain property tells.

        It says nothing more where a relation with a node joins the two; but a document of ours says
        it once for each relation, so one that is said more often is a relation of its own too.
        """
        for (kind, cls, subject, target), told in self._plain.items():
            if cls:
                noded = self._joined[kind, cls, subject, target]
                self._joined[kind, "", subject, target] += max(0, told - noded)
        alone = [pair for pair, told in self._plain.items() if told > self._joined[pair]]
        for kind, cls, subject, target in alone:
            part = Part(kind)
            part.arguments[0][subject] = None
            part.arguments[1][target] = None
            if cls:
                part.attributes[PROV_TYPE, Name(cls)] = None
            yield from self._built(None, part)


def _relations(links: Iterable[tuple[str, str, str]], types: list[str]) -> dict[str, None]:
    """The kinds of relation of a node: as the links to it say, or else as its classes do.

    The kind of every influence counts where nothing says which influence it is.
    """
    linked = dict.fromkeys(kind for kind, _, _ in links)
    typed = dict.fromkeys(INFLUENCE_CLASS[each] for each in types if each in INFLUENCE_CLASS)
    for kinds in (linked, typed):
        exact = dict.fromkeys(kind for kind in kinds if kind != _GENERIC)
        if exact:
            return exact
    return linked or typed


def _classed(value: Name, current: Part, latest: dict[str, Part], parts: list[Part]) -> Part:
    """Take a class of the node; gives the statement that has the attributes after it."""
    kind = ELEMENT_CLASS.get(value.iri) or INFLUENCE_CLASS.get(value.iri)
    part = latest.get(kind) if kind else None
    if part is None or value.iri in SUBTYPES:
        current = part or current
        current.attributes[PROV_TYPE, value] = None
        return current
    if part.told:
        part = latest[part.kind] = Part(part.kind)
        parts.append(part)
    part.told = True
    return part
