"""A copy of a working folder, in which a notebook may write as it likes."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from whence._base.errors import UsageError
from whence.query.spelling import size

LEFT_OUT = frozenset(
    {".whence", ".git", ".hg", ".svn", "node_modules", "__pycache__", ".ipynb_checkpoints",
     ".mypy_cache", ".ruff_cache", ".pytest_cache", ".tox", ".nox"}
)  # fmt: skip
"""Folders that are not copied: no notebook's data lie there. Virtual environments aren't either."""


def copy_folder(source: Path, target: Path) -> None:
    """Copy what lies in ``source`` to ``target``; its files stay as they are.

    Links are copied as links where they lead to something within ``source``; what others lead to
    is copied, so that nothing outside is written through them. Pipes and sockets are left out.

    Raises UsageError where the disk of ``target`` has no room for it.
    """
    found = list(_found(source))
    needed = sum(os.lstat(path).st_size for path, is_folder in found if not is_folder)
    free = shutil.disk_usage(target.parent).free
    if needed > free * 0.9:
        raise UsageError(
            f"A copy of {source} takes {size(needed)}, and {target.parent} has {size(free)} left; "
            "name a larger folder for it: TMPDIR=/some/folder whence reproduce …"
        )
    target.mkdir(parents=True, exist_ok=True)
    for path, is_folder in found:
        place = target / path.relative_to(source)
        if is_folder:
            place.mkdir(exist_ok=True)
        else:
            _copy(path, place, source)


def _found(source: Path) -> Iterator[tuple[Path, bool]]:
    """What is to be copied, each folder before what lies in it; and whether it is a folder."""
    for top, folders, files in os.walk(source):
        here = Path(top)
        folders[:] = sorted(one for one in folders if _is_wanted(here / one))
        for name in folders:
            if not (here / name).is_symlink():
                yield here / name, True
        links = [name for name in folders if (here / name).is_symlink()]
        yield from ((here / name, False) for name in sorted([*files, *links]))


def _is_wanted(folder: Path) -> bool:
    return folder.name not in LEFT_OUT and not (folder / "pyvenv.cfg").exists()


def _copy(path: Path, place: Path, source: Path) -> None:
    found = os.lstat(path)
    if stat.S_ISLNK(found.st_mode):
        _copy_link(path, place, source)
    elif stat.S_ISREG(found.st_mode):
        shutil.copy2(path, place)


def _copy_link(path: Path, place: Path, source: Path) -> None:
    end = Path(os.path.realpath(path))
    top = Path(os.path.realpath(source))
    if end.is_relative_to(top):
        place.symlink_to(os.path.relpath(end, Path(os.path.realpath(path.parent))))
    elif end.is_dir():
        shutil.copytree(end, place, symlinks=False, ignore_dangling_symlinks=True)
    elif end.is_file():
        shutil.copy2(end, place)
