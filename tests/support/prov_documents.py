"""PROV documents to compare: the cases of the suites, and statements without their order."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator

from tests.support.corpus import archived, of_prov_library
from whence._base.errors import DocumentError
from whence.standards.prov.format import ProvFormat
from whence.standards.prov.statement import Document, Statement

Unordered = Counter[tuple[object, ...]]


def unordered(statements: Iterable[Statement]) -> Unordered:
    """The statements with how often each comes; the order of attributes does not count."""
    return Counter(
        (s.kind, s.id, s.arguments, frozenset(Counter(s.attributes).items()), s.bundle)
        for s in statements
    )


def written(prov_format: ProvFormat, document: Document) -> bytes:
    """The document in the format."""
    out = io.BytesIO()
    prov_format.write(document, out)
    return out.getvalue()


def read(prov_format: ProvFormat, text: bytes | str) -> Document:
    """The document that the text is in the format."""
    return prov_format.read(io.BytesIO(text.encode() if isinstance(text, str) else text))


def changed(prov_format: ProvFormat, document: Document) -> str:
    """What differs after writing and reading the document; empty when nothing does."""
    again = read(prov_format, written(prov_format, document))
    before, after = unordered(document.statements), unordered(again.statements)
    if before == after and set(document.bundles) == set(again.bundles):
        return ""
    return f"lost {before - after}, new {after - before}"


def refusal(prov_format: ProvFormat, text: bytes) -> str:
    """Why the format refuses to read the text; empty when it reads it."""
    try:
        read(prov_format, text)
    except DocumentError as error:
        return str(error)
    return ""


def of_library(folder: str, suffix: str) -> Iterator[tuple[str, bytes]]:
    """The files of a folder of the `prov` library's corpus, at any depth."""
    for path in sorted(of_prov_library(folder).rglob(f"*{suffix}")):
        yield path.name, path.read_bytes()


def of_southampton(suffix: str) -> dict[str, bytes]:
    """The files of that suffix of Southampton's suite by case."""
    return {
        name.split("/")[-1].removesuffix(suffix): text
        for name, text in sorted(archived("prov-suite.tar.gz").items())
        if name.endswith(suffix)
    }
