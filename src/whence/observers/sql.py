"""What a statement of SQL names: tables, files that it reads or writes, tables that it makes.

It reads tokens, as the database itself parts the text, and follows the clauses in which names
stand; it does not know the grammar. What it can't tell is said in ``is_unsure``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

NAME, TEXT, WORD, OTHER = "name", "text", "word", "other"


class Token(NamedTuple):
    """A piece of a statement: a name, a text in quotes (both without them), a keyword or other."""

    kind: str
    text: str


@dataclass
class Mentioned:
    """What one statement names. ``verb`` is its first word."""

    verb: str = ""
    tables: dict[str, None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    written: dict[str, None] = field(default_factory=dict)
    made: str = ""
    is_unsure: bool = False

    @property
    def gives_rows(self) -> bool:
        return self.verb in _GIVE_ROWS


_GIVE_ROWS = frozenset({"select", "from", "with", "table", "pivot", "unpivot", "summarize", "("})
_ENDS_FROM = frozenset(
    {
        "where", "group", "order", "having", "limit", "offset", "union", "intersect", "except",
        "qualify", "window", "sample", "set", "returning",
    }
)  # fmt: skip
_TAKE_FROM = frozenset({"extract", "trim", "substring", "overlay", "position"})
"""Functions in whose arguments a FROM may stand."""

_MAKE = frozenset({"create", "insert", "replace", "merge", "update"})
_BEFORE_MADE = frozenset({"if", "not", "exists", "or", "replace", "ignore", "only"})
_NO_NAMES = frozenset({"select", "values", "with", "from", "as"})
_GIVE_TABLES_OF_FILES = ("read_", "parquet_", "sniff_csv")


@dataclass
class _Level:
    """One pair of parentheses: whether it is a function's, and where in a query we are."""

    is_call: bool = False
    has_select: bool = False
    in_from: bool = False
    expects: bool = False


def statements(tokens: Iterable[Token]) -> Iterator[Mentioned]:
    """What each of the statements names."""
    statement: list[Token] = []
    for token in (*tokens, Token(OTHER, ";")):
        if token == (OTHER, ";"):
            if statement:
                yield _Reader(statement).read()
            statement = []
        else:
            statement.append(token)


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._found = Mentioned(verb=tokens[0].text.lower())
        self._levels = [_Level()]
        self._with: set[str] = set()

    def read(self) -> Mentioned:
        found = self._found
        if found.verb == "copy":
            self._levels[-1].expects = True
            self._at = 1
        elif found.verb == "update":
            self._made()
        while self._at < len(self._tokens):
            self._step(self._tokens[self._at])
            self._at += 1
        for name in self._with:
            found.tables.pop(name, None)
        return found

    def _step(self, token: Token) -> None:
        level, word = self._levels[-1], token.text.lower()
        if token == (OTHER, "("):
            before = self._before()
            is_call = before.kind == NAME or before.text.lower() in _TAKE_FROM
            self._levels.append(_Level(is_call and not level.expects, expects=level.expects))
            level.expects = False
        elif token == (OTHER, ")"):
            if len(self._levels) > 1:
                self._levels.pop()
        elif token == (OTHER, ","):
            level.expects = level.in_from
        elif level.expects and self._is_named(token, word):
            level.expects = False
            self._named(token)
        elif token.kind == WORD:
            self._keyword(level, word)

    def _is_named(self, token: Token, word: str) -> bool:
        if token.kind == WORD:
            return word not in _NO_NAMES and word not in ("lateral", "only")
        return token.kind in (NAME, TEXT)

    def _keyword(self, level: _Level, word: str) -> None:
        if word in ("select", "values"):
            level.has_select, level.in_from, level.expects = True, False, False
        elif word == "from":
            if (level.is_call and not level.has_select) or self._before().text == "distinct":
                return
            level.in_from = level.expects = True
        elif word == "join":
            level.expects = True
        elif word in _ENDS_FROM:
            level.in_from = level.expects = False
        elif word == "as":
            self._with_name()
        elif word in ("into", "table", "view"):
            self._made()
        elif word == "to" and self._found.verb == "copy":
            self._written()

    def _named(self, token: Token) -> None:
        if token.kind == TEXT:
            self._found.files[token.text] = None
            return
        name = self._dotted()
        if self._after() == (OTHER, "("):
            self._function(name)
        else:
            self._found.tables[name] = None

    def _dotted(self) -> str:
        """The name that begins here, with its parts; it ends at its last token."""
        parts = [self._tokens[self._at].text]
        while self._after().text == "." and self._at + 2 < len(self._tokens):
            self._at += 2
            parts.append(self._tokens[self._at].text)
        return ".".join(parts).lower()

    def _function(self, name: str) -> None:
        """A function in the place of a table: the files that its first argument names."""
        if not name.startswith(_GIVE_TABLES_OF_FILES):
            return
        files = []
        for at in range(self._at + 2, len(self._tokens)):
            token = self._tokens[at]
            if token.kind == TEXT:
                files.append(token.text)
            elif token.text not in ("[", "]", ","):
                break
            if self._token(at + 2).text in ("=", ":=", "=>"):
                break
        self._found.files.update(dict.fromkeys(files))
        self._found.is_unsure |= not files

    def _with_name(self) -> None:
        """``name [(columns)] AS [NOT] [MATERIALIZED] (``: the name of a query inside this one."""
        after = self._at + 1
        while self._token(after).text.lower() in ("not", "materialized"):
            after += 1
        if self._token(after) != (OTHER, "("):
            return
        at = self._at - 1
        if self._token(at) == (OTHER, ")"):
            while at > 0 and self._token(at) != (OTHER, "("):
                at -= 1
            at -= 1
        if self._token(at).kind in (NAME, WORD) and any(
            token.text.lower() == "with" for token in self._tokens[:at]
        ):
            self._with.add(self._token(at).text.lower())

    def _made(self) -> None:
        """``CREATE ... TABLE name``, ``INSERT INTO name``, ``UPDATE name`` and their like."""
        if self._found.verb not in _MAKE or self._found.made:
            return
        while self._after().text.lower() in _BEFORE_MADE:
            self._at += 1
        if self._after().kind in (NAME, WORD):
            self._at += 1
            self._found.made = self._dotted()

    def _written(self) -> None:
        if self._after().kind == TEXT:
            self._at += 1
            self._found.written[self._tokens[self._at].text] = None
        else:
            self._found.is_unsure = True

    def _before(self) -> Token:
        return self._token(self._at - 1)

    def _after(self) -> Token:
        return self._token(self._at + 1)

    def _token(self, at: int) -> Token:
        return self._tokens[at] if 0 <= at < len(self._tokens) else Token(OTHER, "")
