"""``whence/api/output``: an output of a cell, as it was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence.jupyter.route.base import WhenceHandler

if TYPE_CHECKING:
    from whence.service.notebook.outputs import Output

_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""An output is anybody's: it must not run as a page of this server."""


class OutputHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """The bytes of the output ``digest`` that a cell of ``session`` showed.

        Pictures are given as such, all else as text that no browser runs.
        """
        output = await self.found(self._output)
        if output is None:
            return
        mime = output.mime if output.mime in _PICTURES else "text/plain; charset=utf-8"
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", _POLICY)
        self.finish(output.data, set_content_type=mime)

    def _output(self) -> Output:
        session = self.needed("session")
        return self.store(session).output(session, self.needed("digest"))
