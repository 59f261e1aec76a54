"""The edges that a statement of PROV comes to in the record, which has two ends for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from whence.model.relation import BY_TERM, Known, Relation
from whence.standards.prov.signature import SIGNATURES
from whence.standards.prov.statement import Literal, Name, Statement
from whence.standards.record import outward
from whence.standards.record.literal import time_of, value_of
from whence.standards.vocabulary import terms

KNOWN = {iri: known for known, iri in terms.KNOWN_VALUES.items()}

_SUBTYPES = {iri: relation for relation, iri in outward.SUBTYPES.items()}
_NEED_A_SECOND = frozenset({"used", "wasGeneratedBy", "wasInvalidatedBy"})


def edges_of(statement: Statement, left_out: Counter[str]) -> Iterator[tuple[Relation, str, str]]:
    """The relation, source and target of each; what has no place is counted in ``left_out``."""
    kind, arguments = statement.kind, statement.arguments
    first, second = arguments[0], arguments[1]
    if first is None:
        left_out[f"{kind} without its first argument"] += 1
        return
    relation = _relation(statement, left_out)
    if kind in ("wasStartedBy", "wasEndedBy") and arguments[2] is not None:
        yield relation, first, arguments[2]
    if kind == "wasAssociatedWith" and arguments[2] is not None:
        yield Relation.HAD_PLAN, first, arguments[2]
    if second is not None:
        yield relation, first, second
    elif kind in _NEED_A_SECOND or not any(arguments[1:]):
        left_out[f"{kind} without its second argument"] += 1


def _relation(statement: Statement, left_out: Counter[str]) -> Relation:
    kind, further = statement.kind, statement.arguments[2:]
    if kind == "mentionOf":
        left_out["bundle of mentionOf, kept as specializationOf"] += 1
        return Relation.SPECIALIZATION_OF
    if kind == "wasDerivedFrom":
        if any(further):
            left_out["activity, generation and usage of a derivation"] += 1
        return _subtype(statement)
    if kind == "actedOnBehalfOf" and any(further):
        left_out["activity of a delegation"] += 1
    return BY_TERM[kind]


def _subtype(statement: Statement) -> Relation:
    """The relation that the type of a derivation makes of it."""
    for key, value in statement.attributes:
        if key == outward.TYPE and isinstance(value, Name) and value.iri in _SUBTYPES:
            return _SUBTYPES[value.iri]
    return Relation.WAS_DERIVED_FROM


def said_of(statement: Statement) -> tuple[int | None, str, Known | None, dict[str, Any]]:
    """The time of a relation, its role, how it is known, and what else is said of it."""
    keys = [one.key for one in SIGNATURES[statement.kind].arguments]
    time = statement.arguments[keys.index("time")] if "time" in keys else None
    role, known = "", None
    rest: dict[str, Any] = {} if statement.id is None else {"id": statement.id}
    for key, value in statement.attributes:
        if key == outward.ROLE:
            role = str(value_of(value))
        elif key == terms.KNOWN and isinstance(value, Name):
            known = KNOWN.get(value.iri)
        elif key == terms.AT and isinstance(value, Literal):
            time = value.text
        elif not (key == outward.TYPE and isinstance(value, Name) and value.iri in _SUBTYPES):
            rest[key] = value_of(value)
    return None if time is None else time_of(time), role, known, rest
