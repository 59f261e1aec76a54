"""A server is backed up under ingest, killed and restored, by the commands of the page."""

import json
import re
import shlex
import subprocess
import threading
import urllib.request
from pathlib import Path

import pytest

from tests.support.journal import JournalBuilder
from tests.support.postgres import binaries
from tests.support.program import whence
from tests.support.receiving import ServerProcess, held_in, until
from whence._base.errors import NotKnownError, UsageError
from whence._base.ids import format_id
from whence.journal.layout import open_segments
from whence.journal.seal import seal
from whence.server.backup import back_up

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "back-up-and-restore.md"


def commands() -> list[list[str]]:
    """The commands of the page, in their order."""
    return [shlex.split(line) for line in re.findall(r"^\$ (.+)$", PAGE.read_text(), re.MULTILINE)]


def record(journal: JournalBuilder, name: str, *, sealed: bool = False) -> str:
    """One run of some size; give its id."""
    with journal.run(name) as run:
        run.write(journal.root / f"{name}.bin", name.encode() * 50)
        run.params(lr=0.1)
        for step in range(50):
            run.metric("loss", 1 / (step + 1))
    if sealed:
        for file in open_segments(journal.store):
            seal(journal.store, file)
    return format_id(run.run_id)


def asked(server: ServerProcess, path: str) -> dict:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/api/v1{path}") as answer:
        return json.load(answer)


def answers(server: ServerProcess, runs: list[str]) -> dict[str, dict]:
    """What a server says of runs, once it has folded them all."""
    paths = [
        f"/projects/demo/{what}" for run in runs for what in (f"runs/{run}", f"trace?thing={run}")
    ]

    def is_there() -> bool:
        listed = asked(server, "/projects/demo/runs?limit=1000&whole=false")["items"]
        return set(runs) <= {row["id"] for row in listed}

    until(is_there, "the runs to be folded")
    return {path: asked(server, path) for path in paths}


def push(journal: JournalBuilder, server: ServerProcess, *options: str) -> None:
    done = whence(journal.root, "push", *options)
    assert done.returncode == 0, done.stderr


def point_at(journal: JournalBuilder, server: ServerProcess) -> None:
    (journal.store / "config.toml").write_text(f'[server]\nurl = "{server.url()}"\n')


def test_a_server_is_backed_up_under_ingest_killed_and_restored_as_the_page_says(tmp_path):
    home, copy, restored = (tmp_path / name for name in ("srv", "backups", "restored"))
    places = {
        "/var/backups/whence": str(copy),
        "/srv/whence-restored": str(restored),
        "/srv/whence": str(home),
    }
    backup, copying, serving, *others = (
        [places.get(word, word) for word in command] for command in commands()
    )
    [pushing] = [command for command in others if command[:2] == ["whence", "push"]]
    home.mkdir()
    client = JournalBuilder(tmp_path / "client")
    other = JournalBuilder(tmp_path / "other")
    server = ServerProcess(home).start()
    point_at(client, server)
    point_at(other, server)
    before = [record(client, f"before{number}", sealed=number < 3) for number in range(5)]
    push(client, server)
    known = answers(server, before)

    stop = threading.Event()
    during: list[str] = []

    def go_on_sending() -> None:
        while not stop.is_set():
            during.append(record(other, f"during{len(during)}", sealed=len(during) % 2 == 0))
            push(other, server)

    sending = threading.Thread(target=go_on_sending)
    sending.start()
    until(lambda: during, "the ingest")
    for _ in range(3):
        done = whence(tmp_path, *backup[1:])
        assert done.returncode == 0, done.stderr
    stop.set()
    sending.join()
    in_backup = held_in(copy / "projects" / "demo")
    later = record(client, "later")
    push(client, server)
    everything = answers(server, [*before, *during, later])
    on_server = held_in(server.folder())
    server.kill()

    subprocess.run(copying, check=True)
    assert serving[:3] == ["whence", "server", "--home"]
    with ServerProcess(Path(serving[3])) as again:
        assert answers(again, before) == known
        assert held_in(again.folder()) == in_backup
        for journal in (client, other):
            point_at(journal, again)
            push(journal, again, *pushing[2:])
        assert answers(again, [*before, *during, later]) == everything
        assert held_in(again.folder()) == on_server


@pytest.mark.skipif(binaries() is None, reason="no PostgreSQL here")
def test_a_backup_of_a_server_on_postgresql_is_restored_with_an_empty_database(tmp_path, postgres):
    psycopg = pytest.importorskip("psycopg")
    home, copy = tmp_path / "srv", tmp_path / "copy"
    home.mkdir()
    databases = {}
    with psycopg.connect(postgres.url, autocommit=True) as raw:
        for name in ("whence_kept", "whence_restored"):
            raw.execute(f"CREATE DATABASE {name}")
            databases[name] = postgres.url.replace("/postgres?", f"/{name}?")
    client = JournalBuilder(tmp_path / "client")
    with ServerProcess(home, "--store", databases["whence_kept"]) as server:
        point_at(client, server)
        before = [record(client, f"before{number}", sealed=number < 2) for number in range(3)]
        push(client, server)
        known = answers(server, before)
        assert not list(home.rglob("index.sqlite"))
        done = whence(tmp_path, "backup", str(copy), "--home", str(home))
        assert done.returncode == 0, done.stderr
        later = record(client, "later")
        push(client, server)
        everything = answers(server, [*before, later])
    with ServerProcess(copy, "--store", databases["whence_restored"]) as again:
        assert answers(again, before) == known
        listed = asked(again, "/projects/demo/runs?total=true")
        assert listed["total"] == len(before)  # nothing from after the backup
        point_at(client, again)
        push(client, again, "--again")
        assert answers(again, [*before, later]) == everything


def test_a_later_backup_copies_what_is_new_and_follows_what_was_sealed(tmp_path):
    home = tmp_path / "home"
    journal = JournalBuilder(tmp_path / "work")
    record(journal, "one", sealed=True)
    record(journal, "two")
    (home / "projects").mkdir(parents=True)
    store = journal.store.rename(home / "projects" / "demo")
    (store / "index.sqlite").write_text("an index")
    first = back_up(home, tmp_path / "copy")
    again = back_up(home, tmp_path / "copy")
    [growing] = open_segments(store)
    seal(store, growing)
    last = back_up(home, tmp_path / "copy")
    assert [one.segments for one in (first, again, last)] == [2, 2, 2]
    assert first.copied_bytes > again.copied_bytes > 0
    copied = tmp_path / "copy" / "projects" / "demo"
    assert held_in(copied) == held_in(store)
    assert open_segments(copied) == []
    assert not (copied / "index.sqlite").exists()
    assert oct(copied.stat().st_mode)[-3:] == "700"


@pytest.mark.parametrize("place", ["home/inside", "home", "."])
def test_a_backup_does_not_lie_in_its_home(tmp_path, place):
    (tmp_path / "home" / "projects").mkdir(parents=True)
    with pytest.raises(UsageError, match="can't lie in the home"):
        back_up(tmp_path / "home", tmp_path / place)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "home" / "projects").mkdir(parents=True)
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("meow")
    with pytest.raises(UsageError, match="holds something else"):
        back_up(tmp_path / "home", tmp_path / "photos")
    with pytest.raises(NotKnownError):
        back_up(tmp_path / "photos", tmp_path / "copy")
