"""The gate before every operation: who calls, whether they may, and what they ask."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request

from whence._base.errors import NotAllowedError, NotKnownError, NotSignedInError
from whence.server.access.noting import note_refusal, noted
from whence.server.access.principal import NOBODY, Access, Principal
from whence.server.operation import Call, Operation, Scope, decoded_query
from whence.server.rate import Buckets

COOKIE = "whence_session"


def entered(operation: Operation, request: Request) -> Call[Any]:
    """The call, of one who may make it.

    Raises before anything else is told where they may not: a project that one may not read is
    told like one that is not there.
    """
    path = dict(request.path_params)
    name = path.pop("project", None)
    told = request.scope.setdefault("whence", {})
    told |= {"route": operation.path, "project": name}
    principal = None
    try:
        principal = _caller(operation, request)
        told["principal"] = principal.name
        _require(operation, principal, name)
    except (NotSignedInError, NotAllowedError, NotKnownError):
        note_refusal(operation, request, principal)
        raise
    project = None if name is None else request.app.state.projects.find(name)
    query = decoded_query(request, operation.query)
    call: Call[Any] = Call(request, principal, query, path, project)
    noted(operation, call)
    return call


def _caller(operation: Operation, request: Request) -> Principal:
    access: Access = request.app.state.access
    rate: Buckets = request.app.state.rate
    address = f"at {request.client.host}" if request.client else "at ?"
    try:
        found = access.principal(request.headers.get("authorization"), request.cookies.get(COOKIE))
    except NotSignedInError:
        rate.take(address)
        if operation.scope or operation.needs_name or "authorization" in request.headers:
            raise
        return NOBODY
    rate.take(found.label if access.required else address)
    return found


def _require(operation: Operation, principal: Principal, project: str | None) -> None:
    if not operation.scope or principal.may(operation.scope, project):
        return
    if project is None and principal.may_somewhere(operation.scope):
        return  # what it may do there, the operation says
    if project is not None and not principal.may("read", project):
        raise NotKnownError(f"There is no project {project!r} that you may read")
    raise NotAllowedError(f"This needs the right to {operation.scope}, which you don't have here")


def still_may(call: Call[Any], scope: Scope) -> bool:
    """Whether who began a long answer may have the rest of it: their token may be revoked."""
    access: Access = call.request.app.state.access
    headers, cookies = call.request.headers, call.request.cookies
    try:
        found = access.principal(headers.get("authorization"), cookies.get(COOKIE))
    except NotSignedInError:
        return False
    return found.may(scope, call.request.path_params.get("project"))
