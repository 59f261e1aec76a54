"""The words of PROV-JSONLD's context: types of statements and terms for attributes."""

from __future__ import annotations

from whence.standards.prov.prefixes import WELL_KNOWN
from whence.standards.prov.signature import SIGNATURES
from whence.standards.prov.statement import PROV, RDF, RDFS

CONTEXT = "https://openprovenance.org/prov-jsonld/context.jsonld"
"""The address of the submission's context."""

FIXED = {
    **WELL_KNOWN,
    "rdf": RDF,
    "rdfs": RDFS,
    "provext": "https://openprovenance.org/ns/provext#",
}
"""The prefixes that the context declares."""

TYPES = {
    "entity": "Entity",
    "activity": "Activity",
    "agent": "Agent",
    "alternateOf": "Alternate",
    "specializationOf": "Specialization",
    "hadMember": "Membership",
} | {kind: s.influence for kind, s in SIGNATURES.items() if s.influence}
"""The ``@type`` of each kind of statement; mentionOf has none."""

KINDS = {term: kind for kind, term in TYPES.items()}

SPECIAL = {term: PROV + term for term in ("type", "label", "role", "location", "value")}
"""The terms that stand for PROV's own attributes."""

NAMING = frozenset({"type", "role", "location"})
"""Terms under which a bare text is a name."""

_ROLED = frozenset({"used", "wasGeneratedBy", "wasInvalidatedBy", "wasStartedBy", "wasEndedBy"})
_KINDS_OF = {
    "type": frozenset(TYPES),
    "location": _ROLED | {"entity", "activity", "agent"},
    "role": _ROLED | {"wasAssociatedWith"},
    "value": frozenset({"entity"}),
}
TERM_OF: dict[str, dict[str, str]] = {
    kind: {PROV + term: term for term, kinds in _KINDS_OF.items() if kind in kinds}
    for kind in TYPES
}
"""The terms that the schema lets a kind have, by the attribute; others keep their prefixed name.
A label has its term only when it is a plain text, so it is not here."""

RESERVED = (
    frozenset(TYPES.values())
    | frozenset(SPECIAL)
    | frozenset(a.key for s in SIGNATURES.values() for a in s.arguments)
    | frozenset({"Bundle"})
)
"""Words that no prefix may have, for the context gives them a meaning."""
