"""PROV statements, as every PROV format here reads and writes them.

A statement is what one line of PROV-N says (W3C PROV-DM): its kind by the PROV-N word, an id, the
arguments in the order that `whence.standards.prov.signature` gives, and attributes. Everything is
kept as it was written: names as whole IRIs, times and literals as text with their type, so nothing
is lost or rounded between two formats. A document is a flat sequence of statements, each of which
knows its bundle, so that a long one can be streamed.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

PROV = "http://www.w3.org/ns/prov#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"

XSD_STRING = XSD + "string"
INTERNATIONALIZED = PROV + "InternationalizedString"


class Literal(msgspec.Struct, frozen=True, gc=False):
    """A value by its text. ``datatype`` is an IRI.

    A text in a ``language`` has the datatype prov:InternationalizedString.
    """

    text: str
    datatype: str = XSD_STRING
    language: str = ""


class Name(msgspec.Struct, frozen=True, gc=False):
    """A value that is itself a name: the ``iri`` of a thing."""

    iri: str


Value = Literal | Name


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One statement.

    ``kind``: the PROV-N word (``wasGeneratedBy``). ``id``: the IRI that names the statement, for an
    element (entity, activity, agent) the thing itself; None where a relation has none.
    ``arguments``: IRIs or times (``xsd:dateTime`` as text), by position, None where none is given.
    ``attributes``: pairs of an IRI and a value, in order, a name may come more than once.
    ``bundle``: the IRI of the bundle it stands in, empty for the document itself.
    """

    kind: str
    id: str | None = None
    arguments: tuple[str | None, ...] = ()
    attributes: tuple[tuple[str, Value], ...] = ()
    bundle: str = ""


class Document:
    """Statements with the prefixes their writer would like: prefix -> namespace IRI.

    The prefix ``""`` is the default namespace. ``statements`` may be a generator, then it can be
    gone through once; a reader gives a list where its format does not stream. ``bundles`` names the
    bundles that have no statement. ``distinct`` promises that no two statements of one kind have
    the same id. ``texts`` are contents by their SHA-256 that came beside the statements.
    """

    def __init__(
        self,
        statements: Iterable[Statement],
        namespaces: dict[str, str] | None = None,
        bundles: Iterable[str] = (),
        *,
        distinct: bool = False,
    ) -> None:
        self.statements = statements
        self.namespaces = dict(namespaces or {})
        self.bundles = tuple(bundles)
        self.distinct = distinct
        self.texts: dict[bytes, bytes] = {}
