"""What one execution of a cell shows, as it stands at its end: streams merged, the cleared gone."""

from __future__ import annotations

import json
from binascii import Error, a2b_base64
from hashlib import sha256
from typing import Any, NamedTuple

STREAM, DISPLAY, RESULT, ERROR = "stream", "display_data", "execute_result", "error"
LARGEST_KEPT = 1 << 20
"""Of an output of more bytes only the digest is kept."""

MOST = 200
"""Of more outputs of one execution the first are recorded."""

TEXT = "text/plain"
_RICHEST = (
    "image/png", "image/jpeg", "image/svg+xml", "image/gif", "application/pdf", "text/html",
    "text/markdown", "text/latex", "application/json",
)  # fmt: skip
_LAST = "application/vnd.jupyter.widget-view+json"
"""Names a widget by a random id: two equal outputs would differ by it."""


class Output(NamedTuple):
    """One output: which sort of message, the type and bytes of its richest form.

    ``data`` is None where it is too large to be kept. ``stream`` is the stream's name.
    """

    sort: str
    mime: str
    digest: bytes
    size: int
    data: bytes | None
    stream: str = ""


class _Stream:
    """Text that grows; of much only the beginning is held."""

    __slots__ = ("_digest", "_parts", "size")

    def __init__(self) -> None:
        self._digest, self._parts, self.size = sha256(), [b""], 0

    def add(self, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._digest.update(data)
        self.size += len(data)
        if self.size <= LARGEST_KEPT:
            self._parts.append(data)
        else:
            self._parts.clear()

    def output(self, name: str) -> Output:
        data = b"".join(self._parts) if self.size <= LARGEST_KEPT else None
        return Output(STREAM, TEXT, self._digest.digest(), self.size, data, name)


class Outputs:
    """Collects what an execution shows, in the order of its first appearance."""

    def __init__(self) -> None:
        self._shown: list[_Stream | Output] = []
        self._streams: dict[str, _Stream] = {}
        self._places: dict[str, int] = {}
        self._is_to_clear = False
        self.left_out = 0

    def take(self, message: dict[str, Any]) -> None:
        """Take in a message that the kernel is about to publish."""
        kind, content = message.get("msg_type"), message.get("content") or {}
        if kind == "clear_output":
            self._is_to_clear = True
            if not content.get("wait"):
                self._clear()
            return
        if self._is_to_clear:
            self._clear()
        if kind == STREAM:
            self._write(str(content.get("name")), str(content.get("text")))
        elif kind in (DISPLAY, RESULT, "update_display_data"):
            self._show(str(kind), content)

    def failed(self, traceback: str) -> None:
        """The execution failed, and this is the text that was shown."""
        self._add(_output(ERROR, TEXT, traceback))

    def all(self) -> list[Output]:
        """What is shown now."""
        names = {id(stream): name for name, stream in self._streams.items()}
        return [
            one if isinstance(one, Output) else one.output(names[id(one)]) for one in self._shown
        ]

    def _clear(self) -> None:
        self._shown, self._streams, self._places = [], {}, {}
        self._is_to_clear = False

    def _write(self, name: str, text: str) -> None:
        stream = self._streams.get(name)
        if stream is None:
            stream = self._streams[name] = _Stream()
            self._shown.append(stream)
        stream.add(text)

    def _show(self, kind: str, content: dict[str, Any]) -> None:
        mime = _richest(content.get("data") or {})
        if not mime:
            return
        shown_as = str((content.get("transient") or {}).get("display_id") or "")
        place = self._places.get(shown_as) if shown_as else None
        if kind == "update_display_data":
            if place is not None:
                self._shown[place] = _output(DISPLAY, mime, content["data"][mime])
            return
        if self._add(_output(kind, mime, content["data"][mime])) and shown_as:
            self._places[shown_as] = len(self._shown) - 1

    def _add(self, output: Output) -> bool:
        if len(self._shown) >= MOST:
            self.left_out += 1
            return False
        self._shown.append(output)
        return True


def _richest(data: dict[str, Any]) -> str:
    """The type to tell of a thing that is shown in several; empty for none."""
    for mime in _RICHEST:
        if mime in data:
            return mime
    others = [mime for mime in data if mime not in (TEXT, _LAST)]
    return next(iter([*others, *(mime for mime in (TEXT, _LAST) if mime in data)]), "")


def _output(sort: str, mime: str, value: Any) -> Output:
    data = _bytes_of(mime, value)
    kept = data if len(data) <= LARGEST_KEPT else None
    return Output(sort, mime, sha256(data).digest(), len(data), kept)


def _bytes_of(mime: str, value: Any) -> bytes:
    """The bytes of an output: a picture is sent as base64, JSON as values."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        return json.dumps(value, sort_keys=True, default=str).encode()
    if mime.startswith(("image/", "application/pdf")) and mime != "image/svg+xml":
        try:
            return a2b_base64(value)
        except Error:
            pass
    return value.encode("utf-8", "replace")
