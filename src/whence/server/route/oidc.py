"""The way to an OIDC provider and back. These are for browsers, not part of the API."""

from __future__ import annotations

import hmac

import msgspec
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from whence._base.errors import NotKnownError, NotSignedInError
from whence.server.access.noting import stranger
from whence.server.access.oidc import Login, Provider
from whence.server.access.tokens import TokenAccess
from whence.server.gate import COOKIE
from whence.server.route.access import is_tls, set_cookie

LOGIN, CALLBACK = "/api/v1/oidc/login", "/api/v1/oidc/callback"
LOGIN_COOKIE = "whence_login"
LOGIN_S = 600


async def login(request: Request) -> Response:
    """Send the browser to the provider; ``?next=/path`` is where it ends up signed in."""
    _, provider = _by_oidc(request)
    next = _own_path(request.query_params.get("next", "/"))
    url, begun = await to_thread.run_sync(provider.begin, _callback_url(request), next)
    response = RedirectResponse(url, 303)
    # Lax, since the way back from the provider comes from another site.
    response.set_cookie(
        LOGIN_COOKIE, msgspec.json.encode(begun).hex(), max_age=LOGIN_S, path=CALLBACK,
        httponly=True, samesite="lax", secure=is_tls(request),
    )  # fmt: skip
    return response


async def callback(request: Request) -> Response:
    """Take what the provider sends back, and begin a session."""
    access, provider = _by_oidc(request)
    begun = _begun(request)
    try:
        if begun is None or not _is_same(begun.state, request.query_params.get("state", "")):
            raise NotSignedInError("This sign-in was not begun here. Begin again from the page")
        code = request.query_params.get("code", "")
        if not code:
            raise NotSignedInError("The OIDC provider did not sign you in")
        url = _callback_url(request)
        person, claims = await to_thread.run_sync(provider.finish, url, begun, code)
    except NotSignedInError:
        who = stranger(request)
        await to_thread.run_sync(access.count, who, "refused", None, "sign in by OIDC")
        raise
    await to_thread.run_sync(access.sign_out, request.cookies.get(COOKIE))
    session, _ = await to_thread.run_sync(access.sign_in_person, person, claims)
    response = RedirectResponse(_own_path(begun.next), 303)
    set_cookie(response, request, session)
    response.delete_cookie(LOGIN_COOKIE, path=CALLBACK)
    return response


def _by_oidc(request: Request) -> tuple[TokenAccess, Provider]:
    access = request.app.state.access
    if not isinstance(access, TokenAccess) or access.provider is None:
        raise NotKnownError("This server has no OIDC provider")
    return access, access.provider


def _begun(request: Request) -> Login | None:
    try:
        raw = bytes.fromhex(request.cookies.get(LOGIN_COOKIE, ""))
        return msgspec.json.decode(raw, type=Login)
    except (ValueError, msgspec.MsgspecError):
        return None


def _is_same(left: str, right: str) -> bool:
    return hmac.compare_digest(left.encode(), right.encode("utf-8", "replace"))


def _own_path(next: str) -> str:
    """A path of this server; the start page for whatever might lead elsewhere."""
    is_own = next.startswith("/") and not next.startswith(("//", "/\\")) and next.isprintable()
    return next if is_own and "\\" not in next else "/"


def _callback_url(request: Request) -> str:
    return str(request.url.replace(path=CALLBACK, query="", fragment=""))


ROUTES = (Route(LOGIN, login), Route(CALLBACK, callback))
