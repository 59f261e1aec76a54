"""``whence/api/sessions``: the sessions of a notebook."""

from __future__ import annotations

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence.jupyter.route.base import WhenceHandler
from whence.service.notebook.view import Session


class Sessions(msgspec.Struct, frozen=True):
    """The sessions of a notebook, newest first."""

    sessions: list[Session]


class SessionsHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """The sessions of the notebook ``path``."""
        await self.answer(self._sessions)

    def _sessions(self) -> Sessions:
        notebook = self.notebook()
        store = self.asked.store_of(notebook)
        found = store.sessions(notebook)
        for one in found:
            self.asked.note(one.id, store)
        return Sessions(found)
