"""Which files are left out of the record. The whole rule is in this module; docs repeat it.

In this order, on the absolute path with links resolved:

1. What ``[files] include`` of ``.whence/config.toml`` matches is recorded.
2. What ``[files] exclude`` matches is left out.
3. Left out: anything in a folder named ``__pycache__``, ``.git`` or ``.whence``; the store itself.
4. Left out: the interpreter's installation (or environment), the standard library, installed
   packages, Whence itself; ``/proc``, ``/sys``, ``/dev``, ``/etc`` and system libraries, fonts,
   locales and time zones; caches of fonts and installers in the home folder; IPython's folder
   of profiles and history. A folder of this list that holds the project or the working folder is
   not left out as a whole.
5. Left out: temporary files, that is a path in the system's folder for them whose first part looks
   like a name that ``tempfile`` and its like give (``tmp`` and 8 characters), unless the project
   itself lies there.

Globs are relative to the folder that holds ``.whence``, or absolute. ``*`` and ``?`` stay within
one part of a path, ``**`` does not; a pattern without a slash matches a name at any depth; a
pattern that matches a folder matches all that is in it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable

_MARKED = ("/__pycache__/", "/.git/", "/.whence/")
_SYSTEM = (
    "/proc", "/sys", "/dev", "/etc", "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/fonts",
    "/usr/local/share/fonts", "/usr/share/zoneinfo", "/usr/share/locale", "/usr/share/mime",
    "/usr/share/icons", "/usr/share/fontconfig", "/var/cache/fontconfig",
)  # fmt: skip
_HOME = (
    ".cache/matplotlib", ".cache/fontconfig", ".cache/pip", ".cache/uv", ".config/matplotlib",
    ".config/marimo",
    ".matplotlib", ".fontconfig", ".fonts", ".local/share/fonts", ".ipython",
)  # fmt: skip
_NAMED = ("MPLCONFIGDIR", "IPYTHONDIR")
_SHARED_PREFIXES = ("/", "/usr", "/usr/local", "/opt")
_TEMPORARY = ("/tmp", "/var/tmp", "/usr/tmp")
_TEMPORARY_NAMES = ("tmp", "pymp-", "matplotlib-", "torch_", "ray_")
_TEMPORARY_STARTS = ("joblib_memmapping_folder_", "loky-", "torchinductor_", "pip-", "ipykernel_")
_RANDOM = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")


class Rules:
    """Decides which files are left out, for one session.

    ``surely`` is a tuple of folders (ending in a slash): a path that begins with one is left out,
    whatever else; wrappers test it before they do anything else.
    """

    def __init__(
        self,
        root: str,
        cwd: str,
        folders: Iterable[str],
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
    ) -> None:
        homes = tuple(_folder(home) for home in (root, cwd))
        self._out = _outermost(
            f for f in map(_folder, folders) if not any(h.startswith(f) for h in homes)
        )
        temporary = {_folder(f) for f in _temporary_folders()}
        self._temporary = tuple(sorted(temporary, key=len, reverse=True))
        self._kept = tuple(
            home for home in homes if any(home.startswith(t) and home != t for t in temporary)
        )
        self._included = _matcher(include, homes[0])
        self._excluded = _matcher(exclude, homes[0])
        self.surely = self._out if self._included is None else ()

    def leaves_out(self, path: str) -> bool:
        """Whether the rule leaves out ``path``, which is absolute with links resolved."""
        if self._included is not None and self._included(path):
            return False
        if self._excluded is not None and self._excluded(path):
            return True
        if path.startswith(self._out):
            return True
        for folder in _MARKED:
            if folder in path:
                return True
        return path.startswith(self._temporary) and self._is_temporary(path)

    def keeps_all_in(self, folder: str) -> bool:
        """Whether nothing that lies directly in ``folder`` (ending in a slash) is left out."""
        if self._excluded is not None or self.leaves_out(folder):
            return False
        return not folder.startswith(self._temporary) or folder.startswith(self._kept or "\0")

    def _is_temporary(self, path: str) -> bool:
        if self._kept and path.startswith(self._kept):
            return False
        for folder in self._temporary:
            if path.startswith(folder):
                return looks_temporary(path[len(folder) :].partition("/")[0])
        return False


def looks_temporary(name: str) -> bool:
    """Whether ``name`` is one that ``tempfile`` or its like gives."""
    if name.startswith(_TEMPORARY_STARTS):
        return True
    for start in _TEMPORARY_NAMES:
        if name.startswith(start):
            random, rest = name[len(start) : len(start) + 8], name[len(start) + 8 :]
            return len(random) == 8 and _RANDOM.issuperset(random) and rest[:1] in ("", ".")
    return False


def rules_for(
    store: str, root: str, include: Iterable[str] = (), exclude: Iterable[str] = ()
) -> Rules:
    """The rules of this process: its interpreter, its packages, its working folder."""
    try:
        cwd = os.getcwd()
    except OSError:
        cwd = root
    home = os.path.expanduser("~")
    folders = [store, *_SYSTEM, *_interpreter_folders()]
    if home != "~":
        folders += [os.path.join(home, name) for name in _HOME]
    folders += [os.environ[name] for name in _NAMED if os.environ.get(name)]
    return Rules(root, cwd, folders + [os.path.realpath(f) for f in folders], include, exclude)


def _interpreter_folders() -> list[str]:
    found = [
        os.path.dirname(os.__file__),
        os.path.dirname(os.path.dirname(os.path.dirname(__file__))),
    ]
    found += [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    found += [p for p in prefixes if p not in _SHARED_PREFIXES]
    user_site = getattr(sys.modules.get("site"), "USER_SITE", None)
    return [*found, user_site] if user_site else found


def _temporary_folders() -> list[str]:
    named = [os.environ[name] for name in ("TMPDIR", "TEMP", "TMP") if os.environ.get(name)]
    return [os.path.realpath(folder) for folder in (*named, *_TEMPORARY)]


def _outermost(folders: Iterable[str]) -> tuple[str, ...]:
    """The folders without those that lie in another one."""
    found: list[str] = []
    for folder in sorted(folders):
        if not (found and folder.startswith(found[-1])):
            found.append(folder)
    return tuple(found)


def _folder(path: str) -> str:
    return path.rstrip("/") + "/"


def _matcher(patterns: Iterable[str], root: str) -> Callable[[str], object] | None:
    """Loads what reads globs only where there are any."""
    wanted = list(patterns)
    if not wanted:
        return None
    from whence.capture.file.glob import matcher

    return matcher(wanted, root)
