"""The cache of a store is believed only where nobody else can have written it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from whence.capture.cache import environment_key, keep, kept
from whence.capture.launch.observer_list import observers_here, parse_observers
from whence.journal.home import create_store


def planted(folder: Path) -> tuple[str, Path]:
    """A store whose list of observers names code of somebody, and the file of the list."""
    store = str(create_store(folder / ".whence"))
    key = environment_key(b"observers", sys.path[1:])
    path = Path(store, "cache", f"observers-{key.hex()}")
    keep(str(path), b"evil=evil:Evil")
    return store, path


def test_a_list_of_our_own_is_believed(tmp_path: Path) -> None:
    store, _ = planted(tmp_path)
    assert observers_here(store) == "evil=evil:Evil"


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_list_that_others_may_write_is_made_anew(mode: int, tmp_path: Path) -> None:
    store, path = planted(tmp_path)
    path.chmod(mode)
    found = parse_observers(observers_here(store))
    assert found["pandas"] == "whence.observers.pandas:PandasObserver"
    assert "evil" not in found
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o770, 0o707])
def test_a_list_in_a_folder_that_others_may_write_is_not_believed(
    mode: int, tmp_path: Path
) -> None:
    store, path = planted(tmp_path)
    path.parent.chmod(mode)
    assert "evil" not in observers_here(store)
    assert "evil" not in observers_here(store)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_list_of_another_user_is_not_believed(which: str, tmp_path: Path) -> None:
    store, path = planted(tmp_path)
    os.chown(path if which == "file" else path.parent, 12345, 12345)
    assert "evil" not in observers_here(store)


def test_a_link_and_a_pipe_are_not_believed(tmp_path: Path) -> None:
    _, path = planted(tmp_path)
    other = path.with_name("other")
    other.symlink_to(path)
    pipe = path.with_name("pipe")
    os.mkfifo(pipe, 0o600)
    assert kept(str(path)) == b"evil=evil:Evil"
    assert (kept(str(other)), kept(str(pipe)), kept(str(path / "none"))) == (None, None, None)
