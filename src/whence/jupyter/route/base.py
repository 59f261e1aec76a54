"""What all handlers have: Jupyter's login, answers from threads, errors as one sentence of JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from jupyter_server.base.handlers import APIHandler

from whence._base.errors import (
    AmbiguousError,
    MissingExtraError,
    NotAllowedError,
    NotKnownError,
    ServerError,
    StoreForbiddenError,
    StoreNotFoundError,
    TookTooLongError,
    UsageError,
    WhenceError,
)
from whence.jupyter.asked import SETTING, Asked, place_in

if TYPE_CHECKING:
    from whence.jupyter.asked import AnyNotebooks

T = TypeVar("T")

_STATUS: list[tuple[type[WhenceError], int]] = [
    (UsageError, 400),
    (NotAllowedError, 403),
    (StoreForbiddenError, 403),
    (NotKnownError, 404),
    (StoreNotFoundError, 404),
    (AmbiguousError, 409),
    (MissingExtraError, 501),
    (ServerError, 502),
    (TookTooLongError, 504),
]


class WhenceHandler(APIHandler):
    """A handler whose errors are ``{"message", "reason"}``, the reason being the error's code."""

    auth_resource = "whence"
    _track_activity = False  # the panel asks by itself: that keeps no idle server alive

    @property
    def asked(self) -> Asked:
        found: Asked = self.settings[SETTING]
        return found

    async def answer(self, work: Callable[[], T]) -> None:
        """Answer with what ``work`` gives, which is done in a thread, as JSON."""
        found = await self.found(work)
        if found is not None:
            self.finish(msgspec.json.encode(found))

    async def found(self, work: Callable[[], T]) -> T | None:
        """What ``work`` gives; None where its error was answered."""
        try:
            return await self.asked.run(work)
        except WhenceError as error:
            self.refuse(error)
            return None

    def refuse(self, error: WhenceError) -> None:
        """Answer with an error of ours."""
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        self.set_status(status, error.code)
        self.finish(msgspec.json.encode({"message": str(error), "reason": error.code}))

    def place(self, path: str | None = None) -> Path:
        """The file that the parameter ``path`` names, or ``path``; the served folder without.

        Raises UsageError and NotAllowedError.
        """
        named = self.text("path") if path is None else path
        manager: Any = self.contents_manager
        root = getattr(manager, "root_dir", "") or self.settings.get("server_root_dir", "")
        return place_in(str(root), named or "")

    def notebook(self) -> Path:
        """The notebook that ``path`` names. Raises UsageError where none is named."""
        if not self.text("path"):
            raise UsageError("Name a notebook: path=FOLDER/NOTEBOOK.ipynb")
        return self.place()

    def text(self, name: str) -> str | None:
        """A parameter as it was given, None where it was not."""
        return self.get_query_argument(name, None, strip=False)

    def needed(self, name: str) -> str:
        """A parameter that must be given. Raises UsageError."""
        found = self.text(name)
        if not found:
            raise UsageError(f"The parameter {name} is missing")
        return found

    def number(self, name: str) -> int | None:
        """A parameter that is a number from 0 on. Raises UsageError."""
        found = self.text(name)
        if found is None or found == "":
            return None
        if not found.isdecimal() or not found.isascii() or len(found) > 9:
            raise UsageError(f"The parameter {name} is a number from 0 on, not {found[:40]!r}")
        return int(found)

    def store(self, session: str | None = None) -> AnyNotebooks:
        """The store of the notebook, or the one that has the session."""
        place = self.place()
        return self.asked.store_with(session, place) if session else self.asked.store_of(place)
