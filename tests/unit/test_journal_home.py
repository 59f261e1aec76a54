"""The store folder: found by walking up, named outright, made private, refused when another's."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from whence._base.errors import StoreForbiddenError, StoreNotFoundError, StoreTooNewError
from whence.journal.home import (
    check_owner,
    content_path,
    create_store,
    find_store,
    named_store,
    store_id,
)


def test_a_store_is_private_and_out_of_git(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    assert stat.S_IMODE(store.stat().st_mode) == 0o700
    assert (store / ".gitignore").read_text() == "*\n"
    assert (store / "journal" / "open").is_dir()
    assert len(store_id(store)) == 16


@pytest.mark.parametrize(
    ("made", "becomes"), [(0o755, 0o700), (0o775, 0o700), (0o2775, 0o2770), (0o700, 0o700)]
)
def test_a_folder_that_the_user_made_for_the_settings_becomes_private_too(
    made: int, becomes: int, tmp_path: Path
) -> None:
    (tmp_path / ".whence").mkdir()
    (tmp_path / ".whence").chmod(made)
    store = create_store(tmp_path / ".whence")
    assert stat.S_IMODE(store.stat().st_mode) == becomes
    store.chmod(0o750)
    assert stat.S_IMODE(create_store(store).stat().st_mode) == 0o750


def test_making_a_store_again_keeps_its_id(tmp_path: Path) -> None:
    first = store_id(create_store(tmp_path / ".whence"))
    assert store_id(create_store(tmp_path / ".whence")) == first
    assert sorted(os.listdir(tmp_path / ".whence")) == [
        ".gitignore", "cache", "content", "journal", "store.json",
    ]  # fmt: skip


def test_the_nearest_store_above_is_found(tmp_path: Path) -> None:
    outer, inner = create_store(tmp_path / ".whence"), create_store(tmp_path / "a" / ".whence")
    below = tmp_path / "a" / "b" / "c"
    below.mkdir(parents=True)
    assert find_store(below) == inner
    assert find_store(tmp_path) == outer


def test_where_there_is_none_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFoundError, match="whence run SCRIPT"):
        find_store(tmp_path)


@pytest.mark.parametrize("name", [".whence", "folder", "named"])
def test_a_store_can_be_named(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = create_store(
        tmp_path / {".whence": ".whence", "folder": "folder/.whence", "named": "named"}[name]
    )
    assert find_store("/", tmp_path / name) == expected
    monkeypatch.setenv("WHENCE_HOME", str(tmp_path / name))
    assert find_store("/") == expected
    assert named_store() == str(expected)


def test_a_store_of_another_user_is_refused_when_walking_up_but_not_when_named(
    tmp_path: Path,
) -> None:
    store = create_store(tmp_path / ".whence")
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    os.chown(store, 12345, 12345)
    with pytest.raises(StoreForbiddenError, match="--store"):
        find_store(tmp_path)
    with pytest.raises(StoreForbiddenError):
        check_owner(store)
    assert find_store("/", store) == store


def test_a_link_to_a_store_of_another_user_is_refused_too(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    store = create_store(tmp_path / "theirs")
    os.chown(store, 12345, 12345)
    (tmp_path / ".whence").symlink_to(store)
    with pytest.raises(StoreForbiddenError):
        find_store(tmp_path)


def test_a_later_layout_is_not_read(tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    (store / "store.json").write_text(
        '{"layout": 99, "id": "00000000-0000-0000-0000-000000000000"}'
    )
    with pytest.raises(StoreTooNewError, match="layout 99"):
        store_id(store)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"layout": 1, "id": "x"}', '{"layout": 1}'])
def test_what_is_no_description_is_no_store(text: str, tmp_path: Path) -> None:
    store = create_store(tmp_path / ".whence")
    (store / "store.json").write_text(text)
    with pytest.raises(StoreNotFoundError):
        store_id(store)


def test_content_lies_by_digest(tmp_path: Path) -> None:
    assert content_path(tmp_path, bytes(32)) == tmp_path / "content" / "00" / ("0" * 64)
