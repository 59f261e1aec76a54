"""Words of a text as SQLite's full-text index takes them apart, so that both stores find the same.

That is the tokenizer ``unicode61`` of FTS5: runs of letters, digits and private characters, in
lower case, Latin letters without their marks.
"""

from __future__ import annotations

from unicodedata import category, decomposition

_APART = {code: " " for code in range(128) if not chr(code).isalnum()}


def tokens(text: str) -> list[str]:
    """The words of a text, in their order."""
    if text.isascii():
        return text.translate(_APART).lower().split()
    found: list[str] = []
    word = ""
    for character in text:
        kind = category(character)
        if kind[0] in "LN" or kind == "Co":
            word += _folded(character)
        elif word and kind != "Mn":
            found.append(word)
            word = ""
    return [*found, word] if word else found


def _folded(character: str) -> str:
    lower = character.lower()
    if len(lower) != 1:
        return character
    base = decomposition(lower).partition(" ")[0]
    if base and not base.startswith("<") and int(base, 16) < 128:
        return chr(int(base, 16))
    return lower
