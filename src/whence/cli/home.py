"""What the commands that look after a server share: its home, and who calls them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from pathlib import Path

    from whence.server.access.principal import Principal
    from whence.server.access.tokens import TokenAccess

Function = TypeVar("Function", bound=Callable[..., Any])


def home_option(function: Function) -> Function:
    """``--home DIR``."""
    return click.option(
        "--home",
        metavar="DIR",
        help="The server's home folder  [default: $XDG_DATA_HOME/whence/server]",
    )(function)


def home_of(home: str | None, *, make: bool = False) -> Path:
    """The home folder that is named or the usual one.

    Raises NotKnownError if it is not there, StoreForbiddenError if it is another user's: files
    made there by root could not be read by the server, which runs as that user.
    """
    import os

    from whence._base.errors import NotKnownError, StoreForbiddenError
    from whence.server.home import server_home

    folder = server_home(home)
    if make:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif not folder.is_dir():
        raise NotKnownError(f"No server's home is at {folder}. Name it: --home DIR")
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise StoreForbiddenError(
            f"{folder} belongs to the user {_name(owner)}. "
            f"Run this as that user: sudo -u {_name(owner)} whence ..."
        )
    return folder


def _name(uid: int) -> str:
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"#{uid}"


@contextmanager
def access_of(home: str | None, *, make: bool = False) -> Iterator[TokenAccess]:
    """The tokens and the trail of a server, which may be running."""
    from whence.server.access.database import FILE
    from whence.server.access.tokens import TokenAccess

    access = TokenAccess(home_of(home, make=make) / FILE)
    try:
        yield access
    finally:
        access.close()


def local_principal() -> Principal:
    """Who calls at the prompt of the server's machine, as the trail names them."""
    import getpass
    import os

    from whence.server.access.principal import Principal

    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return Principal(name, (("*", "admin"),), "at the prompt")
