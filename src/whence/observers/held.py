"""Files that a library holds open for writing outside of Python: their end has to be asked for."""

from __future__ import annotations

import os
import weakref
from typing import Any

from whence.capture.session import Session


class HeldFiles:
    """The files that objects of a library hold open for writing.

    A file's version when its object closes it is what was written. One that is open still when
    recording ends is left so: what comes to be in it is not known.
    """

    def __init__(self, session: Session) -> None:
        self._files = session.files
        self._openings: dict[int, tuple[weakref.ref[Any], bytes]] = {}
        self._by_name: dict[str, int] = {}
        self._dropped: list[bytes] = []
        session.at_end.append(self.settle)

    def opened(self, holder: object, path: str | os.PathLike[str], access: Any) -> bytes | None:
        """Record that ``holder`` has opened a file; give the opening, None when it is left out."""
        self.settle()
        made = self._files.opened(path, access)
        if made is not None:
            key = id(holder)
            ref = weakref.ref(holder, lambda _: self._drop(key))
            self._openings[key] = (ref, made)
            self._by_name[os.fspath(path)] = key
        return made

    def of(self, holder: object) -> bytes | None:
        """The opening of the file that ``holder`` holds open."""
        found = self._openings.get(id(holder))
        return found[1] if found is not None and found[0]() is holder else None

    def named(self, path: str) -> bytes | None:
        """The opening of the file that was opened under that path and is open still."""
        found = self._openings.get(self._by_name.get(path, 0))
        return None if found is None else found[1]

    def closed(self, holder: object) -> None:
        """Record that ``holder`` has closed its file, if it held one."""
        if self.of(holder) is not None:
            self._close(id(holder))

    def settle(self) -> None:
        """Record the end of files whose objects were dropped, and have closed them by now."""
        dropped, self._dropped = self._dropped, []
        for made in dropped:
            self._files.closed(made)

    def _drop(self, key: int) -> None:
        found = self._openings.pop(key, None)
        if found is not None:
            self._dropped.append(found[1])

    def _close(self, key: int) -> None:
        found = self._openings.pop(key, None)
        self._by_name = {path: one for path, one in self._by_name.items() if one != key}
        if found is not None:
            self._files.closed(found[1])
