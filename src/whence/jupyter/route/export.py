"""``whence/api/export``: a session in a public standard's format."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, BinaryIO

from jupyter_server.auth.decorator import authorized
from tornado.web import authenticated

from whence._base.errors import UsageError
from whence.jupyter.route.base import WhenceHandler

if TYPE_CHECKING:
    from whence.service.notebook.outputs import Document

FORMATS = {
    "prov-json": ("json", "application/json"),
    "ro-crate": ("zip", "application/zip"),
}
"""The formats that the panel offers: the ending of the file, and its type."""

_AT_ONCE = 1 << 18
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class ExportHandler(WhenceHandler):
    @authenticated
    @authorized
    async def get(self) -> None:
        """The ``session`` in ``format``, as a file to keep."""
        document = await self.found(self._document)
        if document is None:
            return
        ending, mime = FORMATS[document.format]
        stem = _UNSAFE.sub("-", os.path.splitext(document.name)[0]).strip("-.") or "session"
        self.set_header("Content-Type", mime)
        self.set_header("Content-Disposition", f'attachment; filename="{stem}.{ending}"')
        with document.file as file:
            await self._send(file)
        self.finish(set_content_type=mime)

    async def _send(self, file: BinaryIO) -> None:
        while data := await self.asked.run(lambda: file.read(_AT_ONCE)):
            self.write(data)
            await self.flush()

    def _document(self) -> Document:
        session, format = self.needed("session"), self.needed("format")
        if format not in FORMATS:
            raise UsageError(f"There is no format {format[:40]!r}; there are: {', '.join(FORMATS)}")
        return self.store(session).document(session, format)
