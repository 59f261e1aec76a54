"""What the handlers of Jupyter's server share: the stores that were asked, and the threads."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from tornado.ioloop import IOLoop

from whence._base.errors import NotAllowedError, StoreNotFoundError, UsageError
from whence.journal.home import find_store, is_remote, named_remote
from whence.query.plain import clean

if TYPE_CHECKING:
    from whence.service.notebook.answers import Notebooks
    from whence.service.notebook.remote import RemoteNotebooks

    AnyNotebooks = Notebooks | RemoteNotebooks

T = TypeVar("T")

SETTING = "whence"
"""Under which name the server's settings have it."""

THREADS = 2
MOST_SESSIONS = 4096


class Asked:
    """The stores by their folders, and which session lies in which.

    All that reads a store is done in threads of its own, so that kernels and files are served
    meanwhile.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, "whence")
        self._lock = Lock()
        self._stores: dict[str, AnyNotebooks] = {}
        self._homes: dict[str, str] = {}

    async def run(self, work: Callable[[], T]) -> T:
        """What ``work`` gives, done in a thread."""
        return await IOLoop.current().run_in_executor(self._threads, work)

    def store_of(self, place: Path) -> AnyNotebooks:
        """The store that is found from a notebook's or folder's place upwards, else the project of
        a server that ``WHENCE_HOME`` names.

        Raises StoreNotFoundError and StoreForbiddenError.
        """
        try:
            return self._at(os.fspath(find_store(place if place.is_dir() else place.parent)))
        except StoreNotFoundError:
            server = named_remote()
            if not server:
                raise
            return self._at(server)

    def store_with(self, session: str, place: Path) -> AnyNotebooks:
        """The store in which a session was found before, else that of ``place``."""
        with self._lock:
            home = self._homes.get(session)
        return self.store_of(place) if home is None else self._at(home)

    def note(self, session: str, store: AnyNotebooks) -> None:
        """Remember where a session lies."""
        with self._lock:
            self._homes.pop(session, None)
            self._homes[session] = next(at for at, one in self._stores.items() if one is store)
            if len(self._homes) > MOST_SESSIONS:
                del self._homes[next(iter(self._homes))]

    def _at(self, home: str) -> AnyNotebooks:
        # What reads stores is loaded when it is asked for: Jupyter's start need not wait for it.
        from whence.service.notebook.answers import Notebooks
        from whence.service.notebook.remote import RemoteNotebooks

        with self._lock:
            found = self._stores.get(home)
            if found is None:
                found = RemoteNotebooks(home) if is_remote(home) else Notebooks(Path(home))
                self._stores[home] = found
            return found


def place_in(root: str, path: str) -> Path:
    """The file that ``path`` names below the folder that the server serves.

    Links are followed, as Jupyter follows them. Raises UsageError for a path that can't be one,
    NotAllowedError for one that leads out of the folder.
    """
    if "\0" in path:
        raise UsageError("The path has a zero byte, which no path of a file has")
    top = os.path.abspath(os.path.expanduser(root or "."))
    place = os.path.normpath(os.path.join(top, path.lstrip("/")))
    if place != top and not place.startswith(top.rstrip(os.sep) + os.sep):
        shown = clean(path)[:200]
        raise NotAllowedError(f"{shown!r} lies outside of the folder that this server serves")
    return Path(place)
