"""Values on their way to PostgreSQL and back: what its types can't hold is written otherwise.

Its text has no zero byte: that is written as two bytes 01, and a byte 01 as 01 02, so that the
order stays. NaN is NULL, as SQLite has it, and -0.0 is 0.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Any

from psycopg.adapt import AdaptersMap, Buffer, Dumper, Loader
from psycopg.pq import Format
from psycopg.types.numeric import Int8BinaryDumper

_HEAD = Struct("!iiIii")
_LENGTH = Struct("!i")
_BYTEA, _TEXT, _BYTEAS, _TEXTS = 17, 25, 1001, 1009


def escaped(text: str) -> bytes:
    """A text as it is stored."""
    if "\x00" in text or "\x01" in text:
        text = text.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")
    return text.encode("utf-8", "backslashreplace")


def unescaped(stored: str) -> str:
    """A text as it was."""
    if "\x01" in stored:
        stored = stored.replace("\x01\x01", "\x00").replace("\x01\x02", "\x01")
    return stored


class ByteArray(list[bytes | None]):
    """Bytes as an array."""


class TextArray(list[str | None]):
    """Texts as an array."""


def array(kind: str, values: Sequence[Any]) -> Any:
    """One column of many rows, as a parameter."""
    if kind == "bytes":
        return ByteArray(values)
    if kind == "text":
        return TextArray(values)
    if kind == "real":
        values = [value if value is None else value + 0.0 for value in values]
    return "{" + ",".join(map(str, values)).replace("None", "NULL").replace("nan", "NULL") + "}"


def _packed(kind: int, values: Iterable[bytes | None], count: int) -> bytes:
    parts = [_HEAD.pack(1, 1, kind, count, 1)]
    length = _LENGTH.pack
    for value in values:
        if value is None:
            parts.append(length(-1))
        else:
            parts.append(length(len(value)))
            parts.append(value)
    return b"".join(parts)


class _Bytes(Dumper):
    format, oid = Format.BINARY, _BYTEAS

    def dump(self, obj: ByteArray) -> Buffer:
        return _packed(_BYTEA, obj, len(obj))


class _Texts(Dumper):
    format, oid = Format.BINARY, _TEXTS

    def dump(self, obj: TextArray) -> Buffer:
        return _packed(_TEXT, (None if text is None else escaped(text) for text in obj), len(obj))


class _Text(Dumper):
    """Of no type, so that it can be whatever the statement takes it for."""

    def dump(self, obj: str) -> Buffer:
        return escaped(obj)


class _TextLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return unescaped(str(data, "utf-8"))


def adapt(adapters: AdaptersMap) -> None:
    """Have a connection pass values so."""
    adapters.register_dumper(int, Int8BinaryDumper)
    adapters.register_dumper(str, _Text)
    adapters.register_dumper(ByteArray, _Bytes)
    adapters.register_dumper(TextArray, _Texts)
    adapters.register_loader("text", _TextLoader)
