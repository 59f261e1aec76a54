"""The project of a server that a store is sent to: its address, and the token for it.

    http://127.0.0.1:5500/projects/speech
    https://whence.example.org/api/v1/projects/speech

The token is ``WHENCE_TOKEN``, or what ``whence login`` keeps in ``whence/credentials.json`` of the
user's configuration folder, which nobody else may read.
"""

from __future__ import annotations

import json
import os
import re
import stat
from urllib.parse import urlsplit

from whence._base.errors import UsageError
from whence._base.private import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN = "WHENCE_TOKEN"
_SENDABLE = re.compile(r"[!-~]*")
_PROJECT = re.compile(r"(?P<base>.*?)(?:/api/v1)?/projects/(?P<name>[a-z0-9][a-z0-9._-]{0,62})/?")


class Remote:
    """One project of one server. ``url`` is its plain form, by which it is known everywhere."""

    __slots__ = ("host", "is_tls", "origin", "path", "port", "project", "url")

    def __init__(self, text: str) -> None:
        """Raises UsageError where ``text`` names no project of a server."""
        parts = urlsplit(text)
        found = _PROJECT.fullmatch(parts.path)
        try:
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise UsageError(f"{_hidden(text)} is no address: {error}") from error
        if parts.scheme not in ("http", "https") or not host or found is None or parts.query:
            raise UsageError(
                f"{_hidden(text)} names no project of a server; "
                "one is named like https://HOST/projects/NAME"
            )
        if parts.username or parts.password:
            raise UsageError(
                f"{_hidden(text)}: an address holds no password. "
                f"Keep the token by: whence login, or in {TOKEN}"
            )
        self.is_tls = parts.scheme == "https"
        self.host, self.port = host, port or (443 if self.is_tls else 80)
        shown = f"[{host}]" if ":" in host else host
        self.origin = f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
        self.project = found["name"]
        self.path = f"{found['base']}/api/v1/projects/{self.project}"
        self.url = f"{self.origin}{found['base']}/projects/{self.project}"

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine."""
        return self.host in ("localhost", "::1") or self.host.startswith("127.")


def remote_of(store: str, named: str = "") -> Remote | None:
    """Where ``store`` is sent to: to ``named``, else to what its settings name.

    None where it is sent nowhere. Raises UsageError.
    """
    text = named or configured(store)
    return Remote(text) if text else None


def token_for(remote: Remote) -> str:
    """The token to show to a server; empty where there is none. Raises UsageError."""
    given = os.environ.get(TOKEN, "").strip()
    token = given or _kept().get(remote.url, "")
    if not _SENDABLE.fullmatch(token):  # it is not shown: it may be a true one, cut in two
        place = TOKEN if given else credentials_path()
        raise UsageError(f"The token in {place} has characters that no token has; copy it anew")
    return token


def keep_token(remote: Remote, token: str) -> str:
    """Keep a token for a project, or forget it where it is empty; give the path of the file.

    Raises OSError, UsageError.
    """
    kept, path = _kept(), credentials_path()
    if token:
        kept[remote.url] = token
    else:
        kept.pop(remote.url, None)
    os.makedirs(os.path.dirname(path), 0o700, exist_ok=True)
    replace(path, (json.dumps(kept, indent=2) + "\n").encode())
    return path


def credentials_path(environ: Mapping[str, str] | None = None) -> str:
    """Where tokens are kept."""
    given = os.environ if environ is None else environ
    folder = given.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(folder, "whence", "credentials.json")


def _kept() -> dict[str, str]:
    path = credentials_path()
    try:
        with open(path, encoding="utf-8") as f:
            found = os.fstat(f.fileno())
            if stat.S_IMODE(found.st_mode) & 0o077 or found.st_uid != os.geteuid():
                raise UsageError(f"{path} can be read by others. Run: chmod 600 {path}")
            kept = json.load(f)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} does not read: {error}. Run: whence login") from error
    if not isinstance(kept, dict):
        raise UsageError(f"{path} does not read. Remove it and run: whence login")
    return {str(key): value for key, value in kept.items() if isinstance(value, str)}


def configured(store: str) -> str:
    """``[server] url`` of the settings of ``store``; what else is in them is checked elsewhere."""
    path = os.path.join(store, "config.toml")
    if not os.path.exists(path):
        return ""
    import tomllib

    try:
        with open(path, "rb") as f:
            table = tomllib.load(f).get("server", {})
    except (OSError, ValueError):
        return ""
    url = table.get("url", "") if isinstance(table, dict) else ""
    return url if isinstance(url, str) else ""


def _hidden(text: str) -> str:
    """The address without a password that somebody put into it."""
    return re.sub(r"//[^/@]*@", "//***@", text)
