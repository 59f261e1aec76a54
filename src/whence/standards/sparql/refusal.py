"""What a query may not do: change anything, or ask another machine. And which graphs it asks."""

from __future__ import annotations

import re

from whence._base.errors import UsageError

_TOKEN = re.compile(
    r"""
    (?P<skip> \s+ | \#[^\r\n]*
      | \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | "(?:[^"\\\r\n]|\\.)*" | '(?:[^'\\\r\n]|\\.)*'
      | [?$]\w+ | @[A-Za-z][A-Za-z0-9-]* )
    | (?P<iri> <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<prefixed> (?:\w[\w.-]*)?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)* )
    | (?P<word> [A-Za-z_]\w* )
    | (?P<other> . )
    """,
    re.VERBOSE | re.DOTALL,
)
_UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}
)
_QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_HIDDEN = re.compile(r"\).*service#", re.IGNORECASE)
"""Between ``<`` and ``>`` where these may be comparisons, and no IRI stands."""


def check(query: str) -> None:
    """Raise UsageError where a query is an update, or asks a service elsewhere.

    >>> check("select * { ?s a 'service' }")
    """
    begun = False
    for match in _TOKEN.finditer(query):
        if match.lastgroup == "iri" and _HIDDEN.search(match.group()):
            raise _service(query, match)
        if match.lastgroup != "word":
            continue
        word = match.group().upper()
        if word == "SERVICE":
            raise _service(query, match)
        begun = begun or word in _QUERIES
        if not begun and word in _UPDATES:
            raise UsageError(
                f"{word} at {_place(query, match.start())} would change the record, which is read"
                " only. Ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
            )


def has_dataset(query: str) -> bool:
    """Whether a query says with FROM which graphs it asks.

    >>> has_dataset("ASK FROM <http://a> {}"), has_dataset("ASK { ?from a 'FROM' }")
    (True, False)
    """
    return any(
        match.lastgroup == "word" and match.group().upper() == "FROM"
        for match in _TOKEN.finditer(query)
    )


def _service(query: str, match: re.Match[str]) -> UsageError:
    return UsageError(
        f"SERVICE at {_place(query, match.start())} would send a request to another machine, which"
        " is never done. Ask the store alone"
    )


def _place(query: str, at: int) -> str:
    line = query.count("\n", 0, at) + 1
    return f"line {line}, column {at - (query.rfind(chr(10), 0, at) + 1) + 1}"
