"""The sources of cells, by their digests: read from the store once, and kept at hand."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from threading import Lock

from whence.journal.home import content_path

MOST = 4096
"""So many sources are kept at hand."""


class Sources:
    """The texts that the store in ``folder`` has kept; for any thread."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._lock = folder, Lock()
        self._texts: OrderedDict[str, str] = OrderedDict()

    def text(self, digest: str) -> str | None:
        """The text with that digest in hex; None where it was not kept."""
        with self._lock:
            found = self._texts.get(digest)
        if found is None:
            found = self._read(digest)
            if found is not None:
                with self._lock:
                    self._texts[digest] = found
                    while len(self._texts) > MOST:
                        self._texts.popitem(last=False)
        return found

    def _read(self, digest: str) -> str | None:
        try:
            raw = bytes.fromhex(digest)
            data = content_path(self._folder, raw).read_bytes() if len(raw) == 32 else None
            return None if data is None else data.decode("utf-8", "surrogatepass")
        except (OSError, ValueError):
            return None
