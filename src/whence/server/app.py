"""The ASGI app: every operation behind one gate, which finds caller, project and query."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from whence._base.errors import WhenceError
from whence.server.access.principal import Access
from whence.server.deadline import leaving, within
from whence.server.figures import Figures
from whence.server.gate import entered
from whence.server.health import figures, health
from whence.server.middleware.body import BodyLimit
from whence.server.middleware.guard import Guard
from whence.server.middleware.record import Record
from whence.server.operation import Operation
from whence.server.page import Page
from whence.server.pieces import PiecewiseResponse, encoded, is_long
from whence.server.problem import problem, problem_of
from whence.server.project import Projects
from whence.server.rate import Buckets
from whence.server.route import access as access_route
from whence.server.route import (
    compare,
    entity,
    event,
    exchange,
    flow,
    ingest,
    lineage,
    metric,
    oidc,
    run,
    search,
    sparql,
    status,
    thing,
)
from whence.server.settings import ServerSettings

PREFIX = "/api/v1"
CLIENT_GONE = 499
"""Nobody gets this status; the log and the figures have it."""
OPERATIONS: tuple[Operation, ...] = (
    *status.OPERATIONS,
    *ingest.OPERATIONS,
    *run.OPERATIONS,
    *metric.OPERATIONS,
    *thing.OPERATIONS,
    *lineage.OPERATIONS,
    *entity.OPERATIONS,
    *compare.OPERATIONS,
    *flow.OPERATIONS,
    *search.OPERATIONS,
    *exchange.OPERATIONS,
    *sparql.OPERATIONS,
    *event.OPERATIONS,
    *access_route.OPERATIONS,
)

LONG_AT_ONCE = 8
"""So many long answers are sent at once: slow readers of them must not keep all threads."""

Endpoint = Callable[[Request], Awaitable[Response]]


def make_app(
    projects: Projects, access: Access, settings: ServerSettings | None = None
) -> Starlette:
    """The app over these projects; it folds what is new in them while it runs."""
    chosen, counted = settings or ServerSettings(), Figures()
    app = Starlette(
        routes=[
            *map(_route, OPERATIONS),
            *oidc.ROUTES,
            Route(f"{PREFIX}/openapi.json", _openapi),
            Route("/health", health),
            Route("/metrics", figures),
            Route("/{path:path}", Page().respond),
        ],
        middleware=[
            Middleware(Guard, settings=chosen),
            Middleware(Record, figures=counted),
            Middleware(BodyLimit, settings=chosen),
        ],
        exception_handlers={WhenceError: _told, HTTPException: _http},
        lifespan=_lifespan,
    )
    app.state.projects, app.state.access, app.state.settings = projects, access, chosen
    app.state.figures, app.state.rate = counted, Buckets(chosen.rate)
    app.state.long, app.state.watch = CapacityLimiter(LONG_AT_ONCE), CapacityLimiter(1)
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    await to_thread.run_sync(app.state.projects.start)
    try:
        yield
    finally:
        await to_thread.run_sync(app.state.projects.close)


def _route(operation: Operation) -> Route:
    return Route(PREFIX + operation.path, _endpoint(operation), methods=[operation.method])


def _endpoint(operation: Operation) -> Endpoint:
    is_async = inspect.iscoroutinefunction(operation.handle)

    async def endpoint(request: Request) -> Response:
        if is_async:
            call = await to_thread.run_sync(entered, operation, request)
            return _response(await operation.handle(call), request)
        gone = leaving(request.receive) if operation.method == "GET" else None
        limit_s = request.app.state.settings.query_s if operation.timed else 0
        with within(limit_s, gone) as deadline:
            try:
                return await to_thread.run_sync(_answered, operation, request)
            except WhenceError:
                if not deadline.left:
                    raise
        return Response(status_code=CLIENT_GONE)

    return endpoint


def _answered(operation: Operation, request: Request) -> Response:
    return _response(operation.handle(entered(operation, request)), request)


def _response(answer: Any, request: Request) -> Response:
    if isinstance(answer, Response):
        return answer
    if is_long(answer):
        limiter = request.app.state.long
        return PiecewiseResponse(
            lambda out: _write(answer, out), "application/json", limiter=limiter
        )
    return Response(msgspec.json.encode(answer), media_type="application/json")


def _write(answer: msgspec.Struct, out: Any) -> None:
    for piece in encoded(answer):
        out.write(piece)


def _openapi(request: Request) -> Response:
    """The document of the API; made on demand, for it is seldom asked."""
    from whence.server.openapi import text

    return Response(text(OPERATIONS), media_type="application/json")


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, WhenceError)
    return problem_of(error)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not-known", 405: "no-such-method"}.get(error.status_code, "http")
    return problem(error.status_code, code, error.detail, dict(error.headers or {}))
