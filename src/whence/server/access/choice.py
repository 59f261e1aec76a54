"""Whether callers have to say who they are, by where the server listens."""

from __future__ import annotations

import sys
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from whence._base.errors import UsageError
from whence.server.access.principal import Access, OpenAccess

if TYPE_CHECKING:
    from whence.server.access.oidc import Provider

Auth = Literal["auto", "on", "off"]


def choose_access(
    home: Path,
    host: str,
    auth: Auth = "auto",
    *,
    insecure: bool = False,
    behind_proxy: bool = False,
    provider: Provider | None = None,
) -> Access:
    """The access of a server with this home, listening there.

    Of ``auto`` rights are checked except on loopback without a proxy before it. Where they are and
    nobody can come in yet, stderr says how to make the first token. Raises UsageError where ``off``
    is not meant.
    """
    is_local = is_loopback(host) and not behind_proxy
    if auth == "off" and provider is not None:
        raise UsageError("--auth off checks no rights, so --oidc-issuer has no use with it")
    if auth == "off" and not is_local and not insecure:
        raise UsageError(
            f"--auth off lets everyone who reaches {host} read and write all projects"
            f"{', through the proxy too' if behind_proxy else ''}. If that is "
            "meant, say so twice: --auth off --insecure"
        )
    if auth == "off" or (auth == "auto" and is_local and provider is None):
        return OpenAccess()
    from whence.server.access.database import FILE
    from whence.server.access.tokens import TokenAccess

    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    access = TokenAccess(home / FILE, provider)
    if provider is None and not access.register.has_live():
        print(first_token(home), file=sys.stderr)
    return access


def first_token(home: Path) -> str:
    """How to make the first token."""
    from shlex import quote

    return (
        "whence: nobody can come in yet. Make the first token: "
        f"whence token create admin --project '*' --scope admin --home {quote(str(home))}"
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
