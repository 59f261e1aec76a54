"""What is known here of how far a store was sent to a server.

    cache/ship/<remote>.json       how far each segment is that is under way, and the last trouble
    cache/ship/<remote>.segments   the ids of those that the server has whole, sealed
    cache/ship/<remote>.content    the digests of the kept content that the server has

All of it is a hint, which saves asking: the server's own answer is the truth, and what is lost here
is asked for again. So nothing is synced, and a full disk is no failure.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

from whence._base.private import opener, replace
from whence.journal.home import cache_path
from whence.journal.layout import SegmentFile, open_segments, sealed_segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


UNKNOWN = -1
"""Stands for a CRC-32 that is to be computed anew."""


_ID = re.compile(r"(?:[0-9a-f]{32}){1,2}")
_LATEST = 253_402_300_799
"""The end of the year 9999, in seconds since the epoch."""
_Seconds = Annotated[float, msgspec.Meta(ge=0, le=_LATEST)]
_Offset = Annotated[int, msgspec.Meta(ge=0)]
T = TypeVar("T")


class Trouble(msgspec.Struct, frozen=True):
    """What last went wrong, at ``at`` seconds since the epoch; ``code`` is an error's."""

    code: str
    detail: str
    at: _Seconds


class _Written(msgspec.Struct):
    url: str
    under_way: dict[str, tuple[_Offset, int]] = msgspec.field(default_factory=dict)
    refused: dict[str, str] = msgspec.field(default_factory=dict)
    sent_at: _Seconds = 0.0
    trouble: Trouble | None = None


class Outstanding(msgspec.Struct, frozen=True):
    """What is still to be sent: segments and their bytes on disk, and what the server refuses."""

    segments: int
    bytes: int
    refused: int


class ShipState:
    """How far a store was sent to the remote at ``url``.

    ``under_way``: segment -> (offset, CRC-32 before it or `UNKNOWN`); ``refused``: segment or
    content -> why.
    """

    def __init__(self, store: str, url: str) -> None:
        self.store = store
        self._base = cache_path(store, "ship", sha256(url.encode()).hexdigest()[:16])
        written = _read(f"{self._base}.json")
        if written is None or written.url != url:
            written = _Written(url)
        self._written = written
        self.under_way = _by_id(written.under_way)
        self.refused = _by_id(written.refused)
        self.done = _ids(f"{self._base}.segments", 16)
        self.content = _ids(f"{self._base}.content", 32)

    @property
    def url(self) -> str:
        return self._written.url

    @property
    def sent_at(self) -> float:
        """When something was last confirmed, in seconds since the epoch; 0 for never."""
        return self._written.sent_at

    @property
    def trouble(self) -> Trouble | None:
        """What went wrong since then."""
        return self._written.trouble

    def confirmed(self) -> None:
        """The server answered as it should."""
        self._written.sent_at, self._written.trouble = time.time(), None

    def failed(self, code: str, detail: str) -> None:
        """It did not, or could not be asked."""
        self._written.trouble = Trouble(code, detail, time.time())

    def finish(self, segment: bytes) -> None:
        """The server has this segment whole."""
        self.under_way.pop(segment, None)
        self.refused.pop(segment, None)
        self.done.add(segment)
        _note(f"{self._base}.segments", segment)

    def has_content(self, digest: bytes) -> None:
        """The server has this content."""
        self.content.add(digest)
        _note(f"{self._base}.content", digest)

    def forget(self) -> None:
        """Take nothing for known any more: the server is asked about everything."""
        for ending in ("segments", "content"):
            with suppress(OSError):
                os.unlink(f"{self._base}.{ending}")
        self.under_way.clear()
        self.refused.clear()
        self.done.clear()
        self.content.clear()

    def save(self) -> None:
        """Write it, if that is possible."""
        written = self._written
        written.under_way = {k.hex(): v for k, v in self.under_way.items()}
        written.refused = {k.hex(): v for k, v in self.refused.items()}
        with suppress(OSError):
            _make_folder(self._base)
            replace(f"{self._base}.json", msgspec.json.encode(written))

    def outstanding(self) -> Outstanding:
        """What is still to be sent, as far as is known here."""
        segments = size = 0
        store = Path(self.store)
        for file in (*open_segments(store), *sealed_segments(store)):
            left = self.left_of(file)
            segments += left > 0
            size += left
        return Outstanding(segments, size, len(self.refused))

    def left_of(self, file: SegmentFile) -> int:
        """How many bytes on disk of a segment are to be sent; of a sealed one, all that it has."""
        if file.segment in self.done or file.segment in self.refused:
            return 0
        try:
            size = file.path.stat().st_size
        except OSError:
            return 0
        done = 0 if file.sealed else self.under_way.get(file.segment, (0, 0))[0]
        return max(size - done, 0)


def states(store: str) -> Iterator[ShipState]:
    """Every remote that the store was ever sent to, or was meant to be."""
    folder = cache_path(store, "ship")
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return
    for name in names:
        if name.endswith(".json") and not name.startswith("."):
            written = _read(os.path.join(folder, name))
            if written is not None:
                yield ShipState(store, written.url)


def lock_path(store: str, url: str) -> str:
    """The file whose lock says that somebody sends the store to ``url``. Raises OSError."""
    base = cache_path(store, "ship", sha256(url.encode()).hexdigest()[:16])
    _make_folder(base)
    return f"{base}.lock"


def _make_folder(base: str) -> None:
    os.makedirs(os.path.dirname(base), 0o700, exist_ok=True)


def _read(path: str) -> _Written | None:
    try:
        with open(path, "rb") as f:
            return msgspec.json.decode(f.read(), type=_Written)
    except (OSError, ValueError, RecursionError):
        return None


def _by_id(written: dict[str, T]) -> dict[bytes, T]:
    return {bytes.fromhex(id_): value for id_, value in written.items() if _ID.fullmatch(id_)}


def _ids(path: str, size: int) -> set[bytes]:
    try:
        with open(path, encoding="ascii") as f:
            words = f.read().split()
    except (OSError, ValueError):
        return set()
    return {bytes.fromhex(word) for word in words if _is_id(word, size)}


def _is_id(word: str, size: int) -> bool:
    return len(word) == 2 * size and all(c in "0123456789abcdef" for c in word)


def _note(path: str, id_: bytes) -> None:
    with suppress(OSError):
        _make_folder(path)
        fd = opener(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            os.write(fd, f"{id_.hex()}\n".encode())
        finally:
            os.close(fd)
