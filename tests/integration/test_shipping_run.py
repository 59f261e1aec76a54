"""A run is sent to a real server while it goes on, and the server then says what the store says."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.program import wait_for_companions, whence
from tests.support.receiving import ServerProcess, held_in, until
from whence.journal.home import content_path
from whence.journal.layout import open_segments
from whence.journal.remote import Remote, keep_token
from whence.service.outgoing import remote_facts

TRAIN = """
import sys
rows = open("data.csv").read()
open("model.bin", "w").write(rows * 3)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    home = tmp_path_factory.mktemp("home")
    with ServerProcess(home) as server:
        yield server


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    (folder / "data.csv").write_text("a,b\n1,2\n" * 100)
    (folder / "train.py").write_text(TRAIN)
    return folder


def wait_for_sending(store: Path) -> None:
    """Wait until no companion works for the store, and all is sent."""
    wait_for_companions(store)
    until(lambda: [one.segments for one in remote_facts(store)] == [0], f"{store} to be sent")


def test_what_the_server_has_is_what_the_store_has(server: ServerProcess, work: Path) -> None:
    url = server.url("same")
    done = whence(work, "run", "--store", url, "train.py")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    store, theirs = work / ".whence", server.folder("same")
    wait_for_sending(store)
    assert held_in(theirs) == held_in(store)
    assert open_segments(theirs) == []
    here = whence(work, "trace", "model.bin", "--json")
    there = whence(work, "trace", "--store", str(theirs), "model.bin", "--json")
    assert json.loads(there.stdout)["nodes"] == json.loads(here.stdout)["nodes"]
    kept = {
        path.name: path.read_bytes() for path in (store / "content").rglob("*") if path.is_file()
    }
    assert kept
    for name, data in kept.items():
        assert content_path(theirs, bytes.fromhex(name)).read_bytes() == data


def test_the_status_tells_what_was_sent_and_what_is_left(server: ServerProcess, work: Path) -> None:
    assert whence(work, "remote", "set", server.url("left")).returncode == 0
    whence(work, "run", "train.py")
    store = work / ".whence"
    wait_for_sending(store)
    [told] = json.loads(whence(work, "status", "--json").stdout)["store"]["remotes"]
    assert told["url"] == server.url("left")
    assert (told["segments"], told["bytes"], told["refused"], told["problem"]) == (0, 0, 0, None)
    assert told["sent_at"] is not None
    assert whence(work, "remote").stdout == f"{server.url('left')}\n"
    assert whence(work, "remote", "remove").returncode == 0
    whence(work, "run", "train.py")
    wait_for_companions(store)
    [told] = json.loads(whence(work, "status", "--json").stdout)["store"]["remotes"]
    assert told["segments"] == 2
    assert "2 segments, " in whence(work, "status").stdout
    pushed = whence(work, "push")
    assert pushed.returncode == 0
    assert pushed.stdout.startswith("Sent 2 segments, ")
    assert f"Nothing is left to send to {server.url('left')}" in pushed.stdout
    assert held_in(server.folder("left")) == held_in(store)
    again = whence(work, "push", "--again")
    assert (again.returncode, held_in(server.folder("left"))) == (0, held_in(store))


def test_the_environment_names_the_server_and_a_folder_that_is_named_goes_before_it(
    server: ServerProcess, work: Path, tmp_path: Path
) -> None:
    url = server.url("environment")
    whence(work, "run", "--store", str(tmp_path / "own"), "train.py", WHENCE_HOME=url)
    wait_for_companions(tmp_path / "own" / ".whence")
    assert held_in(server.folder("environment")) == {}
    whence(work, "run", "train.py", WHENCE_HOME=url)
    wait_for_sending(work / ".whence")
    assert held_in(server.folder("environment")) == held_in(work / ".whence")


def test_an_address_that_names_no_project_is_told_before_the_program_runs(work: Path) -> None:
    done = whence(work, "run", "--store", "http://127.0.0.1:1/nothing", "train.py")
    assert done.returncode == 2
    assert done.stderr == (
        "whence: http://127.0.0.1:1/nothing names no project of a server; "
        "one is named like https://HOST/projects/NAME\n"
    )
    secret = whence(work, "run", "--store", "http://me:hidden@h/projects/a", "train.py")
    assert (secret.returncode, "hidden" in secret.stderr) == (2, False)
    assert not (work / "model.bin").exists()


def test_push_says_what_is_left_when_the_server_is_away(work: Path) -> None:
    whence(work, "run", "train.py")
    wait_for_companions(work / ".whence")
    done = whence(work, "push", "--store", "http://127.0.0.1:9/projects/demo")
    assert done.returncode == 1
    assert "can't be reached" in done.stderr
    assert "2 segments, " in done.stderr
    [told] = json.loads(whence(work, "status", "--json").stdout)["store"]["remotes"]
    assert told["segments"] == 2
    assert "can't be reached" in told["problem"]


def test_a_project_that_is_not_there_is_told_once_and_kept(
    server: ServerProcess, work: Path
) -> None:
    url = f"http://127.0.0.1:{server.port}/projects/nowhere"
    done = whence(work, "run", "--store", url, "train.py")
    assert (done.returncode, done.stderr) == (0, "")
    wait_for_companions(work / ".whence")
    until(lambda: remote_facts(work / ".whence"), "the companion to try")
    log = work / ".whence" / "cache" / "companion.log"
    until(lambda: "nowhere" in log.read_text(), "the companion to tell")
    assert log.read_text().count("answers 404") == 1
    [told] = remote_facts(work / ".whence")
    assert (told.segments, told.url) == (2, url)
    assert told.problem is not None
    assert "answers 404" in told.problem


def test_what_earlier_runs_left_is_sent_by_the_next_companion(tmp_path: Path, work: Path) -> None:
    server = ServerProcess(tmp_path / "home")
    with server.start():
        url = server.url()
    whence(work, "remote", "set", url)
    whence(work, "run", "train.py")
    store = work / ".whence"
    wait_for_companions(store)
    assert sum(one.segments for one in remote_facts(store)) == 2
    with server.start():
        whence(work, "run", "train.py")
        wait_for_sending(store)
        assert held_in(server.folder()) == held_in(store)
        assert len(held_in(store)) == 4


def test_a_token_opens_the_server_and_is_recorded_nowhere(tmp_path: Path, work: Path) -> None:
    home = tmp_path / "home"
    config = tmp_path / "config"
    made = whence(
        work, "token", "create", "ci", "--project", "demo", "--scope", "write", "--home", str(home)
    )
    token = next(word for word in made.stdout.split() if word.startswith("wh_"))
    store = work / ".whence"
    with ServerProcess(home, "--auth", "on") as server:
        url = server.url()
        (work / "print.py").write_text("import os\nprint(len(os.environ['WHENCE_TOKEN']))\n")
        done = whence(work, "run", "--store", url, "print.py", WHENCE_TOKEN=token)
        assert done.stdout == f"{len(token)}\n"
        wait_for_sending(store)
        assert held_in(server.folder()) == held_in(store)
        told = [path for path in work.rglob("*") if path.is_file() and path.name != "print.py"]
        told += [path for path in server.folder().rglob("*") if path.is_file()]
        assert [path for path in told if token.encode() in path.read_bytes()] == []
        refused = whence(work, "push", "--again", "--store", url, XDG_CONFIG_HOME=str(config))
        assert refused.returncode == 1
        assert f"Run: whence login {url}" in refused.stderr
        assert log_in(work, url, "wh_wrong_token", config) == 2
        assert log_in(work, url, token, config) == 0
        kept = config / "whence" / "credentials.json"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert json.loads(kept.read_text()) == {url: token}
        pushed = whence(work, "push", "--again", "--store", url, XDG_CONFIG_HOME=str(config))
        assert pushed.returncode == 0
        kept.chmod(0o644)
        open_to_all = whence(work, "push", "--again", "--store", url, XDG_CONFIG_HOME=str(config))
        assert open_to_all.returncode == 2
        assert "can be read by others" in open_to_all.stderr


def log_in(folder: Path, url: str, token: str, config: Path) -> int:
    import subprocess
    import sys

    from tests.support.program import environment

    return subprocess.run(
        [sys.executable, "-m", "whence", "login", url, "--token-stdin"],
        cwd=folder, input=f"{token}\n", text=True, capture_output=True,
        env=environment(XDG_CONFIG_HOME=str(config)),
    ).returncode  # fmt: skip


def test_a_token_is_kept_for_one_project_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from whence.journal.remote import token_for

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    one, other = Remote("https://h/projects/one"), Remote("https://h/api/v1/projects/other/")
    keep_token(one, "wh_1")
    assert (token_for(one), token_for(other), other.url) == ("wh_1", "", "https://h/projects/other")
    monkeypatch.setenv("WHENCE_TOKEN", "wh_2")
    assert (token_for(one), token_for(other)) == ("wh_2", "wh_2")
    monkeypatch.delenv("WHENCE_TOKEN")
    keep_token(one, "")
    assert (token_for(one), os.listdir(tmp_path)) == ("", ["whence"])
