"""Values of the record as strict JSON: no NaN, no lone surrogates, no endless nesting."""

from __future__ import annotations

import json
import math
from typing import Any

_DEEP = 20
_LONG = 10_000
"""How many bits an integer may have: Python refuses to write far longer ones in decimal."""


def json_value(value: Any, depth: int = 0) -> Any:
    """The value as JSON holds it; what it has no form for is text."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if type(value) is int:
        return value if value.bit_length() < _LONG else hex(value)
    if type(value) is float:
        return value if math.isfinite(value) else str(value)
    if depth < _DEEP and isinstance(value, dict):
        return {str(key): json_value(one, depth + 1) for key, one in value.items()}
    if depth < _DEEP and isinstance(value, (list, tuple)):
        return [json_value(one, depth + 1) for one in value]
    return str(value)


def value_text(value: Any) -> str:
    """The value as one text: a text itself, all else as JSON."""
    told = json_value(value)
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False)


def json_bytes(document: Any, indent: int | None = None) -> bytes:
    """The document as UTF-8; what is no character in a text becomes a question mark."""
    separators = (",", ": ") if indent else (",", ":")
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators
    )
    return text.encode("utf-8", "replace") + b"\n"
