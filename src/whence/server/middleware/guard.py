"""What keeps pages of others out: the name one is asked under, origins, and security headers."""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from whence.server.problem import problem
from whence.server.settings import ServerSettings

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PROOF = "x-whence"
"""A header that a form of another site can't send: a request with a cookie has to have it."""
ALLOWED_HEADERS = "Authorization, Content-Type, X-Whence"
ALLOWED_METHODS = "GET, HEAD, POST, PUT, DELETE"


class Guard:
    """Refuses what a browser sends for another site, and adds the security headers."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        allowed = origin in self._settings.origins

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), origin if allowed else None)
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is None and allowed and scope["method"] == "OPTIONS":
            refusal = Response(status_code=204)
        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        host = headers.get("host", "")
        if self._settings.hosts and _name(host) not in self._settings.hosts:
            return problem(
                421, "wrong-host", f"This server is not called {_name(host)!r}; see --allow-host"
            )
        if scope["method"] in SAFE:
            return None
        if not self._is_ours(headers, host):
            return problem(403, "other-site", "A page of another site may not do this")
        if "cookie" in headers and "authorization" not in headers and headers.get(PROOF) != "1":
            return problem(
                403, "other-site", "A request with a cookie needs the header X-Whence: 1"
            )
        return None

    def _is_ours(self, headers: Headers, host: str) -> bool:
        """Whether no browser sends it for a page of another site."""
        origin = headers.get("origin")
        if origin is not None:
            return origin in self._settings.origins or _site(origin) == host
        return headers.get("sec-fetch-site", "none") in ("same-origin", "none")

    def _add(self, headers: MutableHeaders, origin: str | None) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if self._settings.tls:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if self._settings.origins:
            headers.add_vary_header("Origin")
        if origin is not None:
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Headers"] = ALLOWED_HEADERS
            headers["Access-Control-Allow-Methods"] = ALLOWED_METHODS
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"


def _site(origin: str) -> str | None:
    """The host and port of an origin; None where it has none, as ``null``, or is none."""
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host.partition("]")[0].lstrip("[").lower()
    return host.rpartition(":")[0].lower() if ":" in host else host.lower()
