"""A broken rule of PROV-CONSTRAINTS, with the statements that break it."""

from __future__ import annotations

import msgspec

from whence.standards.prov.statement import Statement

MANDATORY, MENTION = "mandatory-argument", "unique-mention"

NAMES = {
    22: "key-object",
    23: "key-properties",
    24: "unique-generation",
    25: "unique-invalidation",
    26: "unique-wasStartedBy",
    27: "unique-wasEndedBy",
    28: "unique-startTime",
    29: "unique-endTime",
    42: "derivation-generation-generation-ordering",
    51: "impossible-unspecified-derivation-generation-use",
    52: "impossible-specialization-reflexive",
    53: "impossible-property-overlap",
    54: "impossible-object-property-overlap",
    55: "entity-activity-disjoint",
    56: "membership-empty-collection",
}
"""The constraints that a document can break by number; the others only lead to these."""


class Violation(msgspec.Struct, frozen=True):
    """A rule that does not hold.

    ``constraint``: its number in PROV-CONSTRAINTS; 0 for a rule of another document: PROV-DM's
    mandatory arguments and PROV-LINKS' unique mention. ``name``: its anchor there. ``statements``:
    the ones at fault, as they were given. ``bundle``: the IRI of the bundle, empty for the document
    itself.
    """

    constraint: int
    name: str
    message: str
    statements: tuple[Statement, ...]
    bundle: str = ""
