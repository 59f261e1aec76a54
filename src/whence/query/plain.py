"""Values as JSON and as people read them: every typed value has a form that strict JSON holds.

NaN and the infinities become the texts ``NaN``, ``Infinity`` and ``-Infinity``; bytes become
``base64:...``; times ISO 8601; tuples, sets and arrays lists. Types are kept in the store; this is
only how they are shown.
"""

from __future__ import annotations

import math
import struct
import sys
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any

from whence.model.value import Foreign, Unencodable

_CODES = {
    "f8": "d", "f4": "f", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b",
    "u8": "Q", "u4": "I", "u2": "H", "u1": "B", "b1": "?",
    "float64": "d", "float32": "f", "float16": "e", "int64": "q", "int32": "i", "int16": "h",
    "int8": "b", "uint8": "B", "bool": "?",
}  # fmt: skip


def plain(value: Any) -> Any:
    """The form of ``value`` that strict JSON holds."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return plain_float(value)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return _other(value)


def plain_float(value: float) -> float | str:
    """The number, or the text that stands for one that JSON has no number for."""
    if math.isfinite(value):
        return float(value)
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def clean(text: str) -> str:
    """The text with lone surrogates (bytes that were not UTF-8) spelled as ``\\xNN``."""
    if text.isascii():
        return text
    try:
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()


def _other(value: Any) -> Any:
    if isinstance(value, bytes):
        return "base64:" + b64encode(value).decode("ascii")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return [plain(each) for each in sorted(value, key=repr)]
    if isinstance(value, PurePath):
        return clean(str(value))
    if isinstance(value, Unencodable):
        return clean(value.text) or f"<{value.type}>"
    if isinstance(value, Foreign):
        return _unpacked(value)
    if _is_array(value):
        return plain(value.tolist())
    return clean(str(value))


def _is_array(value: Any) -> bool:
    for library, names in (("numpy", ("generic", "ndarray")), ("torch", ("Tensor",))):
        module = sys.modules.get(library)
        if module is not None and isinstance(value, tuple(getattr(module, n) for n in names)):
            return True
    return False


def _unpacked(value: Foreign) -> Any:
    """The elements of an array whose library is not here."""
    code = _CODES.get(value.dtype.lstrip("<|="))
    if code is None:
        return f"<{value.library} {value.dtype} {list(value.shape)}>"
    flat: Any = [plain(each) for (each,) in struct.iter_unpack("<" + code, value.data)]
    if not value.shape:
        return flat[0]
    for width in reversed(value.shape[1:]):
        flat = [flat[at : at + width] for at in range(0, len(flat), width)] if width else []
    return flat
