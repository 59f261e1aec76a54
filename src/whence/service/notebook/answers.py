"""The notebooks of one store, ready to be asked from any thread."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from whence._base.collection import without_collection
from whence._base.errors import NotKnownError
from whence.model.status import RUNNING
from whence.query.describe import true_status
from whence.query.plain import clean
from whence.service.index import index_place, open_store
from whence.service.notebook.judging import Judging, on_disk
from whence.service.notebook.outputs import Document, Output, document_of, output_of
from whence.service.notebook.record import SessionRecord
from whence.service.notebook.sessions import session_node, session_nodes, session_told, sessions_of
from whence.service.notebook.sources import Sources
from whence.service.notebook.view import NotebookView, Session
from whence.service.notebook.viewing import Viewing
from whence.store.protocol import Node, Store

if TYPE_CHECKING:
    from whence.query.diff.cells import Comparison
    from whence.service.notebook.compare_named import NotebookComparing
    from whence.service.notebook.same import Sameness

MOST_SESSIONS = 8
"""Of so many sessions the executions are kept at hand."""

MOST_VIEWS = 4
"""Of each session so many views are kept, until something changes."""

_Asked = tuple[int | None, int, bool]
"""Of a view: ``at``, ``since`` and ``history``."""


class Notebooks:
    """Answers about the notebooks of the store in ``folder``.

    Each call opens the store for itself, so calls of several threads do not wait for each other;
    the executions of the sessions that were looked at last are kept, and only new ones are read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, clean(os.fspath(folder))
        self._lock = Lock()
        self._sessions: OrderedDict[bytes, _Session] = OrderedDict()
        self._sources = Sources(folder)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store with all that the journal has by now."""
        with open_store(self.folder) as store:
            yield store

    def sessions(self, notebook: Path) -> list[Session]:
        """The sessions of the notebook, newest first."""
        with self.store() as store:
            return sessions_of(store, os.fspath(notebook))

    def view(
        self,
        notebook: Path,
        session: str | None = None,
        at: int | None = None,
        since: int = 0,
        history: bool = False,
    ) -> NotebookView:
        """The notebook by a session, the newest if None, after ``at`` executions.

        The graph has the last execution of each cell and what it rests on, or with ``history``
        every execution. Raises NotKnownError when there is no such session.
        """
        with self.store() as store, without_collection():
            node = self._node(store, notebook, session)
            kept = self._kept(node)
            with kept.lock:
                return self._view(store, kept, node, notebook, (at, since, history))

    def _view(
        self, store: Store, kept: _Session, node: Node, notebook: Path, asked: _Asked
    ) -> NotebookView:
        # A kernel may die, and data change, without anything being written here.
        status = true_status(store, node)
        files = (notebook, *self._index(), *map(Path, sorted(kept.judging.files)))
        state = (*map(_stamp, files), status)
        if state != kept.state:
            kept.state = state
            kept.views.clear()
            kept.record.refresh(store, node)
        found = kept.views.get(asked)
        if found is None:
            found = self._viewed(store, kept, notebook, asked)
            while len(kept.views) >= MOST_VIEWS:
                del kept.views[next(iter(kept.views))]
            kept.views[asked] = found
        return found

    def _viewed(self, store: Store, kept: _Session, notebook: Path, asked: _Asked) -> NotebookView:
        at, since, history = asked
        record = kept.record
        total = len(record.executions)
        session = session_told(store, record.session, total)
        judged = kept.judging.judged(
            store,
            record,
            on_disk(notebook),
            total if at is None else min(at, total),
            is_alive=session.status == RUNNING,
        )
        return Viewing(store, record, session, judged, self._sources.text, history).view(since)

    def _index(self) -> tuple[Path, Path]:
        """The files of which one changes with each change of the index."""
        place, _ = index_place(self.folder)
        return place, place.with_name(f"{place.name}-wal")

    def output(self, session: str, digest: str) -> Output:
        """What a cell of a session showed. Raises NotKnownError."""
        with self.store() as store:
            return output_of(store, self.folder, session_node(store, session), digest)

    def document(self, session: str, format: str) -> Document:
        """A session in a format. Raises NotKnownError, UsageError and DocumentError."""
        with self.store() as store:
            return document_of(store, self.folder, session_node(store, session), format)

    def compared_sessions(self, left: str, right: str) -> Comparison:
        """Two sessions compared. Raises NotKnownError."""
        with self._comparing(self.folder.parent) as (comparing, store):
            nodes = [session_node(store, one) for one in (left, right)]
            return comparing.sessions_compared(*nodes)

    def compared_executions(self, session: str, left: int, right: int) -> Comparison:
        """Two executions of a session, by their ordinals from 1. Raises NotKnownError."""
        with self._comparing(self.folder.parent) as (comparing, store):
            return comparing.executions(session_node(store, session), left, right)

    def compared_notebooks(self, cwd: Path, left: str, right: str) -> Comparison:
        """Two notebooks by their paths from ``cwd``, or versions of them (``path@digest``).

        Raises NotKnownError, AmbiguousError and DocumentError.
        """
        with self._comparing(cwd) as (comparing, _):
            return comparing.two(left, right)

    def same(self, notebook: Path) -> Sameness:
        """What the notebook rested on, here and as recorded."""
        from whence.service.notebook.same import same_here

        with self.store() as store:
            return same_here(store, self.folder, notebook)

    @contextmanager
    def _comparing(self, cwd: Path) -> Iterator[tuple[NotebookComparing, Store]]:
        from whence.service.notebook.compare_named import NotebookComparing
        from whence.service.questions import Questions

        with self.store() as store:
            yield NotebookComparing(Questions(store, self.folder, os.fsencode(cwd))), store

    def _node(self, store: Store, notebook: Path, session: str | None) -> Node:
        if session is not None:
            return session_node(store, session)
        nodes = session_nodes(store, os.fspath(notebook))
        if not nodes:
            raise NotKnownError(
                f"Nothing is recorded of {notebook.name}. In a cell of it run: %load_ext whence"
            )
        return nodes[0]

    def _kept(self, node: Node) -> _Session:
        with self._lock:
            found = self._sessions.pop(node.uid, None) or _Session(node, self._sources)
            self._sessions[node.uid] = found
            while len(self._sessions) > MOST_SESSIONS:
                self._sessions.popitem(last=False)
            return found


class _Session:
    """What is kept of a session: its executions, what they left, and views with the ``state`` of
    files and store that they are of."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self.lock, self.record, self.judging = Lock(), SessionRecord(node), Judging(sources.text)
        self.state: object = None
        self.views: dict[_Asked, NotebookView] = {}


def _stamp(path: Path) -> tuple[int, ...]:
    """What changes with a file."""
    try:
        found = path.stat()
    except OSError:
        return ()
    if found.st_size == 0:
        return ()  # SQLite makes an empty log anew each time
    return found.st_ino, found.st_size, found.st_mtime_ns
