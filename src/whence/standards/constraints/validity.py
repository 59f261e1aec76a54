"""Checks a document against PROV-CONSTRAINTS, each of its bundles on its own."""

from __future__ import annotations

from whence.standards.constraints.fact import Facts
from whence.standards.constraints.impossibility import impossible
from whence.standards.constraints.ordering import disordered
from whence.standards.constraints.uniqueness import Uniqueness
from whence.standards.constraints.violation import Violation
from whence.standards.prov.statement import Document, Statement


def check(document: Document) -> list[Violation]:
    """What makes the document invalid; nothing when it is valid.

    The document's own statements and those of each bundle are checked apart, as PROV-CONSTRAINTS
    defines it (section 6.2): what one bundle says binds no other.

    >>> from whence.standards.prov.statement import Document, Statement
    >>> same = Statement("specializationOf", None, ("http://e.org/a", "http://e.org/a"))
    >>> [found.name for found in check(Document([same]))]
    ['impossible-specialization-reflexive']
    """
    bundles: dict[str, list[Statement]] = {}
    for statement in document.statements:
        bundles.setdefault(statement.bundle, []).append(statement)
    violations: list[Violation] = []
    for bundle, statements in bundles.items():
        facts = Facts(statements)
        violations += Uniqueness(facts, bundle).violations
        violations += impossible(facts, bundle)
        violations += disordered(facts, bundle)
    return violations
