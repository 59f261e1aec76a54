"""What the arguments of each PROV statement are, in PROV-N's order (W3C PROV-N, table 3).

For each argument: its name as PROV-JSON spells it after ``prov:``, what it names, and the property
that PROV-O gives it on the qualified relation. For each relation: PROV-O's plain property and its
class of influence.
"""

from __future__ import annotations

from typing import NamedTuple

ENTITY, ACTIVITY, AGENT, TIME, ANY, RELATION = (
    "entity", "activity", "agent", "time", "any", "relation",
)  # fmt: skip


class Argument(NamedTuple):
    """One position. ``key``: PROV-JSON's after ``prov:``; ``names``: what stands there.

    ``required``: PROV-DM asks for it. ``term``: PROV-O's property of the qualified influence;
    empty for the first, which is the subject.
    """

    key: str
    names: str
    required: bool = False
    term: str = ""


class Signature(NamedTuple):
    """A kind of statement. ``term``: PROV-O's plain property. ``qualified`` and ``influence``: the
    property and class by which PROV-O qualifies it; empty where it can't."""

    arguments: tuple[Argument, ...]
    term: str = ""
    qualified: str = ""
    influence: str = ""


def _of(key: str, names: str, term: str = "", required: bool = False) -> Argument:
    return Argument(key, names, required, term)


ELEMENTS: dict[str, Signature] = {
    "entity": Signature(()),
    "activity": Signature((_of("startTime", TIME), _of("endTime", TIME))),
    "agent": Signature(()),
}

RELATIONS: dict[str, Signature] = {
    "wasGeneratedBy": Signature(
        (
            _of("entity", ENTITY, required=True),
            _of("activity", ACTIVITY, "activity"),
            _of("time", TIME, "atTime"),
        ),
        "wasGeneratedBy", "qualifiedGeneration", "Generation",
    ),
    "used": Signature(
        (
            _of("activity", ACTIVITY, required=True),
            _of("entity", ENTITY, "entity"),
            _of("time", TIME, "atTime"),
        ),
        "used", "qualifiedUsage", "Usage",
    ),
    "wasInformedBy": Signature(
        (
            _of("informed", ACTIVITY, required=True),
            _of("informant", ACTIVITY, "activity", required=True),
        ),
        "wasInformedBy", "qualifiedCommunication", "Communication",
    ),
    "wasStartedBy": Signature(
        (
            _of("activity", ACTIVITY, required=True),
            _of("trigger", ENTITY, "entity"),
            _of("starter", ACTIVITY, "hadActivity"),
            _of("time", TIME, "atTime"),
        ),
        "wasStartedBy", "qualifiedStart", "Start",
    ),
    "wasEndedBy": Signature(
        (
            _of("activity", ACTIVITY, required=True),
            _of("trigger", ENTITY, "entity"),
            _of("ender", ACTIVITY, "hadActivity"),
            _of("time", TIME, "atTime"),
        ),
        "wasEndedBy", "qualifiedEnd", "End",
    ),
    "wasInvalidatedBy": Signature(
        (
            _of("entity", ENTITY, required=True),
            _of("activity", ACTIVITY, "activity"),
            _of("time", TIME, "atTime"),
        ),
        "wasInvalidatedBy", "qualifiedInvalidation", "Invalidation",
    ),
    "wasDerivedFrom": Signature(
        (
            _of("generatedEntity", ENTITY, required=True),
            _of("usedEntity", ENTITY, "entity", required=True),
            _of("activity", ACTIVITY, "hadActivity"),
            _of("generation", RELATION, "hadGeneration"),
            _of("usage", RELATION, "hadUsage"),
        ),
        "wasDerivedFrom", "qualifiedDerivation", "Derivation",
    ),
    "wasAttributedTo": Signature(
        (
            _of("entity", ENTITY, required=True),
            _of("agent", AGENT, "agent", required=True),
        ),
        "wasAttributedTo", "qualifiedAttribution", "Attribution",
    ),
    "wasAssociatedWith": Signature(
        (
            _of("activity", ACTIVITY, required=True),
            _of("agent", AGENT, "agent"),
            _of("plan", ENTITY, "hadPlan"),
        ),
        "wasAssociatedWith", "qualifiedAssociation", "Association",
    ),
    "actedOnBehalfOf": Signature(
        (
            _of("delegate", AGENT, required=True),
            _of("responsible", AGENT, "agent", required=True),
            _of("activity", ACTIVITY, "hadActivity"),
        ),
        "actedOnBehalfOf", "qualifiedDelegation", "Delegation",
    ),
    "wasInfluencedBy": Signature(
        (
            _of("influencee", ANY, required=True),
            _of("influencer", ANY, "influencer", required=True),
        ),
        "wasInfluencedBy", "qualifiedInfluence", "Influence",
    ),
    "alternateOf": Signature(
        (_of("alternate1", ENTITY, required=True), _of("alternate2", ENTITY, required=True)),
        "alternateOf",
    ),
    "specializationOf": Signature(
        (
            _of("specificEntity", ENTITY, required=True),
            _of("generalEntity", ENTITY, required=True),
        ),
        "specializationOf",
    ),
    "hadMember": Signature(
        (_of("collection", ENTITY, required=True), _of("entity", ENTITY, required=True)),
        "hadMember",
    ),
    "mentionOf": Signature(
        (
            _of("specificEntity", ENTITY, required=True),
            _of("generalEntity", ENTITY, required=True),
            _of("bundle", ANY, "asInBundle", required=True),
        ),
        "mentionOf",
    ),
}  # fmt: skip

SIGNATURES: dict[str, Signature] = ELEMENTS | RELATIONS

UNIDENTIFIED = frozenset({"alternateOf", "specializationOf", "hadMember", "mentionOf"})
"""Relations that PROV-DM gives no id and no attributes."""
