"""Bounds what a client may send: how much, and how slowly."""

from __future__ import annotations

import asyncio
import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whence._base.errors import TooLargeError
from whence.server.problem import problem, problem_of
from whence.server.settings import MIB, ServerSettings

SMALL_BYTES = 2 * MIB
"""What any other body may have than segments and content: it is read whole, some of it before it
is known who sends it."""
_LARGE = re.compile(r"/api/v1/projects/[^/]+/(segments|content/[^/]+)", re.ASCII)


class BodyLimit:
    """Refuses a body as soon as it is too large, and ends the wait for one that does not come.

    What is left of it is not read. No thread is held meanwhile.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope)
        if _said_length(scope) > most:
            await problem_of(_too_large(most))(scope, receive, send)
            return
        if len(scope.get("raw_path", b"")) + len(scope["query_string"]) > self._settings.url_bytes:
            await problem(
                414, "too-large", f"A URL has at most {self._settings.url_bytes} bytes here"
            )(scope, receive, send)
            return
        await self._app(scope, self._bounded(receive, most), send)

    def _most(self, scope: Scope) -> int:
        """How many bytes a body may have there."""
        most = self._settings.body_bytes
        return most if _LARGE.fullmatch(scope["path"]) else min(most, SMALL_BYTES)

    def _bounded(self, receive: Receive, most: int) -> Receive:
        taken, ended = 0, False
        wait_s = self._settings.wait_s

        async def bounded() -> Message:
            nonlocal taken, ended
            if ended:  # from here on it is only asked whether the client has gone
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), wait_s)
            except TimeoutError:
                return {"type": "http.disconnect"}
            taken += len(message.get("body", b""))
            ended = not message.get("more_body", False)
            if taken > most:
                raise _too_large(most)
            return message

        return bounded


def _said_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _too_large(most: int) -> TooLargeError:
    size = f"{most // MIB} MiB" if most >= MIB else f"{most} bytes"
    return TooLargeError(f"The body is larger than {size}, the most that is taken here")
