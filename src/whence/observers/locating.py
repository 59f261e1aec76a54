"""Which files an argument names: one, several, those of a folder, or those that match a pattern."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from whence.capture.file.tracker import Access
from whence.capture.guard import asked
from whence.capture.session import Session
from whence.model.place import Stamp
from whence.observers.openings import Target, is_url, target_of

MAX_FILES = 1000
"""Of more files than this, named by one argument, the first are recorded and a gap says so."""

_NO_FILES: list[Any] = []

_LEFT_OUT = (".", "_")
"""How the names of files begin that readers of folders pass over."""


def targets_of(session: Session, value: Any, access: Access | None) -> list[Target]:
    """The files that an argument names, none when it names none (text of an open file's, a URL)."""
    if isinstance(value, bytes | bytearray | memoryview):
        return []
    named: list[Target] = []
    found = asked(lambda: list(islice(_named_by(value), MAX_FILES + 1)), _NO_FILES)
    for one in found[:MAX_FILES]:
        target = target_of(session.files, one, access)
        if target is not None:
            named.append(target)
    if len(found) > MAX_FILES:
        detail = f"of a folder or pattern the first {MAX_FILES} files are recorded"
        session.recorder.count_gap("sampled", session.process, detail=detail)
    return named


def stamps_below(folder: str) -> dict[str, Stamp]:
    """The versions of the files below a folder, by path."""
    found = {}
    for path in islice(files_below(folder), MAX_FILES):
        with suppress(OSError):
            found[path] = Stamp.of(os.stat(path))
    return found


def files_below(folder: str) -> Iterator[str]:
    """The files below a folder that hold data, in the order of their names."""
    for at, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(_LEFT_OUT))
        for name in sorted(files):
            if not name.startswith(_LEFT_OUT):
                yield os.path.join(at, name)


def _named_by(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for part in value:
            yield from _named_by(part)
    elif not isinstance(value, str | os.PathLike) or is_url(value):
        yield value
    elif os.path.isdir(value):
        yield from files_below(os.fspath(value))
    elif glob.has_magic(os.fspath(value)) and not os.path.exists(value):
        yield from sorted(glob.iglob(os.fspath(value), recursive=True))
    else:
        yield value
