"""Values keep their type: the codec between Python values and the bytes of the journal.

MessagePack holds None, bool, 64-bit integers, float64 (to the last bit, NaN and infinities too),
text, bytes, lists and maps with text keys. All else that must survive is an extension:

    1 big integer   2 complex   3 date and time   4 date   5 time   6 duration   7 decimal
    8 fraction      9 tuple    10 set            11 numpy scalar   12 small numpy array
    13 torch scalar or small tensor   14 text with bytes that are not UTF-8   15 path
    16 a value that can't be recorded: its type's name and a short text of it

`typed` gives the form that goes into an event; whoever records a value a user gave calls it.
Subclasses of the plain types (an ``IntEnum``, a namedtuple) are kept as their base.

Decoding needs neither numpy nor torch: without them the parts are kept in a `Foreign` value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from msgspec.msgpack import Ext

MAX_ELEMENTS = 1024
"""Arrays of more elements are not values: their shape and type are kept, not their content."""

MAX_TEXT = 64
MAX_DEPTH = 32


class Foreign(msgspec.Struct, frozen=True, array_like=True):
    """A scalar or small array of a library that is not here: its raw parts.

    ``library`` is ``numpy`` or ``torch``; ``dtype`` as that library spells it; ``shape`` empty for
    a scalar; ``data`` the elements in C order and the machine's little-endian byte order.
    """

    library: str
    dtype: str
    shape: tuple[int, ...]
    data: bytes


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
    if kind is dict:
        return {_key(k): typed(v, depth + 1) for k, v in value.items()}
    if kind is list:
        return [typed(v, depth + 1) for v in value]
    try:
        return _form(value, depth)
    except Exception:  # noqa: BLE001 - a foreign object's own code may raise anything
        return unencodable(value)


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
    """The value of an extension; an unknown code gives the ``Ext`` itself."""
    decode_form = _DECODERS.get(code)
    raw = bytes(data)
    return Ext(code, raw) if decode_form is None else decode_form(raw)


encoder = msgspec.msgpack.Encoder(enc_hook=encode_extension)
_decoder = msgspec.msgpack.Decoder(ext_hook=decode_extension)


def unencodable(value: Any) -> Ext:
    """The mark of a value that can't be recorded, with its type and a short text, counted."""
    global _lost
    _lost += 1
    kind = type(value)
    try:
        text = repr(value)[:MAX_TEXT]
    except Exception:  # noqa: BLE001 - a foreign __repr__ may raise anything
        text = ""
    return Ext(16, _pack(f"{kind.__module__}.{kind.__qualname__}", _plain_text(text)))


def _form(value: Any, depth: int) -> Any:
    for library, is_one, parts in _FOREIGN:
        module = sys.modules.get(library)
        if module is not None and is_one(module, value):
            return parts(module, value)
    if isinstance(value, Ext):
        return value
    exact = _EXACT.get(type(value))
    if exact is not None:
        return exact(value)
    if isinstance(value, tuple):
        return Ext(9, encoder.encode([typed(v, depth + 1) for v in value]))
    if isinstance(value, set | frozenset):
        return Ext(10, encoder.encode([typed(v, depth + 1) for v in sorted(value, key=repr)]))
    if isinstance(value, PurePath):
        return Ext(15, str(value).encode("utf-8", "surrogateescape"))
    for base in (bool, int, float, str, bytes, dict, list):
        if isinstance(value, base):
            return typed(base(value), depth + 1)
    return unencodable(value)


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


def _key(key: Any) -> str:
    return _plain_text(key if isinstance(key, str) else repr(key)[:MAX_TEXT])


def _datetime_parts(value: datetime) -> Ext:
    zone = value.tzinfo
    return Ext(3, _pack(value.isoformat(), zone.key if isinstance(zone, ZoneInfo) else "", value.fold))


def _numpy_parts(np: Any, value: Any) -> Any:
    array = np.asarray(value)
    if array.dtype.hasobject or array.dtype.names or array.size > MAX_ELEMENTS:
        return _summary("numpy.ndarray", str(array.dtype), array.shape)
    little = array.astype(array.dtype.newbyteorder("<"))
    code = 11 if isinstance(value, np.generic) else 12
    return Ext(code, _pack("numpy", little.dtype.str, list(array.shape), little.tobytes()))


def _torch_parts(torch: Any, value: Any) -> Any:
    shape = [int(n) for n in value.shape]
    dtype = str(value.dtype).removeprefix("torch.")
    if value.device.type != "cpu" or value.is_sparse or value.numel() > MAX_ELEMENTS:
        return _summary("torch.Tensor", dtype, shape)
    raw = value.detach().contiguous().reshape(-1).view(torch.uint8)
    return Ext(13, _pack("torch", dtype, shape, bytes(raw.tolist())))


def _summary(kind: str, dtype: str, shape: Any) -> dict[str, Any]:
    return {"type": kind, "dtype": dtype, "shape": [int(n) for n in shape]}


def _read_datetime(raw: bytes) -> datetime:
    text, zone, fold = _decoder.decode(raw)
    value = datetime.fromisoformat(text).replace(fold=fold)
    if zone:
        try:
            return value.replace(tzinfo=ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError):
            return value
    return value


def _read_array(raw: bytes) -> Any:
    library, dtype, shape, data = _decoder.decode(raw)
    module = sys.modules.get(library)
    if module is None:
        return Foreign(library, dtype, tuple(shape), data)
    if library == "numpy":
        array = module.frombuffer(data, dtype=dtype).reshape(shape).copy()
        return array
    flat = module.frombuffer(bytearray(data), dtype=getattr(module, dtype))
    return flat.reshape(shape).clone()


def _read_scalar(raw: bytes) -> Any:
    array = _read_array(raw)
    return array if isinstance(array, Foreign) else array[()]


_LOWEST, _HIGHEST = -(1 << 63), (1 << 64) - 1

_FOREIGN: tuple[tuple[str, Callable[[Any, Any], bool], Callable[[Any, Any], Any]], ...] = (
    ("numpy", lambda np, v: isinstance(v, np.generic | np.ndarray), _numpy_parts),
    ("torch", lambda torch, v: isinstance(v, torch.Tensor), _torch_parts),
)

_EXACT: dict[type, Callable[[Any], Ext]] = {
    complex: lambda v: Ext(2, _pack(v.real, v.imag)),
    datetime: _datetime_parts,
    date: lambda v: Ext(4, v.isoformat().encode()),
    time: lambda v: Ext(5, v.isoformat().encode()),
    timedelta: lambda v: Ext(6, _pack(v.days, v.seconds, v.microseconds)),
    Decimal: lambda v: Ext(7, str(v).encode()),
    Fraction: lambda v: Ext(8, f"{v.numerator}/{v.denominator}".encode()),
}

_DECODERS: dict[int, Callable[[bytes], Any]] = {
    1: lambda raw: int.from_bytes(raw, "little", signed=True),
    2: lambda raw: complex(*_decoder.decode(raw)),
    3: _read_datetime,
    4: lambda raw: date.fromisoformat(raw.decode()),
    5: lambda raw: time.fromisoformat(raw.decode()),
    6: lambda raw: timedelta(*_decoder.decode(raw)),
    7: lambda raw: Decimal(raw.decode()),
    8: lambda raw: Fraction(raw.decode()),
    9: lambda raw: tuple(_decoder.decode(raw)),
    10: lambda raw: set(_decoder.decode(raw)),
    11: _read_scalar,
    12: _read_array,
    13: _read_array,
    14: lambda raw: raw.decode("utf-8", "surrogatepass"),
    15: lambda raw: PurePath(raw.decode("utf-8", "surrogateescape")),
    16: lambda raw: Unencodable(*_decoder.decode(raw)),
}
