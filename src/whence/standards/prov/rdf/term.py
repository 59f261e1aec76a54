"""Names and literals as text of N-Quads and of Turtle."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from whence._base.errors import DocumentError
from whence.standards.prov.rdf.iri import blank, iri, is_iri
from whence.standards.prov.rdf.vocabulary import TYPE
from whence.standards.prov.statement import PROV, RDF, RDFS, XSD, XSD_STRING, Literal

_CACHED = 1 << 14
_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f-\x9f\ud800-\udfff]')
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_LANGUAGE = re.compile(  # BCP 47, without its list of tags grandfathered in
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?"
    r"(?:-(?:[A-Za-z]{2}|[0-9]{3}))?(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
    r"(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*(?:-[xX](?:-[A-Za-z0-9]{1,8})+)?"
)
_FLOATS = (XSD + "double", XSD + "float")
_SPELLED = {
    "inf": "INF", "+inf": "INF", "Infinity": "INF", "+INF": "INF", "-inf": "-INF",
    "-Infinity": "-INF", "nan": "NaN",
}  # fmt: skip
_TAGGED = (RDF + "langString", RDF + "dirLangString")
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?")
_LOCAL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?")


class Terms:
    """Terms as N-Quads writes them, whole.

    ``iri`` gives the text of an IRI, ``name`` that of an IRI or a blank node; both raise
    DocumentError for what is neither. The latest are kept, so memory stays bounded.
    """

    type = f"<{TYPE}>"

    def __init__(self) -> None:
        self.iri: Callable[[str], str] = lru_cache(_CACHED)(self._iri)
        self.name: Callable[[str], str] = lru_cache(_CACHED)(self._name)

    def literal(self, value: Literal) -> str:
        """The text of a literal; raises DocumentError for a language or text that RDF refuses."""
        text = value.text
        if _SPECIAL.search(text):
            text = _SPECIAL.sub(_escaped, text)
        if value.language:
            return f'"{text}"@{_language(value.language)}'
        datatype = value.datatype
        if datatype == XSD_STRING:
            return f'"{text}"'
        if datatype in _FLOATS:
            text = _SPELLED.get(text, text)
        elif datatype in _TAGGED:
            raise DocumentError(f"A text of the type {datatype} needs a language. Give it one.")
        return f'"{text}"^^{self.iri(datatype)}'

    def _iri(self, name: str) -> str:
        return f"<{iri(name)}>"

    def _name(self, name: str) -> str:
        return blank(name) if name.startswith("_:") else self._iri(name)


class PrefixedTerms(Terms):
    """Terms as Turtle and TriG write them, with a prefix where the document has one that fits.

    ``prefixes`` are those that hold; one whose prefix or namespace Turtle can't hold is left out.
    """

    type = "a"

    def __init__(self, namespaces: Mapping[str, str]) -> None:
        super().__init__()
        wanted = {"prov": PROV, "xsd": XSD, "rdfs": RDFS, **namespaces}
        self.prefixes = {
            prefix: namespace
            for prefix, namespace in wanted.items()
            if _PREFIX.fullmatch(prefix) and is_iri(namespace)
        }
        self._prefix_of = {
            namespace: f"{prefix}:"
            for prefix, namespace in reversed(self.prefixes.items())
            if not (namespace.endswith(":") and "/" in namespace)
        }

    def _iri(self, name: str) -> str:
        end = 1 + (max(name.rfind("#"), name.rfind("/")) if "/" in name else name.rfind(":"))
        prefix = self._prefix_of.get(name[:end])
        if prefix is not None and _LOCAL.fullmatch(name, end):
            return prefix + name[end:]
        return super()._iri(name)


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if "\ud800" <= character <= "\udfff":
        raise DocumentError(
            f"A text holds {character!a}, half of a character, which RDF can't hold. "
            "Decode the text rightly first."
        )
    return _ESCAPES.get(character) or f"\\u{ord(character):04X}"


def _language(tag: str) -> str:
    if not _LANGUAGE.fullmatch(tag):
        raise DocumentError(f"{tag[:80]!a} is no language that RDF can hold. Give one as 'en'.")
    return tag
