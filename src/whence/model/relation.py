"""The relations of PROV-DM, which way each reads, and whether questions follow it.

``source relation target``: "model wasGeneratedBy run". Each target lies upstream of its source,
so a trace walks from source to target and an impact from target to source, over the relations
that ``FOLLOWED`` names. The numbers are stored: never renumber them. Those below
``FIRST_NOT_FOLLOWED`` are followed, so that a query asks for a range.

Source: W3C PROV-DM, sections 5.1 to 5.6. ``partOf`` is Whence's own, since PROV has no
containment of activities.
"""

from __future__ import annotations

from enum import IntEnum

FIRST_NOT_FOLLOWED = 64


class Relation(IntEnum):
    """A relation, by the number under which it is stored."""

    USED = 1
    WAS_GENERATED_BY = 2
    WAS_INFORMED_BY = 3
    WAS_STARTED_BY = 4
    WAS_DERIVED_FROM = 5
    WAS_REVISION_OF = 6
    WAS_QUOTED_FROM = 7
    HAD_PRIMARY_SOURCE = 8
    WAS_ATTRIBUTED_TO = 9
    WAS_ASSOCIATED_WITH = 10
    ACTED_ON_BEHALF_OF = 11
    WAS_INFLUENCED_BY = 12
    SPECIALIZATION_OF = 13
    HAD_MEMBER = 14
    HAD_PLAN = 15
    PART_OF = 16
    HAS_PART = 17

    WAS_ENDED_BY = 64
    WAS_INVALIDATED_BY = 65
    ALTERNATE_OF = 66
    PART_OF_GROUP = 67

    @property
    def term(self) -> str:
        """The PROV term, as answers and exports spell it."""
        return _TERMS[self]

    @property
    def followed(self) -> bool:
        """Whether trace and impact walk along it."""
        return self < FIRST_NOT_FOLLOWED


def _term(relation: Relation) -> str:
    first, *rest = relation.name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


_TERMS = {relation: _term(relation) for relation in Relation}
_TERMS[Relation.PART_OF_GROUP] = "partOf"
_TERMS[Relation.HAS_PART] = "hasPart"

BY_TERM = {
    term: relation for relation, term in _TERMS.items() if relation is not Relation.PART_OF_GROUP
}


class Known(IntEnum):
    """How an edge is known. Never guessed in silence."""

    OBSERVED = 0
    DECLARED = 1
    INFERRED = 2

    @property
    def term(self) -> str:
        return self.name.lower()


WHY_FOLLOWED: dict[Relation, str] = {
    Relation.USED: "what an activity read lies upstream of it",
    Relation.WAS_GENERATED_BY: "the activity that made an entity lies upstream of it",
    Relation.WAS_INFORMED_BY: "the informant lies upstream",
    Relation.WAS_STARTED_BY: "the trigger lies upstream",
    Relation.WAS_DERIVED_FROM: "the source lies upstream",
    Relation.WAS_REVISION_OF: "an appended or updated file keeps the past of what it was",
    Relation.WAS_QUOTED_FROM: "the source lies upstream",
    Relation.HAD_PRIMARY_SOURCE: "the source lies upstream",
    Relation.WAS_ATTRIBUTED_TO: "ends at the agent; an impact begins there only if asked of it",
    Relation.WAS_ASSOCIATED_WITH: "ends at the agent; an impact begins there only if asked of it",
    Relation.ACTED_ON_BEHALF_OF: "the responsible agent lies upstream",
    Relation.WAS_INFLUENCED_BY: "the influence lies upstream",
    Relation.SPECIALIZATION_OF: (
        "a special thing has the past of the general one. Content has no past of its own, so two "
        "occurrences of equal bytes never meet through it; see `by content`"
    ),
    Relation.HAD_MEMBER: "a collection has the past of its members; a change of one reaches it",
    Relation.HAD_PLAN: "the plan lies upstream",
    Relation.PART_OF: (
        "both ways inside a run: parts of a run share its memory, so what one part read may be in "
        "what another wrote. Data flow between objects narrows this where it was seen"
    ),
    Relation.HAS_PART: "the other direction of partOf, kept for speed; never shown",
    Relation.WAS_ENDED_BY: "not followed: how an activity ended does not make what it wrote",
    Relation.WAS_INVALIDATED_BY: "not followed: a removal makes nothing",
    Relation.ALTERNATE_OF: (
        "not followed where declared: an alternate need not share a past. The ones inferred by "
        "content are followed, marked inferred"
    ),
    Relation.PART_OF_GROUP: (
        "not followed: runs of one experiment or project do not share memory; they meet through "
        "what they write and read"
    ),
}
"""One sentence for each relation; the reference page and the tests are made from it."""
