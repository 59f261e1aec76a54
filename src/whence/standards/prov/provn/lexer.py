"""The words of PROV-N: tokens with their place, and the spelling of names, strings and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from whence._base.errors import DocumentError

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_INNER = _BASE + "_0-9\u00b7\u0300-\u036f\u203f-\u2040\\-"
_OTHERS = "/@~&+*?#$!"
ESCAPED = "='(),\\-:;\\[\\]."
"""The characters, as a regular expression's class, that a local name holds behind a backslash."""

PREFIX = f"[{_BASE}](?:[{_INNER}.]*[{_INNER}])?"
_START = f"[{_BASE}_0-9{_OTHERS}]|%[0-9A-Fa-f]{{2}}|\\\\[{ESCAPED}]"
_REST = f"[{_INNER}{_OTHERS}]|%[0-9A-Fa-f]{{2}}|\\\\[{ESCAPED}]"
NAME = re.compile(f"(?:({PREFIX}):)?((?:{_START})(?:\\.*(?:{_REST}))*+)|({PREFIX}):")
"""A qualified name: prefix and local name, or a prefix alone."""

LOCAL_PLAIN = re.compile(
    f"(?:[{_BASE}_0-9{_OTHERS}{ESCAPED}]|%[0-9A-Fa-f]{{2}})"
    f"(?:[{_INNER}{_OTHERS}{ESCAPED}]|%[0-9A-Fa-f]{{2}})*+"
)
"""What a local name can say, before its characters are escaped."""

TIME = re.compile(r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
INTEGER = re.compile(r"-?[0-9]+")
LANGUAGE = re.compile(r"[A-Za-z]+(?:-[A-Za-z0-9]+)*")

WORD, MARK, STRING, LONG_STRING, QUOTED_NAME, IRI, END, OPEN_COMMENT, STRAY = range(1, 10)

_TOKEN = re.compile(
    r"(?:[ \t\r\n]++|//[^\r\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)*+"
    rf"(?:(?!/[/*])((?:[{_INNER}{_OTHERS}.:]|%[0-9A-Fa-f]{{2}}|\\[{ESCAPED}])++)"
    r"|([()\[\],;=]|%%)"
    r'|"(?!"")([^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+)"'
    r'|"""((?:[^"\\]|\\[\s\S]|"(?!""))*+)"""'
    r"|'([^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+)'"
    r'|<([^<>"{}|^`\x00-\x20]*+)>'
    r"|(\Z)|(/\*)|([\s\S]))"
)

_UNKNOWN = {
    '"': "a string is not closed",
    "'": "a quoted name is not closed",
    "<": "an IRI is not closed or holds a character that IRIs do not have",
}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[\s\S])")
_CODE_POINT = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[\s\S]|$)")
_CONTROL = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


class Tokens:
    """The tokens of a text, one after another, and the line of the last one.

    A token is its kind and its text; strings, quoted names and IRIs come without their quotes.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._matches: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self._at: re.Match[str] | None = None

    def next(self) -> tuple[int, str]:
        """The next token; past the last one comes END."""
        match = next(self._matches)
        self._at = match
        kind = match.lastindex or END
        if kind >= OPEN_COMMENT:
            self._refuse(kind, match[kind])
        return kind, match[kind]

    def _refuse(self, kind: int, text: str) -> None:
        if kind == OPEN_COMMENT:
            raise self.error("a comment is not closed")
        raise self.error(_UNKNOWN.get(text, f"the character {text!a} has no meaning here"))

    def error(self, reason: str) -> DocumentError:
        """The error that names this reason and the line of the last token."""
        at = self._at.start(self._at.lastindex or 0) if self._at is not None else 0
        line = self._text.count("\n", 0, at) + 1
        return DocumentError(f"Line {line} is no PROV-N: {reason}.")


def unescape_string(text: str) -> str | None:
    """What a string says; None when one of its escapes is none."""
    return _decode(text, _ESCAPE, _CONTROL)


def unescape_iri(text: str) -> str | None:
    """What an IRI says; None when one of its escapes is none."""
    return _decode(text, _CODE_POINT, {})


def _decode(text: str, escape: re.Pattern[str], control: dict[str, str]) -> str | None:
    if "\\" not in text:
        return text
    wrong = False

    def decoded(match: re.Match[str]) -> str:
        nonlocal wrong
        code = match[1]
        if len(code) > 1:
            point = int(code[1:], 16)
            if point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF:
                return chr(point)
        elif code in control:
            return control[code]
        wrong = True
        return ""

    said = escape.sub(decoded, text)
    return None if wrong else said
