"""Attributes that RDF would not tell from the statement itself, so they are refused.

PROV-O puts a statement's arguments and its attributes in the same place, properties of one node. An
attribute ``prov:used`` whose value is a name would be read as a relation.
"""

from __future__ import annotations

from whence._base.errors import DocumentError
from whence.standards.prov.rdf.vocabulary import (
    ACTIVITY_TIME,
    CLASS_OF,
    DATE_TIME,
    DICTIONARY,
    ELEMENT_CLASS,
    FORMAL,
    IN_BUNDLE,
    INFLUENCE_CLASS,
    PLAIN,
    PROV_TYPE,
    QUALIFIED,
    SUBTYPES,
    TYPE,
    short,
)
from whence.standards.prov.statement import Name, Value

_JOINING = {*PLAIN, *QUALIFIED, IN_BUNDLE}
_SUSPECT = {*_JOINING, *DICTIONARY, *ACTIVITY_TIME, PROV_TYPE, TYPE}.union(*FORMAL.values())
_CLASSES = {*INFLUENCE_CLASS, *ELEMENT_CLASS, *DICTIONARY}


def check(kind: str, name: str, value: Value) -> None:
    """Raise DocumentError where a statement of that kind can't have the attribute in RDF."""
    if name in _SUSPECT and (_is_type(kind, name, value) or _is_argument(kind, name, value)):
        shown = f"{short(name)}={short(value.iri)}" if isinstance(value, Name) else short(name)
        raise DocumentError(
            f"its attribute {ascii(shown)[1:-1]} would read as a statement of its own there. "
            "Say it as a statement, or give the attribute another name."
        )


def _is_type(kind: str, name: str, value: Value) -> bool:
    """Whether it is a type that makes the thing another statement as well."""
    if name not in (PROV_TYPE, TYPE) or not isinstance(value, Name) or value.iri not in _CLASSES:
        return False
    if kind in ELEMENT_CLASS.values():
        return value.iri not in ELEMENT_CLASS
    if value.iri in (CLASS_OF.get(kind), CLASS_OF["wasInfluencedBy"]):
        return False
    return kind != "wasDerivedFrom" or value.iri not in SUBTYPES


def _is_argument(kind: str, name: str, value: Value) -> bool:
    """Whether it is a property that joins two things, or gives an argument of the statement."""
    if name in DICTIONARY:
        return True
    if isinstance(value, Name):
        return name in _JOINING or (name in FORMAL.get(kind, ()) and not FORMAL[kind][name][1])
    if value.datatype != DATE_TIME:
        return False
    if name in ACTIVITY_TIME:
        return kind == "activity"
    return name in FORMAL.get(kind, ()) and FORMAL[kind][name][1]
