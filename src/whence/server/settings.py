"""What a server allows: sizes, times, rates, and from where it may be asked."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True)
class ServerSettings:
    """``rate`` is in calls a second for each caller, 0 for no limit; twice as many at once.

    ``hosts`` are the names under which the server may be asked, any if empty: without them a page
    of somebody else's, whose name is made to lead here, could ask a server on loopback.
    ``origins`` are the sites whose pages may ask it from a browser.
    """

    body_bytes: int = 64 * MIB
    url_bytes: int = 16 * 1024
    query_s: float = 30.0
    wait_s: float = 30.0
    rate: float = 0.0
    streams: int = 500
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    tls: bool = False
