"""Several connections of one process: none takes away what another relies on."""

import subprocess
import sys
from pathlib import Path

from whence.store.sqlite import SqliteStore

_OTHER = "import sys; from whence.store.sqlite import SqliteStore; SqliteStore(sys.argv[1]).close()"


def test_a_second_connection_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    """POSIX drops all locks of a process on a file when it closes any descriptor of it.

    Without them another process takes itself for the last one, and deletes the log that is in use.
    """
    path = tmp_path / "index.sqlite"
    with SqliteStore(path) as first:
        first.connection.raw.execute("INSERT INTO key(name) VALUES('loss')")
        with SqliteStore(path):
            pass
        log = path.with_name("index.sqlite-wal")
        before = log.stat().st_ino
        subprocess.run([sys.executable, "-c", _OTHER, str(path)], check=True, timeout=60)
        assert log.stat().st_ino == before
        first.connection.raw.execute("INSERT INTO key(name) VALUES('accuracy')")
        with SqliteStore(path) as second:
            found = second.connection.all("SELECT name FROM key ORDER BY name")
    assert found == [("accuracy",), ("loss",)]
