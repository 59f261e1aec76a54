"""Which files below the project are touched, by whomever: what no record explains becomes a gap.

Libraries written in C, C++ and Rust, and commands, open files where no wrapper sees it. Linux tells
of each folder which of its files were opened and closed (inotify), but not by whom; so this is a
check, and no source of edges. It is left out of code, which git and editors read as well; of hidden
folders and installations; and of a run beside which another is at work in the same store.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterator
from pathlib import Path

from whence.capture.environment.untracked import is_code
from whence.capture.file.rules import rules_for
from whence.capture.recorder import Recorder
from whence.capture.settings import Settings, settings_if_valid

CODE = "file-unexplained"
MOST_FOLDERS = 500
MOST_FILES = 20_000
MOST_TOLD = 20

_CLOSED_WRITTEN, _CLOSED, _MOVED_TO, _CREATED = 0x8, 0x10, 0x80, 0x100
_IS_FOLDER = 0x40000000
_ASKED = _CLOSED_WRITTEN | _CLOSED | _MOVED_TO | _CREATED
_EVENT = struct.Struct("iIII")
_NO_DATA = (b".pyc", b".so", b".pyd", b".lock", b"-journal", b"-wal", b"-shm")
_SKIPPED = frozenset({b"node_modules", b"site-packages", b"__pycache__"})


class Touched:
    """Collects the files that are touched in the folder of a store, while it is open.

    ``fd`` becomes readable when there is something to take in; -1 where this system has no inotify.
    """

    def __init__(self, store: str) -> None:
        self._root = os.path.dirname(os.path.realpath(os.fsencode(store)))
        settings = settings_if_valid(Path(store)) or Settings()
        root = os.fsdecode(self._root)
        self._rules = rules_for(store, root, settings.include, settings.exclude)
        self._folders: dict[int, bytes] = {}
        self._files: dict[bytes, bool] = {}
        self._libc = ctypes.CDLL(None, use_errno=True)
        begin = getattr(self._libc, "inotify_init1", None)
        self.fd: int = -1 if begin is None else begin(os.O_NONBLOCK | os.O_CLOEXEC)
        if self.fd >= 0:
            self._watch(self._root)

    def take_in(self, is_ours: bool = False) -> None:
        """Take in what was told. ``is_ours``: it may be what the companion itself reads."""
        for watch, mask, name in self._events():
            folder = self._folders.get(watch)
            if folder is None or not name:
                continue
            path = os.path.join(folder, name)
            if mask & _IS_FOLDER:
                if mask & (_CREATED | _MOVED_TO):
                    self._watch(path)
            elif mask & (_CLOSED_WRITTEN | _CLOSED) and not (is_ours and mask & _CLOSED):
                self._note(path, bool(mask & _CLOSED_WRITTEN))

    def close(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def tell(self, recorder: Recorder, run: bytes, explained: set[bytes]) -> None:
        """Record a gap for each file that was touched and is not among the ``explained``."""
        left = {
            path: is_written for path, is_written in self._files.items() if path not in explained
        }
        home = os.path.join(self._root, b"")
        for path, is_written in list(left.items())[:MOST_TOLD]:
            name = os.fsdecode(path.removeprefix(home))
            recorder.count_gap(CODE, run, detail=f"{name} ({'written' if is_written else 'read'})")
        if len(left) > MOST_TOLD:
            recorder.count_gap(CODE, run, count=len(left) - MOST_TOLD, detail="further files")

    def _note(self, path: bytes, is_written: bool) -> None:
        if path.endswith(_NO_DATA) or is_code(os.fsdecode(path)):
            return
        if self._rules.leaves_out(os.fsdecode(path)):
            return
        if path in self._files or len(self._files) < MOST_FILES:
            self._files[path] = is_written or self._files.get(path, False)

    def _watch(self, root: bytes) -> None:
        """Watch a folder and those in it, but for hidden ones and installations."""
        waiting = [root]
        for folder in waiting:
            if len(self._folders) >= MOST_FOLDERS:
                return
            watch = self._libc.inotify_add_watch(self.fd, folder, _ASKED)
            if watch < 0:
                continue
            self._folders[watch] = folder
            waiting.extend(_folders_in(folder))

    def _events(self) -> Iterator[tuple[int, int, bytes]]:
        while True:
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                return
            at = 0
            while at < len(data):
                watch, mask, _, length = _EVENT.unpack_from(data, at)
                at += _EVENT.size
                yield watch, mask, data[at : at + length].rstrip(b"\0")
                at += length


def _folders_in(folder: bytes) -> list[bytes]:
    try:
        with os.scandir(folder) as entries:
            inner = [e for e in entries if e.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [
        e.path for e in inner
        if not e.name.startswith(b".") and e.name not in _SKIPPED
        and not os.path.exists(os.path.join(e.path, b"pyvenv.cfg"))
    ]  # fmt: skip
