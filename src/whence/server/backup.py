"""Copies a server's home while the server runs.

    <copy>/access.sqlite                 by SQLite's own online backup
    <copy>/oidc.toml
    <copy>/projects/<name>/              the store, without its index and caches

Segments only grow, and a sealed one never changes, so a copy of any moment is a true beginning of
the journal. Open segments are copied before sealed ones: one that is sealed meanwhile is then met
at least once. An index is made again from the journal.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from whence._base.errors import NotKnownError, UsageError
from whence._base.private import opener
from whence.journal.layout import open_path, open_segments, sealed_segments
from whence.server.access.database import FILE, Database
from whence.server.access.rules import FILE as RULES
from whence.server.project import NAME

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SMALL = ("store.json", ".gitignore", "config.toml")


@dataclass
class Copied:
    """What a backup holds, and how much of it was copied this time."""

    projects: int = 0
    segments: int = 0
    files: int = 0
    copied_bytes: int = 0


def back_up(home: Path, target: Path) -> Copied:
    """Bring the copy at ``target`` up to now; it is made if it is not there.

    What an earlier backup copied for good is not copied again. Raises UsageError for a folder that
    holds something else, NotKnownError where ``home`` is none; OSError.
    """
    _check(home, target)
    copied = Copied()
    _folder(target)
    if (home / FILE).exists():
        database = Database(home / FILE)
        try:
            database.copy_to(target / f".{FILE}.new")
        finally:
            database.close()
        os.replace(target / f".{FILE}.new", target / FILE)
    _copy(home / RULES, target / RULES, copied)
    for project in sorted((home / "projects").iterdir()):
        if NAME.fullmatch(project.name) and project.is_dir():
            _back_up_project(project, target / "projects" / project.name, copied)
            copied.projects += 1
    return copied


def _back_up_project(store: Path, target: Path, copied: Copied) -> None:
    for folder in ("journal/open", "journal/sealed", "content", "cache"):
        _folder(target / folder)
    for name in _SMALL:
        _copy(store / name, target / name, copied)
    for file in open_segments(store):
        copied.segments += _copy(file.path, target / file.path.relative_to(store), copied)
    for file in sealed_segments(store):
        if _keep(file.path, target / file.path.relative_to(store), copied):
            copied.segments += 1
            open_path(target, file.run, file.segment).unlink(missing_ok=True)
    for path in sorted((store / "content").glob("??/*")):
        if _DIGEST.fullmatch(path.name):
            _keep(path, target / path.relative_to(store), copied)


def _keep(source: Path, target: Path, copied: Copied) -> bool:
    """Copy what never changes, unless it is there; whether it is there then."""
    with suppress(FileNotFoundError):
        if target.stat().st_size == source.stat().st_size:
            copied.files += 1
            return True
    return _copy(source, target, copied)


def _copy(source: Path, target: Path, copied: Copied) -> bool:
    """Copy a file, whole or not at all, durably; False where it is not there any more."""
    aside = target.with_name(f".{target.name}.new")
    try:
        reading = open(source, "rb")  # noqa: SIM115  # closed below
    except FileNotFoundError:
        return False
    _folder(target.parent)
    aside.unlink(missing_ok=True)
    with reading, open(aside, "xb", opener=opener) as writing:
        shutil.copyfileobj(reading, writing)
        writing.flush()
        os.fdatasync(writing.fileno())
        copied.copied_bytes += writing.tell()
    os.replace(aside, target)
    copied.files += 1
    return True


def _folder(path: Path) -> None:
    if not path.is_dir():
        for part in reversed([one for one in (path, *path.parents) if not one.exists()]):
            part.mkdir(mode=0o700, exist_ok=True)


def _check(home: Path, target: Path) -> None:
    if not (home / "projects").is_dir():
        raise NotKnownError(f"No server's home is at {home}. Name it: --home DIR")
    real_home, real_target = home.resolve(), target.resolve()
    if real_home.is_relative_to(real_target) or real_target.is_relative_to(real_home):
        raise UsageError(f"The backup can't lie in the home that it is of: {target}")
    if target.is_dir() and any(target.iterdir()) and not (target / "projects").is_dir():
        raise UsageError(f"{target} holds something else than a backup; name another folder")
