"""Whether the server lives, for those who watch over it."""

from __future__ import annotations

import logging
import sqlite3

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from whence._base.errors import NotAllowedError, WhenceError
from whence.server.figures import MEDIA_TYPE
from whence.server.project import Project

log = logging.getLogger("whence.server")


class Health(msgspec.Struct, frozen=True):
    """``ok`` when every project's index answers; ``projects`` how many there are."""

    ok: bool
    projects: int


async def health(request: Request) -> Response:
    """200 when the index of every project answers, else 503; the log says which does not."""
    found = await to_thread.run_sync(_health, request, limiter=request.app.state.watch)
    return Response(msgspec.json.encode(found), 200 if found.ok else 503, None, "application/json")


async def figures(request: Request) -> Response:
    """The figures for Prometheus. They name all projects, so they need the right to read all.

    Raises NotSignedInError, NotAllowedError.
    """
    state = request.app.state
    authorization = request.headers.get("authorization")
    caller = await to_thread.run_sync(state.access.principal, authorization, None)
    if not caller.may("read", None):
        raise NotAllowedError("The figures name all projects: they need a token to read '*'")
    return Response(state.figures.text(state.projects), media_type=MEDIA_TYPE)


def _health(request: Request) -> Health:
    opened = request.app.state.projects.opened()
    answering = [_answers(project) for project in opened]
    return Health(all(answering), len(opened))


def _answers(project: Project) -> bool:
    try:
        with project.questions() as asked:
            asked.store.folded_of(b"")
    except (WhenceError, OSError, sqlite3.Error) as error:
        log.error("no answer", extra={"told": {"project": project.name, "problem": str(error)}})
        return False
    return True
