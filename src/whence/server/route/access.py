"""Who one is, the tokens, the projects that are made, and the audit trail."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

import msgspec
from anyio import to_thread
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from whence._base.clock import wall_ns
from whence._base.errors import NotAllowedError, NotKnownError, NotSignedInError, UsageError
from whence.server.access.info import TokenInfo, TokenList, info
from whence.server.access.making import make_project
from whence.server.access.noting import stranger
from whence.server.access.principal import EVERY, NOBODY, Principal
from whence.server.access.session import IDLE_NS
from whence.server.access.span import SECOND_NS, moment_ns, span_ns
from whence.server.access.tokens import TokenAccess
from whence.server.access.trail import PAGE, TrailRow
from whence.server.gate import COOKIE
from whence.server.operation import Call, NoQuery, Operation

Body = TypeVar("Body")


class Grant(msgspec.Struct, frozen=True):
    """A right: ``*`` stands for all projects."""

    project: str
    scope: str


class Who(msgspec.Struct, frozen=True):
    """Who calls and what they may do."""

    name: str
    signed_in: bool
    grants: list[Grant]


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    token: str


class NewToken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``project`` is made if it is not there; ``expires`` is a span, such as 90d."""

    name: str
    project: str
    scope: Literal["read", "write", "admin"] = "read"
    expires: str | None = None


class NewProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str


class ProjectName(msgspec.Struct, frozen=True):
    name: str


class AuditQuery(msgspec.Struct, frozen=True):
    project: Annotated[str | None, Meta(description="Only what was done to this project")] = None
    since: Annotated[str | None, Meta(description="A span such as 7d, or a time")] = None
    cursor: Annotated[int, Meta(ge=0, le=(1 << 63) - 1, description="What a page gave")] = 0
    limit: Annotated[int, Meta(ge=1, le=PAGE, description="How many lines at most")] = 100


class AuditPage(msgspec.Struct, frozen=True):
    """``next`` is the cursor of the next page, null after the last."""

    items: list[TrailRow]
    next: int | None


def who(call: Call[NoQuery]) -> Who:
    """Who you are here, and what you may do."""
    return _who(call.principal)


async def sign_in(call: Call[NoQuery]) -> Response:
    """Begin a session of the page by a token; it is in a cookie that scripts can't read."""
    access, asked = _tokens(call), await _body(call.request, SignIn)
    await to_thread.run_sync(access.sign_out, call.request.cookies.get(COOKIE))
    try:
        session, principal = await to_thread.run_sync(access.sign_in, asked.token)
    except NotSignedInError:
        stranger_here = stranger(call.request)
        await to_thread.run_sync(access.count, stranger_here, "refused", None, "sign in")
        raise
    response = Response(msgspec.json.encode(_who(principal)), media_type="application/json")
    set_cookie(response, call.request, session)
    return response


def sign_out(call: Call[NoQuery]) -> Response:
    """End the session, if there is one."""
    access = call.request.app.state.access
    if isinstance(access, TokenAccess):
        access.sign_out(call.request.cookies.get(COOKIE))
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", secure=is_tls(call.request))
    return response


async def create_token(call: Call[NoQuery]) -> TokenInfo:
    """A new token for a project of which you are an admin; its text is told this once."""
    access, asked = _tokens(call), await _body(call.request, NewToken)
    return await to_thread.run_sync(_created, call, access, asked)


def list_tokens(call: Call[NoQuery]) -> TokenList:
    """The tokens of the projects of which you are an admin, oldest first."""
    rows = _tokens(call).register.rows()
    return TokenList([info(row) for row in rows if _rules(call.principal, row.project)])


def revoke_token(call: Call[NoQuery]) -> Response:
    """Have a token open nothing any more."""
    access, id = _tokens(call), call.path["token"]
    kept = access.register.find(id)
    if kept is None or not _rules(call.principal, kept.row.project):
        raise NotKnownError(f"There is no token {id!r} of a project of which you are an admin")
    access.revoke(id, call.principal)
    return Response(status_code=204)


async def create_project(call: Call[NoQuery]) -> ProjectName:
    """Make a project, if it is not there."""
    asked = await _body(call.request, NewProject)
    return await to_thread.run_sync(_made, call, asked.name)


def audit(call: Call[AuditQuery]) -> AuditPage:
    """The audit trail, oldest first: of all projects, or of one of which you are an admin."""
    asked = call.query
    if not _rules(call.principal, asked.project or EVERY):
        raise NotAllowedError("Name a project of which you are an admin: ?project=NAME")
    since = 0 if asked.since is None else moment_ns(asked.since)
    rows = _tokens(call).trail.rows(asked.project, since, asked.cursor, asked.limit)
    return AuditPage(rows, rows[-1].id if len(rows) == asked.limit else None)


def set_cookie(response: Response, request: Request, session: str) -> None:
    """Give the browser a session: no script reads it, no other site sends it."""
    response.set_cookie(
        COOKIE, session, max_age=IDLE_NS // SECOND_NS, path="/", httponly=True,
        samesite="strict", secure=is_tls(request),
    )  # fmt: skip


def is_tls(request: Request) -> bool:
    """Whether the browser speaks TLS, to us or to a proxy that we believe."""
    return request.url.scheme == "https"


def _created(call: Call[NoQuery], access: TokenAccess, asked: NewToken) -> TokenInfo:
    if not _rules(call.principal, asked.project):
        raise NotAllowedError("You are no admin of that project, so you can't make tokens for it")
    expires_at = None if asked.expires is None else wall_ns() + span_ns(asked.expires)
    if asked.project != EVERY:
        _made(call, asked.project)
    made = access.register.create(
        asked.name, asked.project, asked.scope, expires_at, call.principal
    )
    return info(*made)


def _made(call: Call[NoQuery], name: str) -> ProjectName:
    state = call.request.app.state
    if not _rules(call.principal, name):
        raise NotAllowedError("You are no admin of that project, so you can't make it")
    make_project(state.projects, state.access, call.principal, name)
    return ProjectName(name)


def _rules(principal: Principal, project: str) -> bool:
    return principal.may("admin", None if project == EVERY else project)


def _who(principal: Principal) -> Who:
    grants = [Grant(project, scope) for project, scope in principal.grants]
    return Who(principal.name, principal != NOBODY, grants)


def _tokens(call: Call[NoQuery] | Call[AuditQuery]) -> TokenAccess:
    access = call.request.app.state.access
    if not isinstance(access, TokenAccess):
        raise UsageError(
            "This server checks no rights, so it has no tokens and no trail. "
            "Start it with: whence server --auth on"
        )
    return access


async def _body(request: Request, kind: type[Body]) -> Body:
    """The JSON body. Its media type is asked for: no form of a foreign page can send that."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise UsageError("Send the body as JSON, with Content-Type: application/json")
    try:
        return msgspec.json.decode(await request.body(), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UsageError(f"The body is wrong: {error}") from error


_TAGS = ("access",)
OPERATIONS = (
    Operation("GET", "/session", who, "Who you are", answer=Who, scope="", tags=_TAGS),
    Operation(
        "POST", "/session", sign_in, "Sign in by a token", answer=Who, scope="", tags=_TAGS,
        body=SignIn,
    ),
    Operation("DELETE", "/session", sign_out, "Sign out", scope="", tags=_TAGS),
    Operation(
        "GET", "/tokens", list_tokens, "The tokens", answer=TokenList, scope="admin", tags=_TAGS
    ),
    Operation(
        "POST", "/tokens", create_token, "Make a token", answer=TokenInfo, scope="admin",
        tags=_TAGS, action="", body=NewToken,
    ),
    Operation(
        "DELETE", "/tokens/{token}", revoke_token, "Revoke a token", scope="admin", tags=_TAGS,
        action="",
    ),
    Operation(
        "POST", "/projects", create_project, "Make a project", answer=ProjectName, scope="admin",
        tags=_TAGS, action="", body=NewProject,
    ),
    Operation(
        "GET", "/audit", audit, "The audit trail", query=AuditQuery, answer=AuditPage,
        scope="admin", tags=_TAGS,
    ),
)  # fmt: skip
