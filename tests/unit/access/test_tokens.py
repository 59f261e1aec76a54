"""Tokens in the file: what is kept, for how long it is believed, and two processes at once."""

import json
import subprocess
import sys
import threading
import time

import pytest

from whence._base.clock import wall_ns
from whence._base.errors import NotKnownError, NotSignedInError, StoreTooNewError, UsageError
from whence.server.access import tokens, use
from whence.server.access.principal import EVERY, Principal
from whence.server.access.tokens import TokenAccess

ME = Principal("me", ((EVERY, "admin"),))


@pytest.fixture
def access(tmp_path):
    made = TokenAccess(tmp_path / "access.sqlite")
    yield made
    made.close()


def principal(access: TokenAccess, text: str) -> Principal:
    return access.principal(f"Bearer {text}", None)


def test_a_token_gives_its_holder_its_right(access):
    row, text = access.register.create("ci", "churn", "write", None, ME)
    assert principal(access, text) == Principal("ci", (("churn", "write"),), f"token {row.id}")
    assert principal(access, text).may("read", "churn")
    assert not principal(access, text).may("admin", "churn")
    assert not principal(access, text).may("read", "fraud")
    assert not principal(access, text).may("read", None)


@pytest.mark.parametrize(("name", "scope"), [("", "read"), ("a\nb", "read"), ("x" * 101, "read"),
                                             ("a", "root"), ("a", "")])  # fmt: skip
def test_a_token_that_makes_no_sense_is_not_made(access, name, scope):
    with pytest.raises(UsageError):
        access.register.create(name, "churn", scope, None, ME)
    assert (access.register.rows(), list(access.trail.each())) == ([], [])


def test_a_token_ends_when_it_was_told_to(access, monkeypatch):
    _, text = access.register.create("ci", "churn", "read", wall_ns() + 10**18, ME)
    principal(access, text)
    monkeypatch.setattr(tokens, "wall_ns", lambda: wall_ns() + 2 * 10**18)
    with pytest.raises(NotSignedInError):
        principal(access, text)


def test_revoking_twice_is_one_line_and_an_unknown_one_is_told(access):
    row, _ = access.register.create("ci", "churn", "read", None, ME)
    first, second = (access.register.revoke(row.id, ME) for _ in range(2))
    assert first == second
    with pytest.raises(NotKnownError):
        access.register.revoke("nope", ME)
    assert [line.action for line in access.trail.each()] == ["create token", "revoke token"]


def test_a_token_that_another_process_revokes_is_believed_for_seconds_at_most(access, tmp_path):
    row, text = access.register.create("ci", "churn", "read", None, ME)
    principal(access, text)
    done = subprocess.run(
        [sys.executable, "-m", "whence", "token", "revoke", row.id, "--home", str(tmp_path)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, f"Revoked: {row.id}  ci\n")
    deadline = time.monotonic() + 60
    while access.token_of(text) is not None:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert tokens.KEPT_S <= 5


def test_a_live_token_is_read_from_the_file_once_in_a_while_only(access, monkeypatch):
    _, text = access.register.create("ci", "churn", "read", None, ME)
    asked = []
    found = access.register.find
    monkeypatch.setattr(access.register, "find", lambda id: asked.append(id) or found(id))
    monkeypatch.setattr(tokens, "KEPT_S", 1000.0)
    for _ in range(100):
        principal(access, text)
    assert len(asked) == 1


def test_what_is_kept_in_memory_has_an_end(access, monkeypatch):
    monkeypatch.setattr(tokens, "MOST_KEPT", 10)
    for number in range(25):
        _, text = access.register.create(str(number), "churn", "read", None, ME)
        principal(access, text)
    assert len(access._rows) <= 10


def test_the_last_use_is_written_once_a_minute_and_not_by_the_request(access, monkeypatch):
    written = []
    uses = use.Uses(lambda key, at: written.append((key, threading.current_thread().name)))
    now = [10**18]
    monkeypatch.setattr(use, "wall_ns", lambda: now[0])
    for _ in range(5):
        uses.note("a")
        uses.note("b")
    now[0] += use.EVERY_NS
    uses.note("a")
    uses.close()
    assert written == [("a", "whence-uses"), ("b", "whence-uses"), ("a", "whence-uses")]


def test_a_use_that_cannot_be_written_harms_nothing(access, tmp_path):
    row, text = access.register.create("ci", "churn", "read", None, ME)
    with access.database.transaction():  # the writing thread has to wait
        assert principal(access, text).name == "ci"
    access.close()
    again = TokenAccess(tmp_path / "access.sqlite")
    [kept] = again.register.rows()
    again.close()
    assert (kept.id, kept.last_used_at is not None) == (row.id, True)


MANY = """
import json, sys
from pathlib import Path
from whence.server.access.principal import Principal
from whence.server.access.tokens import TokenAccess
access, me, made = TokenAccess(Path(sys.argv[1])), Principal("p"), []
for number in range(60):
    row, text = access.register.create(f"t{number}", "churn", "read", None, me)
    access.count(me, "segments", "churn", "")
    if number % 2:
        access.register.revoke(row.id, me)
    made.append((text, bool(number % 2)))
access.close()
print(json.dumps(made))
"""


def test_two_processes_make_and_revoke_at_once_and_nothing_is_lost(tmp_path):
    path = tmp_path / "access.sqlite"
    running = [
        subprocess.Popen([sys.executable, "-c", MANY, str(path)], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    made = [one for process in running for one in json.loads(process.communicate()[0])]
    assert [process.returncode for process in running] == [0, 0]
    access = TokenAccess(path)
    for text, revoked in made:
        assert (access.token_of(text) is None) is revoked
    lines = [(line.action, line.times) for line in access.trail.each()]
    assert sum(times for action, times in lines if action == "segments") == 120
    assert [action for action, _ in lines].count("create token") == 120
    assert [action for action, _ in lines].count("revoke token") == 60
    access.close()


def test_a_file_of_a_later_version_is_left_alone(access, tmp_path):
    access.database.write("PRAGMA user_version = 99")
    access.close()
    with pytest.raises(StoreTooNewError):
        TokenAccess(tmp_path / "access.sqlite")
