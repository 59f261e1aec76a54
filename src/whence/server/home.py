"""The folder in which a server keeps its projects, tokens and trail."""

from __future__ import annotations

import os
from pathlib import Path


def server_home(named: str | None = None) -> Path:
    """The home that is named, else the user's own: ``$XDG_DATA_HOME/whence/server``.

    The server and the commands that look after it find the same one. It may not be there yet.
    """
    if named:
        return Path(named).expanduser().absolute()
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return Path(data) / "whence" / "server"
