"""Databases and seeds: what the small observers of the standard library record."""

from __future__ import annotations

import os
import pickle
import random
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.session import of_type, recorded_session
from whence.capture.session import Session
from whence.model.event import FileOpened, GapRecorded, ParamsLogged
from whence.observers.random import SeedObserver
from whence.observers.sqlite3 import Sqlite3Observer


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    with recorded_session(tmp_path) as made:
        yield made


@pytest.fixture
def observer(session: Session) -> Any:
    made = Sqlite3Observer()
    made.attach(sqlite3, session)
    yield made
    made.detach()


def found(session: Session) -> list[tuple[str, str]]:
    session.files.finish()
    return [
        (e.access, os.fsdecode(e.path).removeprefix(str(session.root) + "/"))
        for e in of_type(session.store, FileOpened)
    ]


def test_a_database_that_is_only_read_is_used(session: Session) -> None:
    sqlite3.connect("a.db").execute("CREATE TABLE t (x)").connection.close()
    observer = Sqlite3Observer()
    observer.attach(sqlite3, session)
    connection = sqlite3.connect("a.db")
    assert connection.execute("SELECT * FROM t").fetchall() == []
    connection.close()
    observer.detach()
    assert found(session) == [("r", "a.db")]
    (gap,) = of_type(session.store, GapRecorded)
    (opening,) = of_type(session.store, FileOpened)
    assert (gap.code, gap.subject) == ("sampled", opening.id)


def test_a_database_that_is_written_is_made(session: Session, observer: Any) -> None:
    for name, uri in (("b.db", False), ("file:c.db?mode=rwc", True)):
        connection = sqlite3.connect(name, uri=uri)
        connection.execute("CREATE TABLE t (x)")
        connection.close()
    assert found(session) == [("w", "b.db"), ("w", "c.db")]


@pytest.mark.parametrize("database", [":memory:", "", "file::memory:", "file:x?mode=memory"])
def test_a_database_in_memory_is_no_file(session: Session, observer: Any, database: str) -> None:
    sqlite3.connect(database, uri=True).close()
    assert found(session) == []


def test_a_second_writer_still_waits_for_the_lock(session: Session, observer: Any) -> None:
    connection = sqlite3.connect("a.db", isolation_level=None)
    connection.execute("CREATE TABLE t (x)")
    connection.execute("BEGIN EXCLUSIVE")
    for _ in range(3):
        sqlite3.connect("a.db").close()
        session.files.opened("a.db", "r")
    program = (
        "import sqlite3\n"
        "try: sqlite3.connect('a.db', timeout=0.1).execute('INSERT INTO t VALUES (1)')\n"
        "except sqlite3.OperationalError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "database is locked\n"
    connection.execute("COMMIT")
    connection.close()


def test_sqlite_is_left_as_found(session: Session) -> None:
    import _sqlite3

    original = sqlite3.connect
    observer = Sqlite3Observer()
    observer.attach(sqlite3, session)
    assert sqlite3.connect is _sqlite3.connect is sqlite3.dbapi2.connect is not original
    assert pickle.loads(pickle.dumps(sqlite3.connect)) is sqlite3.connect
    observer.detach()
    assert sqlite3.connect is _sqlite3.connect is sqlite3.dbapi2.connect is original


def test_a_seed_is_a_parameter(session: Session) -> None:
    original = random.seed
    observer = SeedObserver()
    observer.attach(random, session)
    random.seed(5)
    drawn = random.random()
    random.seed("text", version=2)
    random.seed()
    observer.detach()
    assert random.seed is original
    random.seed(5)
    assert random.random() == drawn
    logged = of_type(session.store, ParamsLogged)
    assert [(p.activity, p.params) for p in logged] == [
        (session.run, {"seed.random": 5}), (session.run, {"seed.random": "text"}),
    ]  # fmt: skip
