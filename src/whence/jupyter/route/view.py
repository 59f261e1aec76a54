"""``whence/api/view``: a notebook as the panel shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence.jupyter.route.base import WhenceHandler

if TYPE_CHECKING:
    from whence.service.notebook.view import NotebookView


class ViewHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """The notebook ``path`` by ``session`` (the newest), after ``at`` executions (all).

        ``since`` leaves executions up to that ordinal out of the list; ``history=1`` draws every
        execution, not the last of each cell alone.
        """
        await self.answer(self._view)

    def _view(self) -> NotebookView:
        notebook, session = self.notebook(), self.text("session") or None
        at, since = self.number("at"), self.number("since") or 0
        history = self.text("history") == "1"
        store = self.asked.store_of(notebook)
        view = store.view(notebook, session, at, since, history)
        self.asked.note(view.session.id, store)
        return view
