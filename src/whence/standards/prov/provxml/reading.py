"""PROV-XML into statements, as the parser comes by them."""

from __future__ import annotations

from typing import BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from whence._base.errors import DocumentError
from whence.standards.prov.jsontext import typed_value
from whence.standards.prov.prefixes import WELL_KNOWN, Scope, UnknownName
from whence.standards.prov.provxml.names import XML, XML_SCHEMA, XSI, local_of
from whence.standards.prov.provxml.record import Field, Record, Unfit
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    RDF,
    Document,
    Literal,
    Name,
    Statement,
)

TITLE = "PROV-XML"

_Attributes = dict[str, str]

_IRIS = {XML_SCHEMA: XML_SCHEMA + "#"}
_ID, _REF = f"{PROV} id", f"{PROV} ref"
_TYPE, _LANGUAGE = f"{XSI} type", f"{XML} lang"


def read(source: BinaryIO) -> Document:
    """The document. Raises DocumentError with the line."""
    reader = _Reader()
    try:
        reader.parser.ParseFile(source)
    except expat.ExpatError as error:
        where = f"line {error.lineno}, column {error.offset + 1}"
        reason = expat.ErrorString(error.code)
        raise DocumentError(f"Not {TITLE}: {where} is not XML ({reason}).") from None
    except (Unfit, UnknownName) as unfit:
        line = reader.parser.CurrentLineNumber
        raise DocumentError(f"Not {TITLE}: at line {line} {unfit}.") from None
    except (ValueError, LookupError) as error:
        raise DocumentError(f"Not {TITLE}: its encoding can't be read ({error}).") from None
    return Document(reader.statements, reader.wished, reader.empty)


class _Reader:
    """What the parser calls. It is in a document, a bundle, a record or a field of one."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.wished: dict[str, str] = {}
        self.empty: list[str] = []
        self._bundle = ""
        self._bundle_from = 0
        self._record: Record | None = None
        self._field: Field | None = None
        self._skipped = 0
        self._depth = 0
        self._prefixes: dict[str, list[str]] = {}
        self._declared: list[tuple[str, str]] = []
        self._built: Scope | None = None
        self.parser = self._made()

    def _made(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.namespace_prefixes = True
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._data
        parser.StartNamespaceDeclHandler = self._declare
        parser.EndNamespaceDeclHandler = self._undeclare
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def _doctype(self, *_: object) -> None:
        raise Unfit("a DTD stands, which is not read here; remove the DOCTYPE")

    def _declare(self, prefix: str | None, namespace: str | None) -> None:
        iri = _IRIS.get(namespace or "", namespace or "")
        self._prefixes.setdefault(prefix or "", []).append(iri)
        self._declared.append((prefix or "", iri))
        self._built = None
        if iri and prefix not in ("xsi", *WELL_KNOWN):
            self.wished.setdefault(prefix or "", iri)

    def _undeclare(self, prefix: str | None) -> None:
        self._prefixes[prefix or ""].pop()
        self._built = None

    @property
    def _scope(self) -> Scope:
        if self._built is None:
            last = {prefix: found[-1] for prefix, found in self._prefixes.items() if found}
            self._built = Scope({prefix: iri for prefix, iri in last.items() if iri})
        return self._built

    def _start(self, tag: str, attributes: _Attributes) -> None:
        declared, self._declared = self._declared, []
        self._depth += 1
        if self._skipped:
            self._skipped += 1
        elif self._field is not None:
            self._within(tag, attributes, declared)
        elif self._record is not None:
            self._field = self._new_field(tag, _unprefixed(attributes))
        elif self._depth == 1:
            if _split(tag)[:2] != (PROV, "document"):
                raise Unfit(f"the element {_split(tag)[1][:80]!r} stands, expected prov:document")
        else:
            self._start_record(tag, _unprefixed(attributes))

    def _start_record(self, tag: str, attributes: _Attributes) -> None:
        namespace, local, _ = _split(tag)
        if namespace != PROV:
            raise Unfit(f"the element {local[:80]!r} stands, expected one of PROV's")
        name = attributes.get(_ID)
        iri = None if name is None else self._scope.expand(name.strip())
        if local == "other":
            self._skipped = 1
        elif local == "bundleContent":
            if self._bundle or iri is None:
                raise Unfit("a bundle stands in a bundle" if self._bundle else "a bundle has no id")
            self._bundle, self._bundle_from = iri, len(self.statements)
        else:
            self._record = Record(local, iri, self._bundle)
            if _TYPE in attributes:
                self._record.of_type(self._scope.expand(attributes[_TYPE].strip()))

    def _new_field(self, tag: str, attributes: _Attributes) -> Field:
        namespace, local, _ = _split(tag)
        if not namespace:
            raise Unfit(f"the attribute {local[:80]!r} has no namespace")
        for key in attributes:
            if key not in (_REF, _TYPE, _LANGUAGE):
                raise Unfit(f"{_split(key)[1][:80]!r} stands on {local[:80]!r}, which has no such")
        ref = attributes.get(_REF)
        kind = attributes.get(_TYPE)
        return Field(
            _IRIS.get(namespace, namespace) + local_of(local),
            None if ref is None else self._scope.expand(ref.strip()),
            None if kind is None else self._scope.expand(kind.strip()),
            attributes.get(_LANGUAGE, ""),
        )

    def _within(self, tag: str, attributes: _Attributes, declared: list[tuple[str, str]]) -> None:
        """An element in a field: part of a literal of XML, or a reference one level deeper."""
        field = self._field
        assert field is not None
        field.inside += 1
        if field.datatype == RDF + "XMLLiteral":
            spaces = [(f"xmlns:{p}" if p else "xmlns", n) for p, n in declared]
            own = [(_as_written(key), value) for key, value in attributes.items()]
            text = "".join(f" {key}={quoteattr(value)}" for key, value in spaces + own)
            field.text.append(f"<{_as_written(tag)}{text}>")
        elif (ref := _unprefixed(attributes).get(_REF)) and not field.iri and field.inside == 1:
            field.iri = self._scope.expand(ref.strip())
        else:
            raise Unfit(f"the element {_split(tag)[1][:80]!r} stands in a value")

    def _end(self, tag: str) -> None:
        self._depth -= 1
        field, record = self._field, self._record
        if self._skipped:
            self._skipped -= 1
        elif field is not None and field.inside:
            field.inside -= 1
            if field.datatype == RDF + "XMLLiteral":
                _close(tag, field.text)
        elif field is not None and record is not None:
            self._field = None
            self._end_field(record, field)
        elif record is not None:
            self._record = None
            self.statements += record.statements()
        elif self._bundle:
            if len(self.statements) == self._bundle_from:
                self.empty.append(self._bundle)
            self._bundle = ""

    def _end_field(self, record: Record, field: Field) -> None:
        text = "".join(field.text)
        place = record.place(field.name)
        if place is not None:
            if place.is_time:
                record.argument(place, text.strip())
            else:
                record.argument(place, field.iri or self._scope.expand(text.strip()))
        elif field.iri is not None:
            record.attribute(field.name, Name(field.iri))
        elif field.language:
            record.attribute(field.name, Literal(text, INTERNATIONALIZED, field.language))
        elif field.datatype is None:
            record.attribute(field.name, Literal(text))
        else:
            record.attribute(field.name, typed_value(text, field.datatype, self._scope))

    def _data(self, text: str) -> None:
        field = self._field
        if field is not None:
            xml = field.datatype == RDF + "XMLLiteral" and field.inside
            field.text.append(escape(text) if xml else text)
        elif not self._skipped and not text.isspace():
            raise Unfit(f"the text {text.strip()[:40]!r} stands between elements")


def _split(tag: str) -> tuple[str, str, str]:
    """Namespace, local name and prefix of a name as the parser gives it."""
    parts = tag.split(" ")
    if len(parts) == 1:
        return "", tag, ""
    return parts[0], parts[1], parts[2] if len(parts) > 2 else ""


def _unprefixed(attributes: _Attributes) -> _Attributes:
    return {" ".join(key.split(" ")[:2]): value for key, value in attributes.items()}


def _as_written(tag: str) -> str:
    _, local, prefix = _split(tag)
    return f"{prefix}:{local}" if prefix else local


def _close(tag: str, text: list[str]) -> None:
    """End an element of a literal; one without content is written short."""
    last = text[-1]
    if last.startswith("<") and not last.startswith("</") and not last.endswith("/>"):
        text[-1] = f"{last[:-1]}/>"
    else:
        text.append(f"</{_as_written(tag)}>")
