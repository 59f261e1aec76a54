"""The tokens of a statement of SQL, where the database does not part it for us.

It knows what the dialects have in common: texts in single quotes, names in double quotes, back
quotes and brackets, comments, words. What begins a text and never ends it runs to the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from whence.observers.sql import NAME, OTHER, TEXT, WORD, Mentioned, Token, statements

MAX_READ = 100_000
"""Of a longer text only the beginning is read; what it names is then not sure."""

_MAX_TEXTS = 256

_TOKEN = re.compile(
    r"""(?P<skip>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
    |'(?P<text>(?:[^']|'')*)(?:'|\Z)
    |\$(?P<mark>\w*)\$(?P<dollar>.*?)(?:\$(?P=mark)\$|\Z)
    |"(?P<double>(?:[^"]|"")*)(?:"|\Z)
    |`(?P<back>[^`]*)(?:`|\Z)
    |\[(?P<bracket>[^\]]*)\]
    |(?P<word>[^\W\d]\w*)
    |(?P<number>\d[\w.]*)
    |(?P<other>.)""",
    re.X | re.S,
)
_WORDS = frozenset(
    {
        "all", "and", "as", "between", "by", "case", "copy", "create", "cross", "delete",
        "distinct", "else", "end", "except", "exists", "extract", "from", "full", "group",
        "having", "if", "in", "inner", "insert", "intersect", "into", "is", "join", "lateral",
        "left", "like", "limit", "materialized", "merge", "natural", "not", "null", "offset", "on",
        "only", "or", "order", "outer", "over", "overlay", "partition", "position", "qualify",
        "recursive", "replace", "returning", "right", "select", "set", "substring", "table",
        "temp", "temporary", "then", "to", "trim", "union", "update", "using", "values", "view",
        "when", "where", "window", "with",
    }
)  # fmt: skip


def tokens(text: str) -> Iterator[Token]:
    """The tokens of the beginning of a text."""
    for found in _TOKEN.finditer(text[:MAX_READ]):
        kind, piece = found.lastgroup, found[found.lastgroup or 0]
        if kind == "word":
            yield Token(WORD if piece.lower() in _WORDS else NAME, piece)
        elif kind in ("text", "dollar"):
            yield Token(TEXT, piece.replace("''", "'"))
        elif kind in ("double", "back", "bracket"):
            yield Token(NAME, piece.replace('""', '"'))
        elif kind != "skip":
            yield Token(OTHER, piece)


class Texts:
    """What texts of SQL name; one that comes again is not read again."""

    def __init__(self) -> None:
        self._known: dict[str, list[Mentioned]] = {}

    def named(self, text: str) -> list[Mentioned]:
        """What each statement of a text names."""
        found = self._known.get(text)
        if found is None:
            if len(self._known) >= _MAX_TEXTS:
                self._known.clear()
            found = self._known[text] = list(statements(tokens(text)))
            if len(text) > MAX_READ and found:
                found[-1].is_unsure = True
        return found
