"""Files of the store are for their owner only, and no link leads their bytes elsewhere."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from whence._base.private import opener, replace
from whence.capture.environment.keeping import keep
from whence.journal.home import content_path


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    """Path below ``folder`` -> mode, of the files that others may do anything with."""
    found = {str(p.relative_to(folder)): p.stat() for p in folder.rglob("*") if p.is_file()}
    return {name: s.st_mode & 0o777 for name, s in found.items() if stat.S_IMODE(s.st_mode) & 0o77}


def test_no_file_of_a_store_is_open_to_others(tmp_path: Path, open_umask: None) -> None:
    (tmp_path / "p.py").write_text("open('out.txt', 'w').write('x' * 100)\n")
    command = [sys.executable, "-m", "whence"]
    subprocess.run([*command, "run", "p.py"], cwd=tmp_path, check=True, timeout=60)
    store = tmp_path / ".whence"
    deadline = time.monotonic() + 30
    while any((store / "journal" / "open").iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    subprocess.run([*command, "log"], cwd=tmp_path, check=True, timeout=60)
    names = {path.name for path in store.rglob("*") if path.is_file()}
    assert {"index.sqlite", "digests.sqlite", "store.json", "companion.log"} <= names
    assert list(store.rglob("*.zst"))
    assert modes(store) == {}


def test_content_is_replaced_whole_and_a_link_is_not_followed(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"theirs")
    path = tmp_path / "ours"
    path.symlink_to(theirs)
    with pytest.raises(OSError, match="ours"):
        opener(str(path), os.O_WRONLY | os.O_CREAT)
    replace(str(path), b"ours")
    assert (path.read_bytes(), path.is_symlink(), theirs.read_bytes()) == (
        b"ours",
        False,
        b"theirs",
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ours", "theirs"]


def test_kept_content_is_private_and_leaves_nothing_beside_it(
    tmp_path: Path, open_umask: None
) -> None:
    digest = keep(tmp_path, b"secret")
    path = content_path(tmp_path, digest)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"secret", 0o600)
    assert list(path.parent.iterdir()) == [path]


def test_a_link_in_place_of_the_companions_log_is_not_written_through(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.write_bytes(b"")
    cache = tmp_path / ".whence" / "cache"
    cache.mkdir(parents=True)
    (cache / "companion.log").symlink_to(theirs)
    command = [sys.executable, "-m", "whence", "run", "-c", "open('out.txt', 'w').close()"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    opened = tmp_path / ".whence" / "journal" / "open"
    deadline = time.monotonic() + 30
    while any(opened.iterdir()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert theirs.read_bytes() == b""
