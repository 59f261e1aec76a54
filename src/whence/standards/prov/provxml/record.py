"""One record of PROV-XML while its fields come in."""

from __future__ import annotations

from typing import NamedTuple

from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.statement import PROV, Name, Statement, Value

_SUBTYPES = {
    "wasRevisionOf": ("wasDerivedFrom", "Revision"),
    "wasQuotedFrom": ("wasDerivedFrom", "Quotation"),
    "hadPrimarySource": ("wasDerivedFrom", "PrimarySource"),
    "softwareAgent": ("agent", "SoftwareAgent"),
    "person": ("agent", "Person"),
    "organization": ("agent", "Organization"),
    "plan": ("entity", "Plan"),
    "collection": ("entity", "Collection"),
    "emptyCollection": ("entity", "EmptyCollection"),
    "bundle": ("entity", "Bundle"),
}
"""Elements that say a kind and a type at once."""

_DICTIONARY = frozenset(
    {"derivedByInsertionFrom", "derivedByRemovalFrom", "hadDictionaryMember", "dictionary",
     "emptyDictionary"}
)  # fmt: skip


class Unfit(Exception):
    """Something stands where PROV-XML has no place for it."""


class Place(NamedTuple):
    """A position among a kind's arguments."""

    at: int
    is_time: bool


_PLACES: dict[str, dict[str, Place]] = {
    kind: {PROV + a.key: Place(at, a.names == TIME) for at, a in enumerate(signature.arguments)}
    for kind, signature in SIGNATURES.items()
}


class Field:
    """An argument or attribute: its name, what its element says of it, and its text so far."""

    def __init__(self, name: str, iri: str | None, datatype: str | None, language: str) -> None:
        self.name = name
        self.iri = iri
        self.datatype = datatype
        self.language = language
        self.inside = 0
        self.text: list[str] = []


class Record:
    """The record that an element of PROV starts. Raises Unfit for what does not fit its kind."""

    def __init__(self, element: str, iri: str | None, bundle: str) -> None:
        kind, subtype = _SUBTYPES.get(element, (element, ""))
        if kind not in SIGNATURES:
            raise Unfit(_why_unknown(element))
        if iri is None and kind in ELEMENTS:
            raise Unfit(f"a prov:{element} has no prov:id")
        blank = iri is not None and iri.startswith("_:") and kind not in ELEMENTS
        self._kind = kind
        self._id = None if blank else iri
        self._bundle = bundle
        self._arguments: list[str | None] = [None] * len(_PLACES[kind])
        self._members: list[str] = []
        self._attributes: list[tuple[str, Value]] = []
        if subtype:
            self.of_type(PROV + subtype)

    def of_type(self, iri: str) -> None:
        """Note the type that the element itself says."""
        self._attributes.append((PROV + "type", Name(iri)))

    def place(self, name: str) -> Place | None:
        """The place of an argument of that name, None for an attribute."""
        return _PLACES[self._kind].get(name)

    def argument(self, place: Place, given: str) -> None:
        """Take an argument; a collection may have several members."""
        if self._kind == "hadMember" and place.at == 1:
            self._members.append(given)
        elif self._arguments[place.at] is not None:
            raise Unfit(f"a prov:{self._kind} has one of its arguments twice")
        else:
            self._arguments[place.at] = given

    def attribute(self, name: str, value: Value) -> None:
        """Take an attribute."""
        self._attributes.append((name, value))

    def statements(self) -> list[Statement]:
        """The statement; for a collection one for each member."""
        attributes = tuple(self._attributes)
        if not self._members:
            given = tuple(self._arguments)
            return [Statement(self._kind, self._id, given, attributes, self._bundle)]
        collection = self._arguments[0]
        return [
            Statement(self._kind, self._id, (collection, member), attributes, self._bundle)
            for member in self._members
        ]


def _why_unknown(element: str) -> str:
    if element in _DICTIONARY:
        return f"prov:{element} of PROV-Dictionary stands, which is not held here"
    return f"prov:{element[:80]} stands, which is no element of PROV"
