"""Values keep their type: the codec between Python values and the bytes of the journal.

MessagePack holds None, bool, 64-bit integers, float64 (to the last bit, NaN and infinities too),
text, bytes, lists and maps with text keys. All else that must survive is an extension:

    1 big integer   2 complex   3 date and time   4 date   5 time   6 duration   7 decimal
    8 fraction      9 tuple    10 set            11 numpy scalar   12 small numpy array
    13 torch scalar or small tensor   14 text with bytes that are not UTF-8   15 path
    16 a value that can't be recorded: its type's name and a short text of it
    17 frozen set    18 map with keys that are not all text

`typed` gives the form that goes into an event; whoever records a value a user gave calls it.
Subclasses of the plain types (an ``IntEnum``, a namedtuple) are kept as their base. A zone other
than a ``ZoneInfo`` is kept as its offset.

Decoding needs neither numpy nor torch (see `whence.model.foreign`), and never fails on the form of
an extension: what does not read stays an ``Ext``, which is written again unchanged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeGuard

import msgspec
from msgspec.msgpack import Ext

from whence._base.interruption import is_foreign
from whence.model import foreign
from whence.model.foreign import MAX_ELEMENTS, Foreign

if TYPE_CHECKING:
    from fractions import Fraction
    from pathlib import PurePath
    from zoneinfo import ZoneInfo

__all__ = [
    "MAX_DEPTH",
    "MAX_ELEMENTS",
    "Foreign",
    "Unencodable",
    "decode",
    "decode_extension",
    "encode",
    "encode_extension",
    "encoder",
    "lost_values",
    "typed",
    "typed_map",
    "unencodable",
]

MAX_TEXT = 64
MAX_DEPTH = 32


class Unencodable(msgspec.Struct, frozen=True, array_like=True):
    """What is left of a value that could not be recorded: its type and a short text of it."""

    type: str
    text: str


_lost = 0


def lost_values() -> int:
    """How many values of this process became `Unencodable` so far."""
    return _lost


def typed(value: Any, depth: int = 0) -> Any:
    """The form of ``value`` that the journal holds without loss of its type.

    Never raises: what has no form becomes `Unencodable`, and is counted.
    """
    kind = type(value)
    if kind is float or kind is bool or value is None or kind is bytes:
        return value
    if kind is str:
        return value if value.isascii() else _text(value)
    if kind is int:
        return value if _LOWEST <= value <= _HIGHEST else _big_integer(value)
    if depth > MAX_DEPTH:
        return unencodable(value)
    try:
        if kind is dict:
            return _map(value, depth)
        if kind is list:
            return [typed(v, depth + 1) for v in value]
        return _form(value, depth)
    except Exception as error:
        if is_foreign(error.__traceback__):
            raise
        return unencodable(value)


def typed_map(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The form of named values (parameters, tags, attributes): as `typed`, with text for keys."""
    return {_name(key): typed(value, 1) for key, value in values.items()}


def encode(value: Any) -> bytes:
    """The bytes of any value."""
    return encoder.encode(typed(value))


def decode(data: bytes) -> Any:
    """The value that `encode` was given."""
    return _decoder.decode(data)


def encode_extension(value: Any) -> Any:
    """The form of a value that reached the encoder untyped: the hook that msgspec calls."""
    return typed(value)


def decode_extension(code: int, data: memoryview) -> Any:
    """The value of an extension; an unknown code or form gives the ``Ext`` itself."""
    raw = bytes(data)
    decode_form = _DECODERS.get(code)
    if decode_form is None:
        return Ext(code, raw)
    try:
        return decode_form(raw)
    except Exception:  # noqa: BLE001 - the bytes may be anybody's, and so the libraries they name
        return Ext(code, raw)


encoder = msgspec.msgpack.Encoder(enc_hook=encode_extension)
_decoder = msgspec.msgpack.Decoder(ext_hook=decode_extension)


def unencodable(value: Any) -> Ext:
    """The mark of a value that can't be recorded, with its type and a short text, counted."""
    global _lost
    kind = type(value)
    try:
        text = repr(value)[:MAX_TEXT]
    except Exception as error:
        if is_foreign(error.__traceback__):
            raise
        text = ""
    _lost += 1
    return Ext(16, _pack(f"{kind.__module__}.{kind.__qualname__}", _plain_text(text)))


def _form(value: Any, depth: int) -> Any:
    if isinstance(value, Ext):
        return value
    if isinstance(value, Unencodable):
        return Ext(16, _pack(value.type, value.text))
    form = foreign.form_of(value)
    if form is not None:
        return form
    exact = _EXACT.get(type(value))
    if exact is not None:
        return exact(value)
    if isinstance(value, tuple):
        return Ext(9, encoder.encode([typed(v, depth + 1) for v in value]))
    if isinstance(value, set | frozenset):
        code = 10 if isinstance(value, set) else 17
        return Ext(code, encoder.encode([typed(v, depth + 1) for v in sorted(value, key=repr)]))
    if _is_a(value, "pathlib", "PurePath"):
        return Ext(15, str(value).encode("utf-8", "surrogateescape"))
    if _is_a(value, "fractions", "Fraction"):
        return Ext(8, f"{value.numerator}/{value.denominator}".encode())
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    return _base_form(value, depth)


def _base_form(value: Any, depth: int) -> Any:
    """The form of a value of a subclass: that of its base, unless it holds finer times than it."""
    for base in _BASES:
        if isinstance(value, base):
            return typed(base(value), depth + 1)
    if getattr(value, "nanosecond", 0) == 0 == getattr(value, "nanoseconds", 0):
        for exact_type, exact in _EXACT.items():
            if isinstance(value, exact_type):
                return exact(value)
    return unencodable(value)


def _map(value: dict[Any, Any], depth: int) -> Any:
    if all(type(key) is str and key.isascii() for key in value):
        return {key: typed(item, depth + 1) for key, item in value.items()}
    pairs = [(typed(key, depth + 1), typed(item, depth + 1)) for key, item in value.items()]
    if all(type(key) is str for key, _ in pairs):
        return dict(pairs)
    return Ext(18, encoder.encode(pairs))


def _pack(*parts: Any) -> bytes:
    return encoder.encode(list(parts))


def _big_integer(value: int) -> Ext:
    return Ext(1, value.to_bytes(value.bit_length() // 8 + 1, "little", signed=True))


def _text(text: str) -> Any:
    try:
        text.encode()
    except UnicodeEncodeError:
        return Ext(14, text.encode("utf-8", "surrogatepass"))
    return text


def _plain_text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _name(key: Any) -> str:
    return _plain_text(str(key) if isinstance(key, str) else repr(key)[:MAX_TEXT])


def _moment(code: int, value: datetime | time) -> Ext:
    zone = value.tzinfo
    text = datetime.isoformat(value) if isinstance(value, datetime) else time.isoformat(value)
    return Ext(code, _pack(text, zone.key if _is_zone(zone) else "", value.fold))


def _read_datetime(raw: bytes) -> datetime:
    text, zone, fold = _decoder.decode(raw)
    value = datetime.fromisoformat(text).replace(fold=fold)
    return value.replace(tzinfo=_zone(zone)) if zone and _zone(zone) else value


def _read_time(raw: bytes) -> time:
    text, zone, fold = _decoder.decode(raw)
    value = time.fromisoformat(text).replace(fold=fold)
    return value.replace(tzinfo=_zone(zone)) if zone and _zone(zone) else value


def _zone(key: str) -> ZoneInfo | None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _read_fraction(raw: bytes) -> Fraction:
    from fractions import Fraction

    return Fraction(raw.decode())


def _read_path(raw: bytes) -> PurePath:
    from pathlib import PurePath

    return PurePath(raw.decode("utf-8", "surrogateescape"))


def _is_zone(zone: Any) -> TypeGuard[ZoneInfo]:
    return _is_a(zone, "zoneinfo", "ZoneInfo")


def _is_a(value: Any, module: str, name: str) -> bool:
    """Whether ``value`` is of that class; no value is before the module is loaded."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(value, getattr(loaded, name))


_LOWEST, _HIGHEST = -(1 << 63), (1 << 64) - 1

_BASES: tuple[type[Any], ...] = (int, float, str, bytes, dict, list)

_EXACT: dict[type, Callable[[Any], Ext]] = {
    complex: lambda v: Ext(2, _pack(v.real, v.imag)),
    datetime: lambda v: _moment(3, v),
    date: lambda v: Ext(4, v.isoformat().encode()),
    time: lambda v: _moment(5, v),
    timedelta: lambda v: Ext(6, _pack(v.days, v.seconds, v.microseconds)),
    Decimal: lambda v: Ext(7, str(v).encode()),
}

_DECODERS: dict[int, Callable[[bytes], Any]] = {
    1: lambda raw: int.from_bytes(raw, "little", signed=True),
    2: lambda raw: complex(*_decoder.decode(raw)),
    3: _read_datetime,
    4: lambda raw: date.fromisoformat(raw.decode()),
    5: _read_time,
    6: lambda raw: timedelta(*_decoder.decode(raw)),
    7: lambda raw: Decimal(raw.decode()),
    8: _read_fraction,
    9: lambda raw: tuple(_decoder.decode(raw)),
    10: lambda raw: set(_decoder.decode(raw)),
    11: lambda raw: foreign.read(11, raw),
    12: lambda raw: foreign.read(12, raw),
    13: lambda raw: foreign.read(13, raw),
    14: lambda raw: raw.decode("utf-8", "surrogatepass"),
    15: _read_path,
    16: lambda raw: Unencodable(*_decoder.decode(raw)),
    17: lambda raw: frozenset(_decoder.decode(raw)),
    18: lambda raw: dict(_decoder.decode(raw)),
}
