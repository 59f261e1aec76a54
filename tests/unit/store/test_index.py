"""The index of a store folder: where it lies, what it folds, and what it says when it can't."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.support.journal import JournalBuilder
from whence._base.clock import boot_id, process_start
from whence._base.errors import SegmentConflictError, StoreCorruptError, StoreTooNewError
from whence._base.ids import format_id
from whence.journal.home import create_store, store_id
from whence.journal.layout import open_segments, sealed_segments
from whence.journal.seal import seal
from whence.service.index import fold_new, index_place, open_store, reindex
from whence.store.protocol import Gap
from whence.store.sqlite import SqliteStore
from whence.store.sqlite.schema import VERSIONS


@pytest.fixture
def journal(tmp_path: Path) -> JournalBuilder:
    return JournalBuilder(tmp_path / "project")


def names(folder: Path) -> list[str]:
    with open_store(folder) as store:
        return [node.name for node in store.runs()]


def test_opening_folds_what_is_new_each_time(journal: JournalBuilder) -> None:
    first = journal.run("first")
    assert names(journal.store) == ["first"]
    first.metric("loss", 1.0)
    with journal.run("second"):
        pass
    assert names(journal.store) == ["second", "first"]
    with open_store(journal.store) as store:
        (number,) = store.numbers_named("first")
        assert [p.value for p in store.points(number, "loss")] == [1.0]


def test_a_segment_that_was_sealed_meanwhile_is_folded_on(journal: JournalBuilder) -> None:
    run = journal.run("run")
    assert fold_new(journal.store) == 1
    run.metric("loss", 1.0)
    run.close()
    (file,) = open_segments(journal.store)
    seal(journal.store, file)
    assert fold_new(journal.store) == 1
    assert fold_new(journal.store) == 0
    with open_store(journal.store) as store:
        assert store.counts()["points"] == 1
        assert store.folded()[run.segment].sealed


def test_progress_is_told(journal: JournalBuilder) -> None:
    journal.run("run")
    told: list[tuple[str, int, int | None]] = []
    fold_new(journal.store, lambda *report: told.append(report))
    assert told == [("Indexing what is new", 0, 1), ("Indexing what is new", 1, 1)]


def test_reindexing_gives_the_same_again(journal: JournalBuilder) -> None:
    with journal.run("run") as run:
        run.write(journal.root / "out", b"x" * 100)
    with open_store(journal.store) as store:
        before = [(node.uid, node.name) for node in store.iterate()]
    assert reindex(journal.store) == 1
    with open_store(journal.store) as store:
        assert [(node.uid, node.name) for node in store.iterate()] == before


def test_a_damaged_index_says_so_and_reindexing_heals_it(journal: JournalBuilder) -> None:
    journal.run("run")
    assert names(journal.store) == ["run"]
    (journal.store / "index.sqlite").write_bytes(b"SQLite format 3\0" + os.urandom(8192))
    with pytest.raises(StoreCorruptError, match="Run: whence reindex"):
        open_store(journal.store)
    reindex(journal.store)
    assert names(journal.store) == ["run"]


def test_an_index_of_a_later_version_is_left_alone(journal: JournalBuilder) -> None:
    journal.run("run")
    assert names(journal.store) == ["run"]
    path = journal.store / "index.sqlite"
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {len(VERSIONS) + 2}")
    raw.close()
    with pytest.raises(StoreTooNewError) as error:
        open_store(journal.store)
    assert str(error.value) == (
        f"Store '{path}' has schema {len(VERSIONS) + 2}; this version reads up to "
        f"{len(VERSIONS)}. Run: pip install -U whence"
    )


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "index.sqlite"
    SqliteStore(path).close()
    with SqliteStore(path, read_only=True) as store, pytest.raises(sqlite3.OperationalError):
        store.connection.raw.execute("DELETE FROM node")


def test_several_processes_may_fold_one_journal(journal: JournalBuilder) -> None:
    for number in range(30):
        with journal.run(f"run {number}") as run:
            run.metric("loss", 1.0)
    code = (
        "import sys; from pathlib import Path; from whence.service.index import fold_new;"
        "fold_new(Path(sys.argv[1]))"
    )
    import sys

    workers = [subprocess.Popen([sys.executable, "-c", code, str(journal.store)]) for _ in range(3)]
    assert [worker.wait(120) for worker in workers] == [0, 0, 0]
    with open_store(journal.store) as store:
        assert (store.counts()["runs"], store.counts()["points"]) == (30, 30)


def test_a_torn_tail_counts_once_its_writer_is_dead(journal: JournalBuilder) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    alive = journal.run(
        "alive", boot=boot_id(), pid=os.getpid(), process_start=process_start(os.getpid())
    )
    dead = journal.run("dead", boot=boot_id(), pid=gone.pid, process_start=1)
    for run in (alive, dead):
        with open(run.path, "ab") as file:
            file.write(b"torn")
    with open_store(journal.store) as store:
        (number,) = store.numbers_named("dead")
        assert store.gaps() == [Gap("journal-damaged", None, number, 1, "torn tail")]


def test_a_segment_without_a_header_is_a_gap_once_it_is_old(journal: JournalBuilder) -> None:
    run = journal.run("run")
    run.path.write_bytes(b"nothing to read")
    with open_store(journal.store) as store:
        assert store.gaps() == []
    os.utime(run.path, (1, 1))
    with open_store(journal.store) as store:
        (gap,) = store.gaps()
        assert gap.code == "journal-damaged"
        assert gap.detail.startswith("unreadable: Not a segment")


def test_other_bytes_under_a_segments_name_are_refused(journal: JournalBuilder) -> None:
    run = journal.run("run")
    assert names(journal.store) == ["run"]
    data = bytearray(run.path.read_bytes())
    data[-1] ^= 1
    run.path.write_bytes(bytes(data) + b"x")
    with pytest.raises(SegmentConflictError, match="folded before with other bytes"):
        open_store(journal.store)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_that_cannot_be_written_has_its_index_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    store = create_store(tmp_path / ".whence")
    store.chmod(0o500)
    try:
        assert index_place(store) == (cached(tmp_path, store), True)
    finally:
        store.chmod(0o700)


def cached(tmp_path: Path, store: Path) -> Path:
    return tmp_path / "cache" / "whence" / format_id(store_id(store)) / "index.sqlite"


def test_a_store_on_another_machine_has_its_index_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    store = create_store(tmp_path / ".whence")
    assert index_place(store) == (store / "index.sqlite", True)
    monkeypatch.setattr("whence.service.index.is_network", lambda path: path == store)
    assert index_place(store) == (cached(tmp_path, store), True)


def test_everything_of_a_sealed_journal_is_skipped_by_name(journal: JournalBuilder) -> None:
    with journal.run("run"):
        pass
    for file in open_segments(journal.store):
        seal(journal.store, file)
    assert fold_new(journal.store) == 1
    (sealed,) = sealed_segments(journal.store)
    sealed.path.write_bytes(b"not read again")
    assert fold_new(journal.store) == 0
