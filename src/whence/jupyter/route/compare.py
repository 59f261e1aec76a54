"""``whence/api/compare``: two sessions, two executions, two versions of a notebook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence._base.errors import UsageError
from whence._base.ids import parse_id
from whence.jupyter.route.base import WhenceHandler

if TYPE_CHECKING:
    from whence.query.diff.cells import Comparison


class CompareHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """``left`` against ``right``: ids of sessions, or notebooks as ``path@digest``; with
        ``session`` two executions of it, by their ordinals."""
        await self.answer(self._compared)

    def _compared(self) -> Comparison:
        from whence.service.notebook.versions import is_notebook, split

        left, right = self.needed("left"), self.needed("right")
        session = self.text("session")
        if session:
            ordinals = self.number("left") or 0, self.number("right") or 0
            return self.store(session).compared_executions(session, *ordinals)
        if parse_id(left) and parse_id(right):
            return self.store(left).compared_sessions(left, right)
        if not (is_notebook(left) and is_notebook(right)):
            raise UsageError(
                "Two sessions are compared, or two notebooks (path@digest for a version)"
            )
        root = self.place("")
        paths = [self._named(root, one) for one in (left, right)]
        store = self.asked.store_of(root / split(paths[0])[0])
        return store.compared_notebooks(root, *paths)

    def _named(self, root: Path, text: str) -> str:
        """The same with a path that stays below the served folder. Raises NotAllowedError."""
        from whence.service.notebook.versions import split

        path, mark, rest = split(text)
        return os.path.relpath(self.place(path), root) + mark + rest
