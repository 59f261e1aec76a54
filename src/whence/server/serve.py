"""Runs the app: one process, until it is told to stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from whence._base.errors import UsageError

STOP_S = 5
"""How long requests may still run after the server was told to stop."""
IDLE_S = 20
"""How long a connection is kept for the next request."""
HEAD_S = 20.0
"""How long a client may take for the head of a request."""
HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class Listening:
    """Where to listen, and how. ``port`` 0 takes any that is free.

    ``behind_proxy`` believes the addresses and schemes that a proxy on this machine tells.
    """

    host: str = "127.0.0.1"
    port: int = 5500
    certificate: str | None = None
    key: str | None = None
    behind_proxy: bool = False


def serve(app: Starlette, where: Listening, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``ready`` is given the URL once requests are answered.

    Raises UsageError where it can't listen there.
    """
    listener = _listener(where)
    scheme = "https" if where.certificate else "http"
    host, port = listener.getsockname()[:2]
    url = f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}/"
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http=_Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=where.behind_proxy,
        timeout_keep_alive=IDLE_S,
        timeout_graceful_shutdown=STOP_S,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ssl_certfile=where.certificate,
        ssl_keyfile=where.key,
    )
    try:
        config.load()
    except OSError as error:  # of the certificate or the key
        listener.close()
        raise UsageError(f"The certificate or its key can't be used: {error}") from error
    _Server(config, app, lambda: ready(url)).run([listener])


def free_port(wanted: int) -> int:
    """That port of this machine where it is free, else 0, which takes any."""
    try:
        socket.create_server(("127.0.0.1", wanted)).close()
    except OSError:
        return 0
    return wanted


def _listener(where: Listening) -> socket.socket:
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(
            where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        # With the protocol named, asyncio sets TCP_NODELAY: else each answer waits 40 ms.
        listener = socket.socket(family, kind, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"Can't listen at {where.host}:{where.port}: {reason}. Choose another with --port"
        ) from error
    return listener


class _Server(uvicorn.Server):
    """Says when it is ready; told to stop, it first ends the streams that would never end."""

    def __init__(self, config: uvicorn.Config, app: Starlette, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._app, self._ready = app, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for project in self._app.state.projects.opened():
            project.feed.close()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End in good order, and at once when told twice."""
        self.force_exit = self.should_exit
        self.should_exit = True


class _Connection(H11Protocol):
    """Closes a connection whose client takes too long to say what it wants."""

    _head: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._forget()

    def _expect(self) -> None:
        """Wait for the rest of a head, from when its first byte came on."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._forget()
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_S, self._give_up)

    def _forget(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _give_up(self) -> None:
        self._head = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
