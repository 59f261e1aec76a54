"""Values of the record as typed literals, and back without loss.

What XSD has a type for is written in it. Lists, maps and None are ``rdf:JSON`` where JSON holds
them; all else (decimals, numpy scalars, sets) is the record's own encoding in base64, with a
datatype of ours.
"""

from __future__ import annotations

import json
import math
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from whence._base.errors import DocumentError
from whence.model.value import decode, encode
from whence.standards.prov.statement import RDF, XSD, XSD_STRING, Literal, Name, Value
from whence.standards.vocabulary.terms import PACKED

INTEGER, DOUBLE, BOOLEAN = XSD + "integer", XSD + "double", XSD + "boolean"
DATE_TIME, BASE64, JSON = XSD + "dateTime", XSD + "base64Binary", RDF + "JSON"

_DAY = 86_400_000_000_000
_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "unsignedInt", "unsignedLong", "unsignedShort",
        "unsignedByte", "nonNegativeInteger", "positiveInteger", "negativeInteger",
        "nonPositiveInteger",
    )
)  # fmt: skip
_DOUBLES = frozenset({DOUBLE, XSD + "float"})
_SPECIAL = {"INF": math.inf, "+INF": math.inf, "-INF": -math.inf, "NaN": math.nan}


def literal(value: Any) -> Literal:
    """The literal of any value that the record can hold."""
    kind = type(value)
    if kind is str and _is_plain(value):
        return Literal(value)
    if kind is bool:
        return Literal("true" if value else "false", BOOLEAN)
    if kind is int:
        return Literal(str(value), INTEGER)
    if kind is float:
        return Literal(_double(value), DOUBLE)
    if kind is bytes:
        return Literal(b64encode(value).decode(), BASE64)
    if _is_json(value):
        return Literal(json.dumps(value, ensure_ascii=False, separators=(",", ":")), JSON)
    return Literal(b64encode(encode(value)).decode(), PACKED)


def value_of(value: Value) -> Any:
    """The value of a literal; of a name its IRI. Datatypes that are not known stay text.

    Raises DocumentError when the text is none of its datatype.
    """
    if isinstance(value, Name):
        return value.iri
    text, datatype = value.text, value.datatype
    try:
        if datatype == XSD_STRING:
            return text
        if datatype in _INTEGERS:
            return int(text)
        if datatype in _DOUBLES:
            return _SPECIAL[text.strip()] if text.strip() in _SPECIAL else float(text)
        if datatype == BOOLEAN:
            return {"true": True, "1": True, "false": False, "0": False}[text.strip()]
        if datatype == BASE64:
            return b64decode(text, validate=True)
        if datatype == JSON:
            return json.loads(text)
        if datatype == PACKED:
            return decode(b64decode(text, validate=True))
    except (ValueError, KeyError, Base64Error, RecursionError) as error:
        raise DocumentError(
            f"{text[:60]!r} is no value of the datatype {datatype}; correct the document"
        ) from error
    return text


def time_text(at: int) -> str:
    """Nanoseconds since the epoch as an ``xsd:dateTime`` in UTC, to the nanosecond."""
    days, rest = divmod(at, _DAY)
    seconds, nanoseconds = divmod(rest, 1_000_000_000)
    minutes, second = divmod(seconds, 60)
    text = f"{_date(days)}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}"
    return f"{text}.{nanoseconds:09d}".rstrip("0") + "Z" if nanoseconds else text + "Z"


@lru_cache(1024)
def _date(days: int) -> str:
    return (date(1970, 1, 1) + timedelta(days)).isoformat()


def time_of(text: str) -> int:
    """Nanoseconds since the epoch of an ``xsd:dateTime``; without a zone it is taken for UTC.

    Raises DocumentError when it is none.
    """
    whole, _, rest = text.strip().partition(".")
    digits = ""
    if rest:
        digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
        whole += rest[len(digits) :]
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError as error:
        raise DocumentError(
            f"{text[:60]!r} is no time (xsd:dateTime); correct the document"
        ) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86400 + since.seconds) * 1_000_000_000 + int(f"{digits:0<9}"[:9])


def _double(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return repr(value)


def _is_plain(text: str) -> bool:
    """Whether every format holds the text: whole characters, and none that XML leaves out."""
    return text.isprintable() or all(
        char in "\t\n\r" or (" " <= char <= "\ud7ff") or ("\ue000" <= char <= "\ufffd")
        or char >= "\U00010000"
        for char in text
    )  # fmt: skip


def _is_json(value: Any, depth: int = 0) -> bool:
    if value is None or type(value) in (bool, int):
        return True
    if type(value) is str:
        return _is_plain(value)
    if type(value) is float:
        return math.isfinite(value)
    if depth > 20:
        return False
    if type(value) is list:
        return all(_is_json(item, depth + 1) for item in value)
    return type(value) is dict and all(
        type(key) is str and _is_plain(key) and _is_json(item, depth + 1)
        for key, item in value.items()
    )
