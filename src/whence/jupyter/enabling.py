"""Recording in every kernel: a file of ours among those that IPython runs when it starts.

It is the only thing that is written, so taking it away leaves all as it was. It does nothing in a
kernel of an environment without Whence, which shares the folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from whence._base.errors import UsageError
from whence._base.private import replace

FILE = "00-whence.py"
_MARK = "# Made by `whence jupyter enable`; `whence jupyter disable` takes it away.\n"
_TEXT = (
    _MARK
    + """try:
    get_ipython().extension_manager.load_extension("whence")
except ImportError:
    pass
"""
)


def startup_file(profile: str = "default") -> Path:
    """Where the file lies, or would, for an IPython profile. Raises UsageError for no name."""
    if not profile or os.sep in profile or profile.startswith("."):
        raise UsageError(f"{profile!r} is no name of an IPython profile")
    home = Path(os.environ.get("IPYTHONDIR") or "~/.ipython").expanduser()
    return home / f"profile_{profile}" / "startup" / FILE


def is_enabled(profile: str = "default") -> bool:
    """Whether kernels with this profile record."""
    return _is_ours(startup_file(profile))


def enable(profile: str = "default") -> bool:
    """Have kernels with this profile record; whether they did not before.

    Raises UsageError where a file of somebody else's lies there, OSError.
    """
    path = startup_file(profile)
    if path.exists() and not _is_ours(path):
        raise UsageError(f"{path} was not made by Whence; move it away first")
    if path.exists() and path.read_text(encoding="utf-8") == _TEXT:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(os.fspath(path), _TEXT.encode())
    return True


def disable(profile: str = "default") -> bool:
    """Have kernels with this profile record no more of themselves; whether they did before.

    Raises UsageError where a file of somebody else's lies there, OSError.
    """
    path = startup_file(profile)
    if not path.exists():
        return False
    if not _is_ours(path):
        raise UsageError(f"{path} was not made by Whence, so it stays")
    path.unlink()
    return True


def _is_ours(path: Path) -> bool:
    try:
        return path.read_text(encoding="utf-8", errors="replace").startswith(_MARK)
    except FileNotFoundError:
        return False
