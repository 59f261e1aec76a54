"""PROV-DM's words and PROV-O's terms for them, as whole IRIs (W3C PROV-O, tables 2 to 5)."""

from __future__ import annotations

from typing import NamedTuple

from whence.standards.prov.signature import RELATIONS, TIME
from whence.standards.prov.statement import PROV, RDF, RDFS, XSD

TYPE = RDF + "type"
DATE_TIME = XSD + "dateTime"
BUNDLE = PROV + "Bundle"
IN_BUNDLE = PROV + "asInBundle"
PROV_TYPE = PROV + "type"

ELEMENT_CLASS = {PROV + "Entity": "entity", PROV + "Activity": "activity", PROV + "Agent": "agent"}
"""PROV-O's class -> kind of element."""

SUBCLASS = {
    **dict.fromkeys((PROV + "Person", PROV + "Organization", PROV + "SoftwareAgent"), "agent"),
    **dict.fromkeys(
        (
            BUNDLE, PROV + "Plan", PROV + "Collection", PROV + "EmptyCollection",
            PROV + "Dictionary", PROV + "EmptyDictionary",
        ),
        "entity",
    ),
}  # fmt: skip
"""Classes that say of what kind a thing is, where nothing else does."""

ACTIVITY_TIME = {PROV + "startedAtTime": 0, PROV + "endedAtTime": 1}
"""Property -> position of the time in an activity."""

ATTRIBUTE = {
    PROV + "label": RDFS + "label",
    PROV_TYPE: TYPE,
    PROV + "location": PROV + "atLocation",
    PROV + "role": PROV + "hadRole",
}
"""PROV-DM's attribute -> PROV-O's property."""

ATTRIBUTE_OF = {term: name for name, term in ATTRIBUTE.items()}


class Subtype(NamedTuple):
    """A derivation that has a name of its own: its class and its two properties."""

    cls: str
    term: str
    qualified: str


SUBTYPES = {
    cls: Subtype(cls, PROV + term, PROV + "qualified" + cls.removeprefix(PROV))
    for cls, term in (
        (PROV + "Revision", "wasRevisionOf"),
        (PROV + "Quotation", "wasQuotedFrom"),
        (PROV + "PrimarySource", "hadPrimarySource"),
    )
}


class Property(NamedTuple):
    """What a plain or qualified property means: a kind of relation, maybe of a derivation's class.

    ``inverse``: its subject is the relation's second argument.
    """

    kind: str
    cls: str = ""
    inverse: bool = False


PLAIN = {
    **{PROV + signature.term: Property(kind) for kind, signature in RELATIONS.items()},
    **{subtype.term: Property("wasDerivedFrom", subtype.cls) for subtype in SUBTYPES.values()},
    PROV + "generated": Property("wasGeneratedBy", inverse=True),
    PROV + "invalidated": Property("wasInvalidatedBy", inverse=True),
    PROV + "influenced": Property("wasInfluencedBy", inverse=True),
}
QUALIFIED = {
    **{
        PROV + signature.qualified: Property(kind)
        for kind, signature in RELATIONS.items()
        if signature.qualified
    },
    **{subtype.qualified: Property("wasDerivedFrom", subtype.cls) for subtype in SUBTYPES.values()},
}

INFLUENCE_CLASS = {
    **{
        PROV + signature.influence: kind
        for kind, signature in RELATIONS.items()
        if signature.influence
    },
    **dict.fromkeys(SUBTYPES, "wasDerivedFrom"),
}
"""Class of a qualified node -> kind of relation."""

CLASS_OF = {
    kind: PROV + signature.influence for kind, signature in RELATIONS.items() if signature.influence
}

FORMAL = {
    kind: {
        PROV + part.term: (position, part.names == TIME)
        for position, part in enumerate(signature.arguments)
        if part.term
    }
    for kind, signature in RELATIONS.items()
    if signature.qualified
}
"""Kind -> property of its qualified node -> (position of the argument, whether it is a time)."""

DICTIONARY = frozenset(
    PROV + term
    for term in (
        "Insertion", "Removal", "KeyEntityPair", "hadDictionaryMember", "qualifiedInsertion",
        "qualifiedRemoval", "dictionary", "insertedKeyEntityPair", "removedKey", "pairKey",
        "pairEntity", "derivedByInsertionFrom", "derivedByRemovalFrom",
    )
)  # fmt: skip
"""Terms of PROV-Dictionary, whose statements are no part of PROV-DM and not held here."""


def short(name: str) -> str:
    """A PROV name with its prefix, for messages."""
    return name.replace(PROV, "prov:", 1)
