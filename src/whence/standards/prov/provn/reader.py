"""Reads PROV-N (W3C PROV-N, 2013-04-30).

The grammar is read as it stands, with these courtesies for files that are about: optional
arguments may be left out from the end, statements may follow a bundle, and the shorthands for
revisions, quotations and primary sources of earlier drafts are read as the derivations they mean.
"""

from __future__ import annotations

import re
from typing import NoReturn

from whence._base.errors import DocumentError
from whence.standards.prov.provn import lexer
from whence.standards.prov.provn.lexer import Tokens
from whence.standards.prov.signature import ELEMENTS, SIGNATURES, TIME, UNIDENTIFIED
from whence.standards.prov.statement import (
    INTERNATIONALIZED,
    PROV,
    XSD,
    Document,
    Literal,
    Name,
    Statement,
    Value,
)

QUALIFIED_NAME = PROV + "QUALIFIED_NAME"
RESERVED = {"prov": PROV, "xsd": XSD}
"""The prefixes that every document has without declaring them."""

_ESCAPED = re.compile(r"\\(.)")
_DICTIONARY = {"hadDictionaryMember", "derivedByInsertionFrom", "derivedByRemovalFrom"}
_ENDS = {"endDocument", "endBundle"}
_DERIVATIONS = {
    "wasRevisionOf": Name(PROV + "Revision"),
    "wasQuotedFrom": Name(PROV + "Quotation"),
    "hadPrimarySource": Name(PROV + "PrimarySource"),
}
_TIMES = {
    kind: tuple(argument.names == TIME for argument in signature.arguments)
    for kind, signature in SIGNATURES.items()
}
_LEAST = {
    kind: sum(argument.required for argument in signature.arguments)
    for kind, signature in SIGNATURES.items()
}


def parse(content: bytes) -> Document:
    """The document that these bytes write in PROV-N; raises DocumentError with the line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"Line {line} is no PROV-N: it is not UTF-8. Save the file as UTF-8."
        ) from None
    return _Reader(text).document()


class _Scope:
    """The prefixes of a document or bundle, and the names resolved with them so far."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.prefixes = dict(prefixes)
        self.resolved: dict[str, str] = {}

    def declare(self, prefix: str, namespace: str) -> None:
        self.prefixes[prefix] = namespace
        self.resolved.clear()

    def resolve(self, word: str) -> str | None:
        """The IRI of a name; None when it has no such form or its prefix is not declared."""
        match = lexer.NAME.fullmatch(word)
        if match is None:
            return None
        prefix, local, alone = match.groups()
        namespace = self.prefixes.get(alone or prefix or "")
        if namespace is None:
            return None
        local = local or ""
        iri = namespace + (_ESCAPED.sub(r"\1", local) if "\\" in local else local)
        self.resolved[word] = iri
        return iri


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.next = self.tokens.next
        self.statements: list[Statement] = []
        self.scope = _Scope(RESERVED)
        self.bundle = ""
        self.namespaces: dict[str, str] = {}

    def document(self) -> Document:
        if self.next()[1] != "document":
            self.refuse("a document begins with the word 'document'")
        empty: list[str] = []
        while (word := self.word("a statement or 'endDocument'")) != "endDocument":
            if word == "bundle":
                self.read_bundle(empty)
            else:
                self.read_line(word)
        if self.next()[0] != lexer.END:
            self.refuse("nothing may follow 'endDocument'")
        return Document(self.statements, self.namespaces, empty)

    def read_bundle(self, empty: list[str]) -> None:
        outer, before = self.scope, len(self.statements)
        expected = "a statement or 'endBundle'"
        name = self.word("the name of the bundle")
        # Its own prefixes may be those that its name is written with.
        self.scope = _Scope(outer.prefixes)
        word = self.word(expected)
        while word in ("prefix", "default"):
            self.declare(word)
            word = self.word(expected)
        self.bundle = self.name(name)
        while word != "endBundle":
            if word == "bundle":
                self.refuse("a bundle stands inside a bundle; PROV has one level of them")
            self.read_line(word)
            word = self.word(expected)
        if len(self.statements) == before:
            empty.append(self.bundle)
        self.scope, self.bundle = outer, ""

    def read_line(self, word: str) -> None:
        if word in ("prefix", "default"):
            self.declare(word)
        elif word in _ENDS:
            self.refuse(f"{word!r} stands where nothing was begun")
        else:
            self.read_statement(word)

    def declare(self, word: str) -> None:
        prefix = self.word("a prefix") if word == "prefix" else ""
        if prefix and re.fullmatch(lexer.PREFIX, prefix) is None:
            self.refuse(f"{prefix!r} is no prefix")
        kind, text = self.next()
        namespace = lexer.unescape_iri(text) if kind == lexer.IRI else None
        if namespace is None:
            self.refuse("a namespace's IRI in angle brackets is missing")
        if prefix == "xsd" and namespace == XSD[:-1]:
            namespace = XSD  # an old habit of writers, who mean the same types
        self.scope.declare(prefix, namespace)
        self.namespaces.setdefault(prefix, namespace)

    def read_statement(self, word: str) -> None:
        kind = word.removeprefix("prov:")
        derived = _DERIVATIONS.get(kind)
        if derived is not None:
            kind = "wasDerivedFrom"
        if kind not in SIGNATURES:
            if kind in _DICTIONARY:
                self.refuse(f"{word!r} is of PROV-DICTIONARY, which is not read here")
            self.refuse(f"{word!r} is no statement of PROV")
        if self.next()[1] != "(":
            self.refuse(f"'(' is missing after {word!r}")
        identifier, words, attributes = self.read_arguments(kind)
        if derived is not None:
            attributes = ((PROV + "type", derived), *attributes)
        self.statements.append(
            Statement(kind, identifier, self.arguments(kind, words), attributes, self.bundle)
        )

    def read_arguments(
        self, kind: str
    ) -> tuple[str | None, list[str], tuple[tuple[str, Value], ...]]:
        identifier: str | None = None
        words: list[str] = []
        attributes: tuple[tuple[str, Value], ...] = ()
        while True:
            token, text = self.next()
            if token == lexer.WORD:
                words.append(text)
                mark = self.next()[1]
                if mark == ";" and len(words) == 1 and identifier is None and kind not in ELEMENTS:
                    identifier = words.pop()
                    continue
            elif text == "[" and token == lexer.MARK:
                attributes = self.read_attributes()
                mark = self.next()[1]
                if mark != ")":
                    self.refuse("')' is missing after the attributes")
            else:
                self.refuse("a name, a time, '-' or '[' is missing")
            if mark == ")":
                break
            if mark != ",":
                self.refuse("',' or ')' is missing after an argument")
        return self.identified(kind, identifier, words), words, attributes

    def identified(self, kind: str, identifier: str | None, words: list[str]) -> str | None:
        """The IRI that names the statement; an element's is taken from its first argument."""
        if kind in ELEMENTS:
            if not words or words[0] == "-":
                self.refuse(f"{kind} has no name")
            return self.name(words.pop(0))
        if identifier is None or identifier == "-":
            return None
        if kind in UNIDENTIFIED:
            self.refuse(f"{kind} has no id in PROV")
        return self.name(identifier)

    def arguments(self, kind: str, words: list[str]) -> tuple[str | None, ...]:
        times = _TIMES[kind]
        if not _LEAST[kind] <= len(words) <= len(times):
            self.refuse(f"{kind} has {_LEAST[kind]} to {len(times)} arguments, not {len(words)}")
        resolved = self.scope.resolved
        values: list[str | None] = []
        for word, is_time in zip(words, times, strict=False):
            if word == "-":
                values.append(None)
            elif is_time:
                if lexer.TIME.fullmatch(word) is None:
                    self.refuse(f"{word!r} is no time; write it as 2026-01-31T12:00:00Z")
                values.append(word)
            else:
                values.append(resolved.get(word) or self.name(word))
        values += [None] * (len(times) - len(words))
        return tuple(values)

    def read_attributes(self) -> tuple[tuple[str, Value], ...]:
        """The pairs up to the closing bracket; the opening one is read."""
        pairs: list[tuple[str, Value]] = []
        token, text = self.next()
        while not (token == lexer.MARK and text == "]"):
            if token != lexer.WORD:
                self.refuse("the name of an attribute is missing")
            name = self.scope.resolved.get(text) or self.name(text)
            if self.next()[1] != "=":
                self.refuse("'=' is missing after the name of an attribute")
            value, (token, text) = self.value()
            pairs.append((name, value))
            if token == lexer.MARK and text == ",":
                token, text = self.next()
                if text == "]" and token == lexer.MARK:
                    self.refuse("an attribute is missing after ','")
            elif text != "]" or token != lexer.MARK:
                self.refuse("',' or ']' is missing after an attribute")
        return tuple(pairs)

    def value(self) -> tuple[Value, tuple[int, str]]:
        """A value, and the token behind it."""
        token, text = self.next()
        if token == lexer.STRING or token == lexer.LONG_STRING:
            return self.string(text)
        if token == lexer.QUOTED_NAME:
            return self.quoted(text), self.next()
        if token != lexer.WORD or lexer.INTEGER.fullmatch(text) is None:
            self.refuse("a value is missing: a string, an integer or a name in single quotes")
        return Literal(text, XSD + "int"), self.next()

    def string(self, written: str) -> tuple[Value, tuple[int, str]]:
        text = lexer.unescape_string(written)
        if text is None:
            self.refuse("a string has an escape that PROV-N does not know")
        after = self.next()
        if after == (lexer.MARK, "%%"):
            datatype = self.name(self.word("a datatype"))
            behind = self.next()
            is_name = datatype == QUALIFIED_NAME
            return self.quoted(text) if is_name else Literal(text, datatype), behind
        if after[0] == lexer.WORD and after[1][0] == "@":
            language = after[1][1:]
            if lexer.LANGUAGE.fullmatch(language) is None:
                self.refuse(f"{language!r} is no language tag")
            return Literal(text, INTERNATIONALIZED, language), self.next()
        return Literal(text), after

    def quoted(self, text: str) -> Value:
        # A name as a value is no reference: where its prefix is not declared (the W3C's own
        # examples have such), it is kept by its text.
        iri = self.scope.resolved.get(text) or self.scope.resolve(text)
        return Literal(text, QUALIFIED_NAME) if iri is None else Name(iri)

    def name(self, word: str) -> str:
        iri = self.scope.resolve(word)
        if iri is None:
            prefix, colon, _ = word.partition(":")
            if lexer.NAME.fullmatch(word) is None:
                self.refuse(f"{word!r} is no qualified name")
            self.refuse(
                f"the prefix {prefix!r} is not declared"
                if colon
                else f"{word!r} has no prefix and there is no default namespace"
            )
        return iri

    def word(self, expected: str) -> str:
        token, text = self.next()
        if token != lexer.WORD:
            self.refuse(f"{expected} is missing")
        return text

    def refuse(self, reason: str) -> NoReturn:
        raise self.tokens.error(reason)
