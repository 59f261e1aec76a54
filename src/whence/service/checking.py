"""Checks records or a document: the rules of PROV-CONSTRAINTS, and the lints of ML work."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from pathlib import Path

import msgspec

from whence._base.errors import UsageError
from whence._base.ids import format_id
from whence.service.exchange import Exchange, read_document
from whence.service.questions import Questions, Thing
from whence.service.subject import text_of
from whence.standards.constraints import Violation, check
from whence.standards.format import Format, format_of_file
from whence.standards.lint import LINTS, NOTEBOOK_LINTS, Facts, findings
from whence.standards.prov.provn import lines
from whence.standards.prov.statement import Document, Name, Statement
from whence.standards.record.outward import document_of
from whence.standards.vocabulary import terms


class Fault(msgspec.Struct, frozen=True):
    """A constraint that does not hold: its number and name in PROV-CONSTRAINTS, and the statements.

    ``statements`` in PROV-N; ``runs`` the IRIs of the runs they came from.
    """

    constraint: int
    name: str
    message: str
    statements: list[str]
    runs: list[str]


class Slip(msgspec.Struct, frozen=True):
    """What a lint found: its name, a sentence, and the ids of the things and of their run."""

    lint: str
    message: str
    things: list[str]
    run: str | None


class Checked(msgspec.Struct, frozen=True):
    """What a check came to; ``valid`` is about the rules of PROV alone."""

    subject: str
    statements: int
    valid: bool
    faults: list[Fault]
    slips: list[Slip]


def check_document(path: Thing, format: str | None = None) -> Checked:
    """Check the document in a file. Raises DocumentError when it does not read."""
    document = read_document(path, format)
    return _checked(text_of(path), document, [])


def check_records(asked: Questions, thing: Thing | None, without: Collection[str] = ()) -> Checked:
    """Check what ``thing`` stands for, with what is upstream of it; all of the store if None.

    ``without`` names lints that are left out. Raises UsageError for a lint that there is not.
    """
    known_lints(without)
    excerpt = Exchange(asked).excerpt(thing, with_upstream=True)
    slips = []
    for found in findings(Facts(excerpt), without):
        nodes = {node.number: node for node in asked.store.nodes([*found.things, found.run or 0])}
        run = nodes.get(found.run or 0)
        ids = [format_id(nodes[number].uid) for number in found.things if number in nodes]
        slips.append(Slip(found.lint, found.message, ids, format_id(run.uid) if run else None))
    subject = text_of(asked.folder if thing is None else thing)
    return _checked(subject, document_of(excerpt), slips)


def known_lints(names: Collection[str]) -> None:
    """Raises UsageError for a name that no lint has."""
    there = [*LINTS, *NOTEBOOK_LINTS]
    unknown = sorted(set(names).difference(there))
    if unknown:
        raise UsageError(f"There is no lint {unknown[0]!r}; there are: {', '.join(there)}")


def is_document(thing: Thing) -> Format | None:
    """The format of the file that ``thing`` names, when it is a provenance document by its name."""
    path = Path(os.fsdecode(thing))
    if not path.is_file():
        return None
    try:
        return format_of_file(path)
    except UsageError:
        return None


def _checked(subject: str, document: Document, slips: list[Slip]) -> Checked:
    document.statements = statements = list(document.statements)
    violations = check(document)
    owners = _owners(statements) if violations else {}
    faults = [_fault(violation, owners, document) for violation in violations]
    return Checked(subject, len(statements), not faults, faults, slips)


def _fault(violation: Violation, owners: dict[str, str], document: Document) -> Fault:
    runs = dict.fromkeys(
        owners[iri]
        for statement in violation.statements
        for iri in (statement.id, *statement.arguments[:2])
        if iri in owners
    )
    return Fault(
        violation.constraint,
        violation.name,
        violation.message,
        lines(violation.statements, document.namespaces),
        list(runs),
    )


def _owners(statements: Iterable[Statement]) -> dict[str, str]:
    """The run that each activity is part of, and that made each entity."""
    parents: dict[str, str] = {}
    makers: dict[str, str] = {}
    runs: set[str] = set()
    for one in statements:
        if one.kind == "activity" and one.id is not None:
            for key, value in one.attributes:
                if isinstance(value, Name) and key == terms.PART_OF:
                    parents[one.id] = value.iri
                elif isinstance(value, Name) and value.iri == terms.CLASSES["run"]:
                    runs.add(one.id)
        elif one.kind == "wasGeneratedBy" and one.arguments[0] and one.arguments[1]:
            makers.setdefault(one.arguments[0], one.arguments[1])
    return _with_runs(parents, makers, runs)


def _with_runs(parents: dict[str, str], makers: dict[str, str], runs: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in (*parents, *runs):
        at, seen = start, set()
        while at not in runs and at in parents and at not in seen:
            seen.add(at)
            at = parents[at]
        if at in runs:
            found[start] = at
    for entity, maker in makers.items():
        if maker in found:
            found[entity] = found[maker]
    return found
