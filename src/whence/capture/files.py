"""Which files a process opened, closed, moved and removed, as events.

The wrappers around ``open`` and the observers of libraries that read files natively both report
here, so that one opening is one event, whoever saw it.
"""

from __future__ import annotations

import os
from typing import Any, Literal

from whence.model.relation import Known

Access = Literal["r", "w", "x", "a", "u"]
AnyPath = str | bytes | os.PathLike[Any]


class FileTracker:
    """Turns what is seen of files into events of one session, leaving out what the rules say."""

    def opened(
        self,
        path: AnyPath,
        access: Access,
        *,
        fd: int | None = None,
        role: str = "",
        kind: str = "file",
        known: Known = Known.OBSERVED,
        attributes: dict[str, Any] | None = None,
    ) -> bytes | None:
        """Record that ``path`` was opened; give the opening's id, or None when it is left out.

        With ``fd`` the version is that of the open descriptor, else that of the path. For a write
        the id is also the id of the entity (the occurrence) that is written.
        """
        raise NotImplementedError

    def closed(self, opening: bytes, *, fd: int | None = None) -> None:
        """Record that the opening ended, with the file's version now."""
        raise NotImplementedError

    def opening_of(self, path: AnyPath, access: Access | None = None) -> bytes | None:
        """The id of this process's latest opening of ``path`` (with that access), if it saw one."""
        raise NotImplementedError
