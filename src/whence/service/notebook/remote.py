"""The notebooks of a project on a Whence server, as far as its HTTP API tells of them.

It lists sessions and exports them. What reads the record itself needs a store on this machine.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlencode

from whence._base.errors import NotKnownError, UsageError
from whence.journal.remote import Remote
from whence.journal.ship_wire import Wire
from whence.query.answer import AnswerNode
from whence.query.plain import clean
from whence.service.notebook.outputs import Document
from whence.service.notebook.sessions import KERNEL
from whence.service.notebook.view import Session
from whence.service.remote import remote_questions


class RemoteNotebooks:
    """Answers about the notebooks of the project at ``name``. Each call connects for itself."""

    def __init__(self, url: str) -> None:
        self.name = url

    def sessions(self, notebook: Path) -> list[Session]:
        """The sessions of the notebook at that very path, newest first. Raises ServerError."""
        quoted = clean(notebook.name).replace("'", "''")
        with remote_questions(self.name, os.fsencode(notebook.parent)) as asked:
            found = asked.runs(f"name = '{quoted}'").nodes
        places = {os.fspath(notebook), os.path.realpath(notebook)}
        return [
            _session(node)
            for node in found
            if node.attributes.get("session") == KERNEL
            and node.attributes.get("notebook") in places
        ]

    def document(self, session: str, format: str) -> Document:
        """A session in a format. Raises NotKnownError and ServerError."""
        with remote_questions(self.name, b"/") as asked:
            node = next(iter(asked.runs(f"run_id = '{_safe(session)}'").nodes), None)
        if node is None or node.attributes.get("session") != KERNEL:
            raise NotKnownError(f"{self.name} knows no session of a notebook {clean(session)!r}")
        wire = Wire(Remote(self.name))
        try:
            query = urlencode({"thing": node.id, "format": format})
            return Document(node.name, format, BytesIO(wire.call("GET", f"/export?{query}")[1]))
        finally:
            wire.close()

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)
        raise UsageError(
            f"{self.name} can't be asked that over the network: it needs the store beside the "
            "notebook. Run the notebook here first"
        )


def _safe(id: str) -> str:
    return "".join(c for c in id if c in "0123456789abcdef-")


def _session(node: AnswerNode) -> Session:
    told = node.attributes
    return Session(
        id=node.id,
        name=node.name,
        notebook=str(told.get("notebook", "")),
        status=str(told.get("status", "")),
        started_at=told.get("started_at"),
        ended_at=told.get("ended_at"),
        executions=None,
        kernel=str(told.get("kernel", "")),
    )
