"""Statements into PROV-JSON: grouped by bundle and kind, though they arrive in any order."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from json.encoder import encode_basestring_ascii as quoted
from typing import BinaryIO

from whence._base.errors import DocumentError
from whence.standards.prov.ahead import Ahead
from whence.standards.prov.prefixes import Shortener
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME
from whence.standards.prov.spool import Spool
from whence.standards.prov.statement import PROV, XSD_STRING, Document, Literal, Statement, Value

_Group = tuple[str, str]

_PARTS = 64
_KEY = re.compile(r'"(?:[^"\\]|\\.)*"')

_KEYS: dict[str, tuple[tuple[str, bool], ...]] = {
    kind: tuple((f'"prov:{a.key}":', a.names == TIME) for a in signature.arguments)
    for kind, signature in SIGNATURES.items()
}
_TAKEN = {
    kind: frozenset(PROV + a.key for a in signature.arguments)
    for kind, signature in SIGNATURES.items()
}


def write(document: Document, out: BinaryIO) -> None:
    """Write a document, its prefixes first. Of a long one the members of the first group are
    written as they come, where its ids are distinct; the other groups follow, the prefixes last."""
    members = _Members(document, out)
    try:
        for statement in document.statements:
            members.add(statement)
        members.join(document.bundles)
    finally:
        members.close()


class _Members:
    """The members of each group, one line each: ``"id":{...}`` and a comma."""

    def __init__(self, document: Document, out: BinaryIO) -> None:
        self._names = Shortener(document.namespaces, usable=_usable, finish=quoted)
        self._out = out
        self._spool: Spool[_Group] = Spool()
        self._first: _Group | None = None
        self._flows = document.distinct
        self._ahead = Ahead(out, lambda: b"{" + self._opening())
        self._ids: dict[_Group, list[array[int]]] = {}
        self._blank = 0

    def add(self, statement: Statement) -> None:
        kind = statement.kind
        group = statement.bundle, kind
        if statement.id is not None:
            key = self._names[statement.id]
            self._note(group, hash(key))
        elif kind in ELEMENTS:
            raise DocumentError(f"An element of kind {kind} has no id; give it one.")
        else:
            # An odd word, for a name that derivations refer to must not look like it.
            self._blank += 1
            key = f'"_:noid{self._blank}"'
        record = record_text(statement, self._names)
        line = f"{key}:{record},\n".encode("ascii")
        if self._first is None and self._flows and not statement.bundle:
            self._first = group
        if group == self._first:
            self._ahead.add(line)
        else:
            self._spool.add(group, line)

    def _note(self, group: _Group, key: int) -> None:
        # Eight bytes for each id, in parts small enough to look through one at a time.
        parts = self._ids.get(group)
        if parts is None:
            parts = self._ids[group] = [array("q")]
        part = parts[key % len(parts)]
        part.append(key)
        if len(parts) == 1 and len(part) >= 4096:
            self._divide(parts)

    @staticmethod
    def _divide(parts: list[array[int]]) -> None:
        first = parts[0]
        parts[:] = [array("q") for _ in range(_PARTS)]
        for key in first:
            parts[key % _PARTS].append(key)

    def join(self, bundles: tuple[str, ...]) -> None:
        """Write what is left: prefixes, the document's own groups, then its bundles."""
        kinds: dict[str, list[str]] = {"": []}
        for bundle, kind in self._spool.groups():
            kinds.setdefault(bundle, []).append(kind)
        for bundle in bundles:
            kinds.setdefault(bundle, [])
        names = {bundle: self._names[bundle] for bundle in kinds if bundle}
        out, flows = self._out, self._ahead.flows
        own = kinds.pop("")
        if flows:
            self._end_first()
        else:
            out.write(b"{" + self._prefixes())
            own += [self._first[1]] if self._first else []
        self._write_groups("", own, b",\n")
        for place, (bundle, inner) in enumerate(kinds.items()):
            out.write(b',\n"bundle":{\n' if place == 0 else b",\n")
            out.write(names[bundle].encode("ascii") + b":{")
            self._write_groups(bundle, inner, b"")
            out.write(b"}")
        out.write(b"}" if kinds else b"")
        out.write(b",\n" + self._prefixes() + b"}\n" if flows else b"}\n")

    def close(self) -> None:
        self._spool.close()

    def _prefixes(self) -> bytes:
        pairs = (
            f"{quoted(prefix or 'default')}:{quoted(namespace)}"
            for prefix, namespace in self._names.prefixes.items()
        )
        return b'"prefix":{' + ",".join(pairs).encode("ascii") + b"}"

    def _opening(self) -> bytes:
        assert self._first is not None
        return f'"{self._first[1]}":{{\n'.encode("ascii")

    def _end_first(self) -> None:
        """End the group that was written as it came: what is written can't become a list."""
        assert self._first is not None
        if _repeated(self._ids.get(self._first, [])):
            raise DocumentError(
                f"A statement {self._first[1]} comes twice under one id, which PROV-JSON tells as "
                "a list, and the first is written by now. Use another format."
            )
        _write_members(iter([self._ahead.rest()]), self._out)
        self._out.write(b"}")

    def _write_groups(self, bundle: str, kinds: list[str], before: bytes) -> None:
        order = {kind: place for place, kind in enumerate(SIGNATURES)}
        for kind in sorted(kinds, key=order.__getitem__):
            group = bundle, kind
            self._out.write(before + f'"{kind}":{{\n'.encode("ascii"))
            before = b",\n"
            repeated = _repeated(self._ids.get(group, []))
            held = group == self._first and not self._ahead.flows
            chunks = iter([self._ahead.rest()]) if held else self._spool.chunks(group)
            _write_members(_merged(chunks, repeated) if repeated else chunks, self._out)
            self._out.write(b"}")


def record_text(statement: Statement, names: Shortener) -> str:
    """The object of one statement: its arguments, then its attributes by name."""
    try:
        keys = _KEYS[statement.kind]
    except KeyError:
        raise DocumentError(f"{statement.kind!r} is no kind of PROV statement.") from None
    if len(statement.arguments) > len(keys):
        raise DocumentError(f"A {statement.kind} takes at most {len(keys)} arguments.")
    parts = [
        key + (quoted(argument) if is_time else names[argument])
        for (key, is_time), argument in zip(keys, statement.arguments, strict=False)
        if argument is not None
    ]
    if statement.attributes:
        parts += _attributes(statement, names)
    return "{" + ",".join(parts) + "}"


def _attributes(statement: Statement, names: Shortener) -> Iterator[str]:
    by_name: dict[str, list[str]] = {}
    taken = _TAKEN[statement.kind]
    for name, value in statement.attributes:
        if name in taken:
            raise DocumentError(
                f"A {statement.kind} has an attribute {name}, which PROV-JSON can't tell from "
                "its argument of that name."
            )
        by_name.setdefault(names[name], []).append(_value(value, names))
    for name, values in by_name.items():
        yield f"{name}:{values[0]}" if len(values) == 1 else f"{name}:[{','.join(values)}]"


def _value(value: Value, names: Shortener) -> str:
    if not isinstance(value, Literal):
        return f'{{"$":{names[value.iri]},"type":"xsd:QName"}}'
    if value.language:
        return f'{{"$":{quoted(value.text)},"lang":{quoted(value.language)}}}'
    if value.datatype == XSD_STRING:
        return quoted(value.text)
    return f'{{"$":{quoted(value.text)},"type":{names[value.datatype]}}}'


def _usable(prefix: str, _namespace: str) -> bool:
    # PROV-JSON keeps the key "default" for the default namespace.
    return prefix not in ("default", "_") and ":" not in prefix


def _repeated(parts: list[array[int]]) -> set[int]:
    """The hashes of the ids that come more than once."""
    found: set[int] = set()
    for part in parts:
        seen: set[int] = set()
        if len(set(part)) < len(part):
            for key in part:
                (found if key in seen else seen).add(key)
    return found


def _merged(chunks: Iterator[bytes], repeated: set[int]) -> Iterator[bytes]:
    """The members as they are, but those of one id as one member with a list, at the end."""
    lists: dict[str, list[str]] = {}
    for chunk in chunks:
        for line in chunk.decode("ascii").splitlines():
            key = _KEY.match(line)[0]  # type: ignore[index]  # each line begins with a key
            end = len(key)
            if hash(key) in repeated:
                lists.setdefault(key, []).append(line[end + 1 : -1])
            else:
                yield (line + "\n").encode("ascii")
    for key, records in lists.items():
        value = f"[{','.join(records)}]" if len(records) > 1 else records[0]
        yield f"{key}:{value},\n".encode("ascii")


def _write_members(chunks: Iterator[bytes], out: BinaryIO) -> None:
    """Write members that each end in a comma, but for the last comma."""
    held = b""
    for chunk in chunks:
        out.write(held)
        held = chunk
    out.write(held[:-2] + b"\n")
