"""Notes every request in the log and in the figures, and tells a failure of ours as a problem."""

from __future__ import annotations

import logging
import os
from time import perf_counter
from traceback import format_exc
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whence.server.figures import Figures
from whence.server.problem import problem

log = logging.getLogger("whence.server")
OTHER = "other"
"""The route of what is no operation: pages, and addresses that are not there."""


class Record:
    """One line a request: who asked what, how it ended and how long it took. Never a token, a
    query or a header, which may hold secrets."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, request_id = perf_counter(), 0, os.urandom(8).hex()
        told: dict[str, Any] = {"request": request_id, "method": scope["method"], "route": OTHER}
        scope["whence"] = told

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            log.error("failed", extra={"told": told | {"trace": format_exc()}})
            if status:
                raise  # the client has a part: the connection is to be closed
            answer = problem(
                500, "internal", f"The server failed; its log has more under {request_id}"
            )
            await answer(scope, receive, noting)
        finally:
            self._note(told, status or 499, perf_counter() - began)

    def _note(self, told: dict[str, Any], status: int, seconds: float) -> None:
        self._figures.request(told["route"], told["method"], status, seconds)
        log.info(
            "request", extra={"told": told | {"status": status, "ms": round(seconds * 1e3, 2)}}
        )
