"""``whence/api/status``: whether a notebook is recorded, and how to have it recorded."""

from __future__ import annotations

import msgspec
from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence._base.errors import StoreNotFoundError
from whence._base.version import VERSION
from whence.jupyter.route.base import WhenceHandler
from whence.model.status import RUNNING

ADD = (
    "Run %load_ext whence in a cell, or once for all notebooks: whence jupyter enable. "
    "Where the kernel does not find whence, run first: %pip install whence"
)


class Status(msgspec.Struct, frozen=True):
    """``store`` is the store's folder or the address of a server's project, None where there is
    none; ``session`` the newest of the notebook, ``recording`` whether it goes on; ``add`` how to
    add Whence, empty while it is recorded."""

    version: str
    store: str | None
    recording: bool
    session: str | None
    add: str


class StatusHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """Whether the notebook ``path`` is recorded."""
        await self.answer(self._status)

    def _status(self) -> Status:
        notebook = self.notebook()
        try:
            store = self.asked.store_of(notebook)
        except StoreNotFoundError:
            return Status(VERSION, None, False, None, ADD)
        sessions = store.sessions(notebook)
        if not sessions:
            return Status(VERSION, store.name, False, None, ADD)
        going = next((one for one in sessions if one.status == RUNNING), None)
        newest = going or sessions[0]
        self.asked.note(newest.id, store)
        recording = going is not None
        return Status(VERSION, store.name, recording, newest.id, "" if recording else ADD)
