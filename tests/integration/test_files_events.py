"""What is recorded of the files that Python code opens, closes, moves and removes."""

# ruff: noqa: SIM115 - how a file is closed is what is tested here

from __future__ import annotations

import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.support.session import events_in, of_type, watched_files
from whence.capture.guard import failures
from whence.model.event import (
    FileClosed,
    FileMoved,
    FileOpened,
    FileRemoved,
    GapRecorded,
    RelationRecorded,
)
from whence.model.place import Stamp
from whence.model.relation import Known, Relation


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A project folder that is the working folder; nothing of ours may have failed in the test."""
    monkeypatch.chdir(tmp_path)
    failures.clear()
    yield tmp_path
    assert dict(failures) == {}


def opened(root: Path) -> list[tuple[str, str]]:
    """(access, path relative to the project) of each opening."""
    return [
        (e.access, os.path.relpath(os.fsdecode(e.path), root))
        for e in of_type(root / ".whence", FileOpened)
    ]


def stamp(path: Path | str) -> Stamp:
    return Stamp.of(os.stat(path))


@pytest.mark.parametrize(
    ("mode", "access"),
    [("r", "r"), ("rb", "r"), ("w", "w"), ("wb", "w"), ("w+", "w"), ("x", "x"), ("a", "a"),
     ("ab+", "a"), ("r+", "u"), ("r+b", "u")],
)  # fmt: skip
def test_an_opening_has_its_access_its_versions_and_its_close(
    project: Path, mode: str, access: str
) -> None:
    if access != "x":
        Path("x.txt").write_text("there")
    with watched_files(project), open("x.txt", mode) as f:
        if f.writable():
            f.write(b"new" if "b" in mode else "new")
    (opening,) = of_type(project / ".whence", FileOpened)
    (closing,) = of_type(project / ".whence", FileClosed)
    assert (opening.access, opening.path) == (access, os.fsencode(project / "x.txt"))
    assert (opening.asked, opening.kind, opening.error) == (b"x.txt", "file", "")
    assert opening.known == Known.OBSERVED
    assert closing.id == opening.id
    assert closing.stamp == stamp("x.txt")
    assert opening.stamp.inode == closing.stamp.inode
    assert len(opening.filesystem) == 16


@pytest.mark.parametrize("drop", ["close", "with", "drop", "unbuffered", "detach"])
def test_the_version_at_the_close_holds_all_that_was_written(project: Path, drop: str) -> None:
    with watched_files(project):
        f: Any = open("x.bin", "wb", 0 if drop == "unbuffered" else -1)
        f.write(b"1" * 100)
        if drop == "with":
            with f:
                pass
        elif drop == "detach":
            raw = f.detach()
            raw.close()
        elif drop == "drop":
            del f
        else:
            f.close()
        open("next.txt", "w").close()
    first, *_ = of_type(project / ".whence", FileClosed)
    assert first.stamp == stamp("x.bin")
    assert first.stamp.size == 100


def test_a_file_that_is_still_open_has_no_close(project: Path) -> None:
    with watched_files(project):
        f = open("x.txt", "w")
    f.close()
    assert opened(project) == [("w", "x.txt")]
    assert of_type(project / ".whence", FileClosed) == []


def test_a_link_is_resolved_and_the_asked_path_kept(project: Path) -> None:
    Path("real").mkdir()
    Path("real/x.txt").write_text("x")
    Path("link").symlink_to("real")
    Path("direct.txt").symlink_to("real/x.txt")
    with watched_files(project):
        for _ in range(2):
            open("link/x.txt").close()
            open(project / "direct.txt").close()
    events = of_type(project / ".whence", FileOpened)
    assert {e.path for e in events} == {os.fsencode(project / "real/x.txt")}
    asked = [b"link/x.txt", os.fsencode(project / "direct.txt")]
    assert [e.asked for e in events] == asked * 2


def test_a_folder_that_moved_is_not_remembered_where_it_was(project: Path) -> None:
    Path("a").mkdir()
    Path("a/x.txt").write_text("x")
    with watched_files(project):
        open("a/x.txt").close()
        os.rename("a", "b")
        os.symlink("b", "a")
        open("a/x.txt").close()
        os.chdir("b")
        open("x.txt").close()
    paths = [os.fsdecode(e.path) for e in of_type(project / ".whence", FileOpened)]
    assert paths == [str(project / "a/x.txt")] + [str(project / "b/x.txt")] * 2


def test_os_open_is_followed_to_os_close_and_through_fdopen(project: Path) -> None:
    with watched_files(project):
        fd = os.open("a.bin", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(fd, b"abc")
        os.close(fd)
        with os.fdopen(os.open("b.bin", os.O_RDWR | os.O_CREAT), "wb") as f:
            f.write(b"abcd")
        folder = os.open(".", os.O_RDONLY)
        os.close(os.open("a.bin", os.O_RDONLY, dir_fd=folder))
        os.close(folder)
        os.close(os.open("a.bin", os.O_WRONLY | os.O_APPEND))
        os.close(os.open("a.bin", os.O_RDWR))
        with open("a.bin", opener=os.open) as f:
            f.read()
    assert opened(project) == [
        ("x", "a.bin"), ("w", "b.bin"), ("r", "a.bin"), ("a", "a.bin"), ("u", "a.bin"),
        ("r", "a.bin"),
    ]  # fmt: skip
    closings = of_type(project / ".whence", FileClosed)
    assert [c.stamp.size for c in closings] == [3, 4, 3, 3, 3, 3]


def test_a_descriptor_that_was_closed_behind_our_back_is_not_mistaken(project: Path) -> None:
    Path("b.txt").write_text("b")
    with watched_files(project):
        fd = os.open("a.txt", os.O_WRONLY | os.O_CREAT)
        os.closerange(fd, fd + 1)
        with open("b.txt") as f:
            assert f.fileno() == fd
    closings = of_type(project / ".whence", FileClosed)
    assert [c.stamp for c in closings] == [stamp("b.txt")]


def test_a_file_that_can_not_be_opened_is_recorded_with_the_error(project: Path) -> None:
    with watched_files(project):
        with pytest.raises(FileNotFoundError):
            open("missing/x.txt")
        with pytest.raises(IsADirectoryError):
            open(".", "w")
        with pytest.raises(FileExistsError):
            os.open(".", os.O_CREAT | os.O_EXCL | os.O_WRONLY)
        with pytest.raises(FileNotFoundError):
            open(os.path.join(sys.prefix, "no-such-file"))
    events = of_type(project / ".whence", FileOpened)
    assert [(e.error, e.access, e.stamp) for e in events] == [
        ("FileNotFoundError", "r", None),
        ("IsADirectoryError", "w", None),
        ("FileExistsError", "x", None),
    ]
    assert events[0].path == os.fsencode(project / "missing/x.txt")


def test_a_rename_and_a_replacement_move_the_occurrence(project: Path) -> None:
    with watched_files(project) as session:
        Path("a.txt").write_text("a")
        written = session.files.opening_of("a.txt")
        os.rename("a.txt", "b.txt")
        pathlib.Path("b.txt").replace("c.txt")
        assert session.files.opening_of("c.txt", "w") == written
        assert session.files.opening_of("a.txt") is None
    moves = of_type(project / ".whence", FileMoved)
    assert [(os.fsdecode(m.source), os.fsdecode(m.target)) for m in moves] == [
        (str(project / "a.txt"), str(project / "b.txt")),
        (str(project / "b.txt"), str(project / "c.txt")),
    ]
    assert moves[1].stamp == stamp("c.txt")


def test_what_comes_out_of_a_temporary_file_is_written_where_it_arrives(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("temporary")
    monkeypatch.setenv("TMPDIR", str(outside))
    monkeypatch.setattr(tempfile, "tempdir", str(outside))
    with watched_files(project):
        with tempfile.NamedTemporaryFile("w", delete=False) as f:
            f.write("model")
        shutil.move(f.name, "model.bin")
    assert opened(project) == [("w", "model.bin")]
    assert [c.stamp for c in of_type(project / ".whence", FileClosed)] == [stamp("model.bin")]


def test_a_removal_has_the_last_version(project: Path) -> None:
    Path("a.txt").write_text("a")
    Path("d").mkdir()
    Path("d/b.txt").write_text("b")
    before = [stamp("a.txt"), stamp("d/b.txt")]
    with watched_files(project):
        os.remove("a.txt")
        shutil.rmtree("d")
    removals = of_type(project / ".whence", FileRemoved)
    assert [os.path.relpath(os.fsdecode(r.path), project) for r in removals] == ["a.txt", "d/b.txt"]
    assert [r.stamp for r in removals] == before


def test_a_hard_link_is_derived_from_the_file_it_names(project: Path) -> None:
    Path("a.txt").write_text("a")
    with watched_files(project):
        os.link("a.txt", "b.txt")
    read, made = of_type(project / ".whence", FileOpened)
    assert opened(project) == [("r", "a.txt"), ("x", "b.txt")]
    (relation,) = of_type(project / ".whence", RelationRecorded)
    assert (relation.source, relation.relation, relation.target) == (
        made.id, Relation.WAS_DERIVED_FROM, read.id,
    )  # fmt: skip


def test_a_truncation_is_an_update(project: Path) -> None:
    Path("a.txt").write_text("abc")
    with watched_files(project):
        os.truncate("a.txt", 1)
    assert opened(project) == [("u", "a.txt")]
    assert [c.stamp.size for c in of_type(project / ".whence", FileClosed)] == [1]


def test_a_pipe_is_a_stream_known_by_no_content(project: Path) -> None:
    os.mkfifo("pipe")
    with watched_files(project):
        writer = threading.Thread(target=lambda: Path("pipe").write_text("x"))
        writer.start()
        assert Path("pipe").read_text() == "x"
        writer.join()
    events = of_type(project / ".whence", FileOpened)
    assert {(e.kind, e.attributes["sampled"], e.attributes["type"]) for e in events} == {
        ("stream", True, "fifo")
    }
    assert {g.subject for g in of_type(project / ".whence", GapRecorded)} == {e.id for e in events}


def test_a_file_that_left_its_folder_behind_is_no_ones(project: Path) -> None:
    with watched_files(project):
        os.close(os.open(".", os.O_TMPFILE | os.O_RDWR))
        with tempfile.TemporaryFile(dir=".") as f:
            f.write(b"x")
    assert opened(project) == []


def test_a_name_that_is_no_unicode_keeps_its_bytes(project: Path) -> None:
    name = b"caf\xe9-\xff.txt"
    with watched_files(project):
        with open(name, "w") as f:
            f.write("x")
        open(os.fsdecode(name)).close()
    events = of_type(project / ".whence", FileOpened)
    assert [e.path for e in events] == [os.fsencode(project) + b"/" + name] * 2


def test_what_the_rules_leave_out_is_not_recorded(project: Path) -> None:
    Path(".git").mkdir()
    Path("x.log").write_text("x")
    Path("kept.log").write_text("x")
    with watched_files(project, exclude=["*.log"], include=["kept.log"]):
        open(os.__file__).close()
        open("/dev/null").close()
        open("/proc/self/status").close()
        open(".git/config", "w").close()
        open("x.log").close()
        open("kept.log").close()
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            Path(folder, "x.txt").write_text("x")
    assert opened(project) == [("r", "kept.log")]


def test_source_that_is_read_to_show_a_traceback_is_no_input(project: Path) -> None:
    import linecache
    import tokenize

    Path("module.py").write_text("x = 1\n")
    with watched_files(project):
        linecache.checkcache()
        assert linecache.getline(str(project / "module.py"), 1) == "x = 1\n"
        tokenize.open("module.py").close()
    assert opened(project) == []


def test_threads_lose_nothing(project: Path) -> None:
    def work(number: int) -> None:
        for n in range(50):
            Path(f"t{number}-{n}").write_text("x")

    with watched_files(project):
        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    openings = {e.id for e in of_type(project / ".whence", FileOpened)}
    assert len(openings) == 400
    assert {e.id for e in of_type(project / ".whence", FileClosed)} == openings


def test_a_database_is_known_by_its_version_before_and_after(project: Path) -> None:
    sqlite3.connect("old.db").execute("CREATE TABLE t (x)").connection.close()
    with watched_files(project) as session:
        session.files.connected("old.db")
        session.files.connected("new.db")
        with sqlite3.connect("new.db") as connection:
            connection.execute("CREATE TABLE t (x)")
        connection.close()
    assert opened(project) == [("r", "old.db"), ("w", "new.db")]
    events = of_type(project / ".whence", FileOpened)
    assert [(e.kind, e.attributes) for e in events] == [("stream", {"sampled": True})] * 2


def test_events_stand_in_the_order_in_which_things_happened(project: Path) -> None:
    with watched_files(project):
        Path("a").write_text("x")
        Path("a").read_text()
        os.remove("a")
    kinds = [type(e).__name__ for e in events_in(project / ".whence")]
    assert kinds == ["FileOpened", "FileClosed", "FileOpened", "FileClosed", "FileRemoved"]
