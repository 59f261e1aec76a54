"""The store folder: where it lies, who may use it, and how one is made.

    .whence/                 0700, .gitignore of *
        store.json           the store's id and the version of its layout
        journal/open|sealed  the segments, see whence.journal.layout
        content/aa/<sha256>  content that is kept: the uncommitted diff, snapshots of scripts
        index.sqlite         the index, which can be thrown away
        cache/               what can be made again

The store of a folder is the ``.whence`` in it or in the nearest folder above. A store that is
named, by ``--store`` or ``WHENCE_HOME``, is the folder given when that is a store or called
``.whence``, else the ``.whence`` in it.
"""

from __future__ import annotations

import os
import stat

from whence._base.errors import (
    StoreForbiddenError,
    StoreNotFoundError,
    StoreTooNewError,
    UsageError,
)
from whence._base.ids import format_id, parse_id, uuid7
from whence._base.private import write_aside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    AnyPath = str | os.PathLike[str]

NAME = ".whence"
VARIABLE = "WHENCE_HOME"
LAYOUT = 1
_DESCRIPTION = "store.json"


def find_store(start: AnyPath = ".", explicit: AnyPath | None = None) -> Path:
    """The store that ``explicit`` or ``WHENCE_HOME`` names, else the nearest one from ``start`` up.

    Raises StoreNotFoundError when there is none, StoreForbiddenError when the one found by
    walking up belongs to another user.
    """
    from pathlib import Path

    return Path(locate_store(os.fspath(start), None if explicit is None else os.fspath(explicit)))


def locate_store(start: str, explicit: str | None = None) -> str:
    """What `find_store` gives, as text: for the launch, which loads next to nothing."""
    named = named_store(explicit)
    if named is not None:
        if not os.path.isdir(named):
            raise StoreNotFoundError(f"No store at {named}. Record a run first: whence run SCRIPT")
        return named
    folder = os.path.abspath(start)
    while True:
        candidate = os.path.join(folder, NAME)
        if os.path.isdir(candidate):
            check_owner(candidate)
            return candidate
        above = os.path.dirname(folder)
        if above == folder:
            raise StoreNotFoundError(
                f"No {NAME} in {os.path.abspath(start)} or any folder above. "
                "Record a run first: whence run SCRIPT"
            )
        folder = above


def store_to_record(explicit: str | None = None) -> tuple[str, StoreForbiddenError | None]:
    """The store to record into, whether it exists or not, and why another was passed over, if so.

    Where none is named or found, it is the one in the working folder. Raises StoreForbiddenError
    when what lies there belongs to another user.
    """
    named = named_store(explicit)
    if named is not None:
        return named, None
    start = os.getcwd()
    own = os.path.join(start, NAME)
    try:
        return locate_store(start), None
    except StoreNotFoundError:
        return own, None
    except StoreForbiddenError as error:
        if os.path.lexists(own):
            raise
        return own, error


def named_store(explicit: str | None = None) -> str | None:
    """The path of the store that is named outright, whether it exists or not; None if none is.

    Where ``WHENCE_HOME`` names a server, the store is the one that is sent there: the nearest.
    Raises UsageError where ``explicit`` names one.
    """
    if is_remote(explicit):
        raise UsageError(f"{explicit} is a server, and this needs a store on this machine")
    named = explicit or os.environ.get(VARIABLE)
    if not named or is_remote(named):
        return None
    folder = os.path.abspath(os.path.expanduser(named))
    is_store = os.path.basename(folder) == NAME or os.path.exists(
        os.path.join(folder, _DESCRIPTION)
    )
    return folder if is_store else os.path.join(folder, NAME)


def is_remote(named: str | None) -> bool:
    """Whether this names a project of a server, and not a folder; see `whence.journal.remote`."""
    return named is not None and named.startswith(("http://", "https://"))


def named_remote(explicit: str | None = None) -> str:
    """The project of a server that ``explicit``, else ``WHENCE_HOME``, names; empty if none.

    Raises UsageError where it names a server, but no project of it.
    """
    named = explicit or os.environ.get(VARIABLE)
    if not named or not is_remote(named):
        return ""
    from whence.journal.remote import Remote  # most name none, and pay nothing for it

    return Remote(named).url


def check_owner(store: AnyPath) -> None:
    """Do nothing when ``store`` is the user's own; raise StoreForbiddenError when it is not."""
    mine = os.geteuid()
    if os.lstat(store).st_uid != mine or os.stat(store).st_uid != mine:
        raise StoreForbiddenError(
            f"{os.fspath(store)} belongs to another user and is not used. "
            f"Name it to use it all the same: --store {os.fspath(store)}"
        )


def create_store(path: AnyPath) -> Path:
    """Make the folder of a store at ``path``, or complete what is there; give its path.

    Several processes may do this at once. Raises OSError when it can't be made.
    """
    from pathlib import Path

    complete_store(os.fspath(path))
    return Path(path)


def complete_store(store: str) -> None:
    """What `create_store` does, for a path given as text."""
    is_new = not os.path.exists(os.path.join(store, _DESCRIPTION))
    for folder in (store, *(os.path.join(store, name) for name in _FOLDERS)):
        if not os.path.isdir(folder):
            os.makedirs(folder, 0o700, exist_ok=True)
    if is_new:
        _make_private(store)
    _write_new(os.path.join(store, ".gitignore"), "*\n")
    text = f'{{"layout": {LAYOUT}, "id": "{format_id(uuid7())}"}}\n'
    _write_new(os.path.join(store, _DESCRIPTION), text)


def store_id(store: AnyPath) -> bytes:
    """The 16-byte id of the store.

    Raises StoreTooNewError when a later version laid it out, StoreNotFoundError when it has none.
    """
    import json

    path = os.path.join(store, _DESCRIPTION)
    try:
        with open(path, encoding="utf-8") as f:
            description = json.load(f)
        layout, identity = description["layout"], parse_id(description["id"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreNotFoundError(f"{path} does not read: {error}. It is no store") from error
    if layout > LAYOUT:
        raise StoreTooNewError(
            f"Store {os.fspath(store)} has layout {layout}; this version reads up to {LAYOUT}. "
            "Upgrade Whence to read it"
        )
    if identity is None:
        raise StoreNotFoundError(f"{path} holds no id. It is no store")
    return identity


def content_path(store: AnyPath, digest: bytes) -> Path:
    """Where kept content with that SHA-256 lies."""
    from pathlib import Path

    text = digest.hex()
    return Path(store) / "content" / text[:2] / text


def cache_path(store: AnyPath, *parts: str) -> str:
    """A path below ``.whence/cache``, as text."""
    return os.path.join(store, "cache", *parts)


_FOLDERS = (os.path.join("journal", "open"), os.path.join("journal", "sealed"), "content", "cache")


def _make_private(store: str) -> None:
    """Close a folder that the user made, say for ``config.toml``, to others, as ours would be.

    One with the set-group-id bit is meant for its group, and stays open to it.
    """
    found = os.stat(store)
    if found.st_uid == os.geteuid():
        os.chmod(store, found.st_mode & 0o2770 if found.st_mode & stat.S_ISGID else 0o700)


def _write_new(path: str, text: str) -> None:
    """Write a file whole or not at all; leave one that is there."""
    if os.path.exists(path):
        return
    partial = write_aside(path, text.encode())
    try:
        os.link(partial, path)
    except FileExistsError:
        pass
    except OSError:
        os.rename(partial, path)
        return
    os.unlink(partial)
