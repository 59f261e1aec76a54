"""A document's statements written as RDF text, in pieces of bounded size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from whence._base.errors import DocumentError
from whence.standards.prov.rdf.projection import Projection, Said
from whence.standards.prov.rdf.term import PrefixedTerms, Terms
from whence.standards.prov.statement import Document, Statement

_PIECE = 1000
_NEXT = " ;\n    "


def nquads(statements: Iterable[Statement], bundles: Iterable[str] = ()) -> Iterator[bytes]:
    """N-Quads in pieces. ``bundles`` names those that have no statement."""
    terms = Terms()
    projection = Projection(terms)
    bundle, end = "", " .\n"
    lines: list[str] = []

    def enter(name: str) -> str:
        if not name:
            return " .\n"
        end = f" {terms.name(name)} .\n"
        subject, (marker,) = projection.bundle(name)
        lines.append(f"{subject} {marker}{end}")
        return end

    for statement in statements:
        if statement.bundle != bundle:
            bundle = statement.bundle
            end = enter(bundle)
        for subject, said in projection.of(statement):
            lines += [f"{subject} {each}{end}" for each in said]
        if len(lines) >= _PIECE:
            yield "".join(lines).encode()
            lines.clear()
    for name in bundles:
        enter(name)
    yield "".join(lines).encode()


def turtle(document: Document) -> Iterator[bytes]:
    """Turtle in pieces. Raises DocumentError at the first statement that stands in a bundle."""
    terms = PrefixedTerms(document.namespaces)
    projection = Projection(terms)
    pieces = [_prefixes(terms)]
    for name in document.bundles:
        raise _no_bundles(name)
    for statement in document.statements:
        if statement.bundle:
            raise _no_bundles(statement.bundle)
        pieces += [_block(said) for said in projection.of(statement)]
        if len(pieces) >= _PIECE:
            yield "".join(pieces).encode()
            pieces.clear()
    yield "".join(pieces).encode()


def trig(document: Document) -> Iterator[bytes]:
    """TriG in pieces: a block of statements for each bundle, entered anew when it comes again."""
    terms = PrefixedTerms(document.namespaces)
    projection = Projection(terms)
    pieces = [_prefixes(terms)]
    bundle = ""

    def enter(name: str) -> None:
        if bundle:
            pieces.append("}\n")
        if name:
            pieces.append(f"\n{terms.name(name)} {{\n{_block(projection.bundle(name))}")

    for statement in document.statements:
        if statement.bundle != bundle:
            enter(statement.bundle)
            bundle = statement.bundle
        pieces += [_block(said) for said in projection.of(statement)]
        if len(pieces) >= _PIECE:
            yield "".join(pieces).encode()
            pieces.clear()
    for name in (*document.bundles, ""):
        enter(name)
        bundle = name
    yield "".join(pieces).encode()


def _no_bundles(name: str) -> DocumentError:
    return DocumentError(
        f"Turtle can't hold the bundle {ascii(name[:200])[1:-1]}. Write TriG, or N-Quads."
    )


def _block(said: Said) -> str:
    subject, about = said
    return f"{subject} {_NEXT.join(about)} .\n"


def _prefixes(terms: PrefixedTerms) -> str:
    lines = [f"@prefix {prefix}: <{name}> .\n" for prefix, name in terms.prefixes.items()]
    return "".join([*lines, "\n"])
