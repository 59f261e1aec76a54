"""Files that a library holds open for writing outside of Python: their end has to be asked for."""

from __future__ import annotations

import os
import weakref
from typing import Any

from whence.capture.session import Session


class HeldFiles:
    """The files that objects of a library hold open for writing.

    A file's version when its object closes it is what was written; an object that is dropped or is
    still there at the end has closed its file then.
    """

    def __init__(self, session: Session) -> None:
        self._files = session.files
        self._openings: dict[int, tuple[weakref.ref[Any], bytes]] = {}
        session.at_end.append(self._close_all)

    def opened(self, holder: object, path: str | os.PathLike[str], access: Any) -> bytes | None:
        """Record that ``holder`` has opened a file; give the opening, None when it is left out."""
        made = self._files.opened(path, access)
        if made is not None:
            key = id(holder)
            ref = weakref.ref(holder, lambda _: self._close(key))
            self._openings[key] = (ref, made)
        return made

    def of(self, holder: object) -> bytes | None:
        """The opening of the file that ``holder`` holds open."""
        found = self._openings.get(id(holder))
        return found[1] if found is not None and found[0]() is holder else None

    def closed(self, holder: object) -> None:
        """Record that ``holder`` has closed its file, if it held one."""
        if self.of(holder) is not None:
            self._close(id(holder))

    def _close(self, key: int) -> None:
        found = self._openings.pop(key, None)
        if found is not None:
            self._files.closed(found[1])

    def _close_all(self) -> None:
        for key in list(self._openings):
            self._close(key)
