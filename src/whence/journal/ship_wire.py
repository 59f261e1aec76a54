"""Talking to a server over HTTP: one connection that is kept, proxies, time limits, and problems.

Only the standard library is used: this runs in the companion beside the user's program.
"""

from __future__ import annotations

import json
import os
from http.client import (
    HTTPConnection,
    HTTPException,
    HTTPResponse,
    HTTPSConnection,
    IncompleteRead,
)
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from whence._base.errors import RefusedError, UnreachableError
from whence._base.version import VERSION
from whence.journal.remote import TOKEN, Remote, token_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CONNECT_S, ANSWER_S = 10.0, 60.0
_LARGEST_ANSWER = 16 << 20
_LONGEST_WAIT_S = 600.0
_WHO = 401
_MAY_PASS = frozenset({408, 425, 429, 500, 502, 503, 504, 507})
"""Statuses of troubles that may be over when one asks again."""


class Wire:
    """The connection to one project of one server; for one thread at a time."""

    def __init__(
        self, remote: Remote, answer_s: float = ANSWER_S, token: str | None = None
    ) -> None:
        """``token`` is the one that is kept for ``remote`` if None."""
        self.remote, self._answer_s, self._token = remote, answer_s, token
        self._connection: HTTPConnection | None = None
        self._prefix = ""

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        *,
        known: tuple[int, ...] = (),
    ) -> tuple[int, bytes]:
        """The status and body of an answer: any of 2xx, and of those in ``known``.

        ``path`` is below the project's. Raises UnreachableError for what may be over when it is
        asked again, RefusedError for what will not.
        """
        try:
            response = self._sent(method, path, body, headers or {})
            answer = response.read(_LARGEST_ANSWER)
            is_cut = len(answer) == _LARGEST_ANSWER and bool(response.read(1))
            if response.length and not is_cut:  # the connection ended before the answer did
                raise IncompleteRead(answer, response.length)
        except (OSError, HTTPException) as error:
            self.close()
            raise UnreachableError(
                f"{self.remote.origin} can't be reached: {_why(error)}"
            ) from error
        if response.will_close or is_cut:
            self.close()
        if is_cut:
            raise RefusedError(
                f"{self.remote.origin} answers more than {_LARGEST_ANSWER:,} bytes. Ask for less: "
                "a limit, a depth, a narrower filter"
            )
        if 200 <= response.status < 300 or response.status in known:
            return response.status, answer
        raise _problem(self.remote, response, answer)

    def get(self, path: str) -> Any:
        """The JSON of an answer. Raises as `call` does."""
        _, answer = self.call("GET", path)
        try:
            return json.loads(answer)
        except (ValueError, RecursionError) as error:
            raise RefusedError(f"{self.remote.origin} is no Whence server") from error

    def close(self) -> None:
        """Close the connection; the next call opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _sent(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> HTTPResponse:
        """The answer's beginning. A connection that went stale is opened again, once."""
        is_kept = self._connection is not None
        everything = self._headers() | headers
        while True:
            try:
                connection = self._opened()
                target = f"{self._prefix}{self.remote.path}{path}"
                try:
                    connection.request(method, target, body, everything)
                except (BrokenPipeError, ConnectionResetError):
                    if not body:
                        raise  # else it may have been told why before all was sent
                return connection.getresponse()
            except (ConnectionError, HTTPException):
                self.close()
                if not is_kept:
                    raise
                is_kept = False

    def _headers(self) -> dict[str, str]:
        headers = {"User-Agent": f"whence/{VERSION}", "Accept": "application/json"}
        token = token_for(self.remote) if self._token is None else self._token
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return headers

    def _opened(self) -> HTTPConnection:
        if self._connection is None:
            self._connection = self._connected()
        return self._connection

    def _connected(self) -> HTTPConnection:
        remote, proxy = self.remote, _proxy_for(self.remote)
        kind = HTTPSConnection if remote.is_tls else HTTPConnection
        if proxy is None:
            connection = kind(remote.host, remote.port, timeout=CONNECT_S)
        else:
            connection = kind(proxy[0], proxy[1], timeout=CONNECT_S)
            if remote.is_tls:
                connection.set_tunnel(remote.host, remote.port)
            else:
                self._prefix = remote.origin
        connection.connect()
        connection.sock.settimeout(self._answer_s)
        return connection


def _proxy_for(remote: Remote) -> tuple[str, int] | None:
    """The proxy that the environment names, as ``https_proxy`` and ``no_proxy`` do."""
    proxies = getproxies_environment()
    address = proxies.get("https" if remote.is_tls else "http")
    if not address or proxy_bypass(remote.host):
        return None
    parts = urlsplit(address if "//" in address else f"//{address}")
    return (parts.hostname, parts.port or 80) if parts.hostname else None


def _problem(
    remote: Remote, response: HTTPResponse, answer: bytes
) -> RefusedError | UnreachableError:
    """What a server told instead of an answer."""
    status, detail, code = response.status, "", ""
    try:
        told = json.loads(answer)
        detail, code = _harmless(str(told.get("detail", ""))), str(told.get("code", ""))
    except (ValueError, AttributeError, RecursionError):
        pass
    if status in _MAY_PASS:
        text = f"{remote.origin} answers {status}: {detail or response.reason}"
        return UnreachableError(text, _retry_after(response))
    if 300 <= status < 400:
        place = response.headers.get("Location", "another place")
        detail = f"it has moved to {_harmless(place)}; name that address"
    if status == _WHO and not os.environ.get(TOKEN):
        detail = f"{detail or 'it wants a token'}. Run: whence login {remote.url}"
    text = f"{remote.url} answers {status}: {detail or response.reason}"
    return RefusedError(text, status, code, detail)


def _harmless(text: str) -> str:
    """What a server says, without characters that a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _retry_after(response: HTTPResponse) -> float | None:
    text = response.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT_S) if text.isdecimal() else None


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
