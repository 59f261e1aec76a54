"""``whence/api/same``: whether what a notebook rested on is the same here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence.jupyter.route.base import WhenceHandler

if TYPE_CHECKING:
    from whence.service.notebook.same import Sameness


class SameHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """The data, modules and packages of the notebook ``path``, here and as recorded."""
        await self.answer(self._same)

    def _same(self) -> Sameness:
        notebook = self.notebook()
        return self.asked.store_of(notebook).same(notebook)
