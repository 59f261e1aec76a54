"""``whence token``, ``project`` and ``audit``, and a real server that heeds them."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.support.access import bearer
from whence.cli.app import main


def whence(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_token_is_printed_once_and_listed_without_its_text(tmp_path, capsys):
    home = ("--home", str(tmp_path / "home"))
    make = ("token", "create", "ci", "--project", "churn", "--scope", "write", "--expires", "90d")
    code, text, _ = whence(capsys, *make, *home)
    assert code == 0
    id = re.fullmatch(r"wh_(\w{11})_\w{43}\n", text)[1]
    [row] = json.loads(whence(capsys, "token", "list", "--json", *home)[1])["items"]
    assert {key: row[key] for key in ("id", "name", "project", "scope")} == {
        "id": id, "name": "ci", "project": "churn", "scope": "write",
    }  # fmt: skip
    listed = whence(capsys, "token", "list", *home)[1]
    assert re.fullmatch(rf"{id}  write  churn  ci  until [-\d]+ [:\d]+  never used\n", listed)
    assert whence(capsys, "project", "list", *home)[:2] == (0, "churn\n")
    assert whence(capsys, "token", "revoke", id, *home)[:2] == (0, f"Revoked: {id}  ci\n")
    assert "revoked" in whence(capsys, "token", "list", *home)[1]
    trail = [json.loads(line) for line in whence(capsys, "audit", "--json", *home)[1].splitlines()]
    actions = [(row["action"], row.get("subject")) for row in trail]
    assert actions == [
        ("create project", None), ("create token", f"{id} 'ci' write"),
        ("revoke token", f"{id} 'ci'"),
    ]  # fmt: skip
    assert text.strip().split("_")[2] not in json.dumps(trail) + listed


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("token", "create", "x", "--project", "../up"), 2, "is no name for a project"),
        (("token", "create", "x", "--project", "*", "--expires", "soon"), 2, "is no span of time"),
        (("token", "create", "x\ny", "--project", "*"), 2, "no control characters"),
        (("token", "create", "x"), 2, "--project"),
        (("token", "revoke", "nope"), 1, "There is no token"),
        (("token", "list", "--home", "/nowhere"), 1, "No server's home is at /nowhere"),
        (("audit", "--since", "once"), 2, "is no time"),
        (("server", "--host", "0.0.0.0", "--auth", "off"), 2, "--auth off --insecure"),
        (("server", "--oidc-issuer", "https://x.example"), 2, "go together"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(tmp_path, capsys, arguments, code, told):
    home = () if "--home" in arguments else ("--home", str(tmp_path))
    found, out, err = whence(capsys, *arguments, *home)
    assert (found, out) == (code, "")
    assert told in err
    assert err.count("\n") == 1
    assert list(tmp_path.glob("projects/*")) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
@pytest.mark.parametrize(
    "command",
    [("token", "list"), ("token", "create", "x", "--project", "p"), ("audit",), ("backup", "copy")],
)
def test_another_users_home_is_not_touched(tmp_path, capsys, command):
    home = tmp_path / "home"
    home.mkdir()
    os.chown(home, 65534, 65534)
    code, _, err = whence(capsys, *command, "--home", str(home))
    assert (code, list(home.iterdir())) == (2, [])
    assert "belongs to the user nobody. Run this as that user: sudo -u nobody whence" in err


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A real ``whence server`` that checks rights: its address and its home."""
    home = tmp_path / "home"
    running = subprocess.Popen(
        [sys.executable, "-m", "whence", "server", "--home", str(home), "--auth", "on",
         "--port", "0"],
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    told = ""
    for line in running.stderr:
        told += line
        if found := re.search(r"http://[^/\s]+/", line):
            break
    else:
        raise AssertionError(told)
    assert "Make the first token" in told
    yield found[0], home
    running.terminate()
    running.stderr.read()
    assert running.wait() == 0


def test_a_server_that_runs_heeds_tokens_that_are_made_and_revoked_beside_it(server, capsys):
    url, home = server
    status = f"{url}api/v1/projects/churn/status"
    assert httpx2.get(status).status_code == 401
    make = ("token", "create", "ci", "--project", "churn", "--home", str(home))
    token = whence(capsys, *make)[1].strip()
    assert httpx2.get(status, headers=bearer(token)).status_code == 200
    other = whence(capsys, *make[:4], "fraud", *make[5:])[1].strip()
    assert httpx2.get(status, headers=bearer(other)).status_code == 404
    main(["token", "revoke", token.split("_")[1], "--home", str(home)])
    deadline = time.monotonic() + 60
    while httpx2.get(status, headers=bearer(token)).status_code != 401:
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(
    "value",
    [b"Bearer \x00", b"Bearer " + b"a" * 1_000_000, b"Bearer \xff\xfe", "Bearer 💥".encode()],
    ids=["NUL", "1 MB", "no UTF-8", "emoji"],
)
def test_a_hostile_header_on_the_wire_is_refused_and_the_server_goes_on(server, value):
    url, _ = server
    host, port = re.fullmatch(r"http://(.+):(\d+)/", url).groups()
    with socket.create_connection((host, int(port)), timeout=60) as raw:
        head = b"GET /api/v1/projects/churn/status HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        answer = b""
        try:
            raw.sendall(head + b"Authorization: " + value + b"\r\nConnection: close\r\n\r\n")
            while part := raw.recv(65536):
                answer += part
        except ConnectionError:
            pass  # it closed the door before all of the head was in
    assert answer[9:12] in (b"", b"400", b"401", b"431")
    assert httpx2.get(f"{url}api/v1/").status_code == 200


@pytest.mark.slow  # it waits for a beat of the stream
def test_a_listener_whose_token_is_revoked_hears_no_more(server, capsys):
    url, home = server
    make = ("token", "create", "ci", "--project", "churn", "--home", str(home))
    token = whence(capsys, *make)[1].strip()
    with httpx2.stream(
        "GET", f"{url}api/v1/projects/churn/events", headers=bearer(token), timeout=120
    ) as listening:
        heard = listening.iter_raw()
        assert next(heard) == b"retry: 2000\n\n"
        main(["token", "revoke", token.split("_")[1], "--home", str(home)])
        assert b"changed" not in b"".join(heard)  # which ends, at the next beat
