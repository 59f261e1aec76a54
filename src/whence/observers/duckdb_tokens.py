"""The tokens of a query of duckdb, as it parts the text itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from whence.observers.sql import NAME, OTHER, TEXT, WORD, Token

_KINDS = {"identifier": NAME, "string_const": TEXT, "keyword": WORD}


def tokens_of(module: Any, text: str) -> Iterator[Token]:
    """The tokens of a query, as duckdb parts it."""
    coded = text.encode()
    found = module.tokenize(text)
    ends = [*(start for start, _ in found[1:]), len(coded)]
    for (start, kind), end in zip(found, ends, strict=False):
        piece = coded[start:end].decode(errors="replace").strip()
        if kind.name == "comment" or not piece:
            continue
        told = _KINDS.get(kind.name, OTHER)
        yield from _pieces(told, piece)


def _pieces(kind: str, piece: str) -> Iterator[Token]:
    """One token; of a comment at its end only what is before, of operators each by itself."""
    if kind == TEXT:
        yield Token(TEXT, _unquoted(piece, "'"))
    elif kind == NAME:
        yield Token(NAME, _unquoted(piece, '"'))
    elif kind == WORD or len(piece) < 2:
        yield Token(kind, piece)
    else:
        for sign in piece.split()[0]:
            yield Token(OTHER, sign)


def _unquoted(piece: str, quote: str) -> str:
    """The text inside quotes; what stands after them is no part of it."""
    if piece.startswith("$"):
        mark = piece[: piece.find("$", 1) + 1]
        return piece[len(mark) :].partition(mark)[0]
    if not piece.startswith(quote):
        return piece.split()[0]
    inner = piece[1:].replace(quote * 2, "\0").partition(quote)[0]
    return inner.replace("\0", quote)
