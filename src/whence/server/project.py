"""A project of the server: a store folder of its own, asked and folded apart from all others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from queue import Empty, Full, LifoQueue
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from whence._base.errors import NotKnownError, StoreError, UsageError, WhenceError
from whence._base.ids import format_id
from whence.journal.home import complete_store
from whence.server.deadline import current
from whence.server.feed import Feed
from whence.server.folding import Folding
from whence.service.disk import NoDisk
from whence.service.fields import KnownFields
from whence.service.following import Follower
from whence.service.index import Index, PostgresIndex, open_index
from whence.service.questions import Questions
from whence.service.receiving import Receiver
from whence.store.protocol import Store

if TYPE_CHECKING:
    from whence.store.postgres import Pool

LOCAL = "local"
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")
LOOK_S = 1.0
"""How often the journal of a local store is looked at."""
LONGEST_SCHEMA = 63
KEPT = 8
"""How many open connections to an index are kept for the next question."""


class Project:
    """``accepts`` says whether segments may be sent to it; ``feed`` tells which runs changed.

    ``every_s`` is how often its journal is looked at, where nobody tells that there is news;
    ``index`` where its index is, if that is not the file in its folder.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        accepts: bool = True,
        every_s: float | None = None,
        index: Index = None,
    ) -> None:
        self.name, self.folder, self.accepts = name, folder, accepts
        self._index = index
        self.feed = Feed()
        self.receiver = Receiver(folder)
        self._idle: LifoQueue[Store] = LifoQueue(KEPT)
        self._fields = KnownFields()
        follower = Follower(folder, self.open_index)
        self._folding = Folding(name, follower, self._changed, self._prepare, every_s)

    def start(self) -> None:
        """Begin to fold."""
        self._folding.start()

    def notice(self) -> None:
        """Have what is new in the journal folded soon; returns at once."""
        self._folding.notice()

    def field_names(self) -> dict[str, list[str]]:
        """What filters on runs can name, by space."""
        with self.questions() as asked:
            return self._fields.names(asked.store)

    def _changed(self, runs: list[bytes]) -> None:
        with self.questions() as asked:
            self._fields.add(asked.store, runs)
        self.feed.publish(map(format_id, runs))

    def _prepare(self, going: Callable[[], bool]) -> bool:
        """Make ready what the page asks first, so that nobody waits; whether all of it is."""
        with self.questions() as asked:
            self._fields.names(asked.store)
            return asked.store.build_text(going)

    @property
    def lag_bytes(self) -> int:
        """How many bytes of the journal are not yet in the index."""
        return self._folding.lag_bytes

    def open_index(self) -> Store:
        """A connection to the index as it is; for one thread at a time."""
        return open_index(self.folder, self._index)

    @contextmanager
    def questions(self) -> Iterator[Questions]:
        """The project, ready to be asked as it is indexed by now; for one thread at a time.

        Raises TookTooLongError when the `Deadline` of the call has come.
        """
        store, deadline = self._taken(), current.get()
        try:
            asked = Questions(store, self.folder, b"/", disk=NoDisk())
            if deadline is None:
                yield asked
            else:
                with deadline.over(store):
                    yield asked
        except StoreError as error:
            store.close()
            if deadline is not None and deadline.expired:
                raise deadline.error() from error
            raise
        except WhenceError:  # an answer of its own: the store is as good as before
            self._give_back(store)
            raise
        except BaseException:
            store.close()
            raise
        self._give_back(store)

    def close(self) -> None:
        """End the listening and the folding, and close all connections that are kept."""
        self.feed.close()
        self.receiver.close()
        self._folding.stop()
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _taken(self) -> Store:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self.open_index()

    def _give_back(self, store: Store) -> None:
        if self._index is not None:  # its pool keeps the connections, those of all projects
            store.close()
            return
        try:
            self._idle.put_nowait(store)
        except Full:
            store.close()


class Projects(Protocol):
    """The projects that a server has."""

    def names(self) -> list[str]: ...
    def find(self, name: str) -> Project:
        """The project of that name. Raises NotKnownError."""

    def create(self, name: str) -> Project:
        """The project of that name, made if it is not there. Raises UsageError."""

    def start(self) -> None:
        """Begin to fold what is new in each."""

    def opened(self) -> list[Project]:
        """Those that were found by now."""

    def close(self) -> None: ...


class LocalProject:
    """One store as the only project, called ``local``, that is read and never written."""

    def __init__(self, folder: Path) -> None:
        self._project = Project(LOCAL, folder, accepts=False, every_s=LOOK_S)

    def names(self) -> list[str]:
        return [LOCAL]

    def find(self, name: str) -> Project:
        if name != LOCAL:
            raise NotKnownError(f"There is no project {name!r}; the only one here is {LOCAL}")
        return self._project

    def create(self, name: str) -> Project:
        raise UsageError("No project can be made here. Start a server for that: whence server")

    def start(self) -> None:
        self._project.start()

    def opened(self) -> list[Project]:
        return [self._project]

    def close(self) -> None:
        self._project.close()


class HomeProjects:
    """The projects in ``<home>/projects``, a store folder each.

    Their indexes are in the folders too; with the URL of a PostgreSQL ``database``, there, in a
    schema each. Raises StoreError where it is not there, MissingExtraError without its library.
    """

    def __init__(self, home: Path, database: str | None = None) -> None:
        self._folder = home / "projects"
        self._pool: Pool | None = None
        if database is not None:
            from whence.store.postgres import open_pool

            self._pool = open_pool(database)
        self._open: dict[str, Project] = {}
        self._lock = Lock()
        self._started = False
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def names(self) -> list[str]:
        return sorted(
            one.name for one in self._folder.iterdir() if NAME.fullmatch(one.name) and one.is_dir()
        )

    def find(self, name: str) -> Project:
        if not NAME.fullmatch(name) or not (self._folder / name).is_dir():
            raise NotKnownError(
                f"There is no project {name!r} here. Make it: whence project create NAME"
            )
        with self._lock:
            if name not in self._open:
                index = self._index(name)
                self._open[name] = project = Project(name, self._folder / name, index=index)
                if self._started:
                    project.start()
            return self._open[name]

    def create(self, name: str) -> Project:
        if not NAME.fullmatch(name):
            raise UsageError(
                f"{name!r} is no name for a project: take up to 63 small letters, digits, dots, "
                "dashes and underscores, a letter or digit first"
            )
        complete_store(str(self._folder / name))
        return self.find(name)

    def start(self) -> None:
        """Begin to fold: also what arrived before the server was stopped or killed."""
        with self._lock:
            self._started = True
            for project in self._open.values():
                project.start()
        for name in self.names():
            self.find(name)

    def opened(self) -> list[Project]:
        return list(self._open.values())

    def close(self) -> None:
        for project in self.opened():
            project.close()
        if self._pool is not None:
            self._pool.close()

    def _index(self, name: str) -> Index:
        if self._pool is None:
            return None
        return PostgresIndex(self._pool.url, schema_of(name), self._pool)


def schema_of(project: str) -> str:
    """The PostgreSQL schema of a project: its name, as far as one has room for it."""
    schema = f"whence_{project}"
    if len(schema) <= LONGEST_SCHEMA:
        return schema
    rest = sha256(project.encode()).hexdigest()[:12]
    return f"{schema[: LONGEST_SCHEMA - 13]}_{rest}"
