"""A secret that a launched run comes by is in no byte of the store."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from whence.journal.layout import open_segments, sealed_segments
from whence.journal.seal import read_bytes

SECRET = "hunter2-Planted-0123"


CORP = "corp-0123abcd"

PROGRAM = f"""
import os, subprocess, sys
subprocess.run(["true", "{CORP}", "--token", "{SECRET}"], check=True)
os.system("true {CORP} --token={SECRET}")
subprocess.run([sys.executable, "-c", "raise ValueError('{CORP}')", "{CORP}"], stderr=-3)
if os.fork() == 0:
    os.execv("/bin/sh", ["sh", "-c", "exit 0", "{CORP}"])
os.wait()
raise RuntimeError("no login at https://me:{SECRET}@db/ for {CORP}")
"""


def wait_until_sealed(store: Path) -> None:
    deadline = time.monotonic() + 60
    while (open_segments(store) or not (store / "index.sqlite").exists()) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)


def everything_in(store: Path) -> bytes:
    segments = [read_bytes(file) for file in sealed_segments(store)]
    return b"".join(segments + [p.read_bytes() for p in store.rglob("*") if p.is_file()])


@pytest.mark.parametrize("way", ["launched", "declared"])
def test_patterns_of_the_settings_mask_commands_children_and_messages(
    tmp_path: Path, way: str
) -> None:
    store = tmp_path / ".whence"
    store.mkdir()
    (store / "config.toml").write_text(
        '[environment]\nvariables = ["APP_*"]\n[masking]\npatterns = ["corp-[0-9a-f]{8}"]\n'
    )
    start = [sys.executable, "-m", "whence", "run"]
    program = PROGRAM
    if way == "declared":
        start, program = [sys.executable], "import whence\nwhence.run('r').__enter__()\n" + PROGRAM
        program = program.replace("raise RuntimeError", "error = RuntimeError")
        program += "whence.run('s')(lambda: (_ for _ in ()).throw(error))()\n"
    (tmp_path / "train.py").write_text(program)
    done = subprocess.run(
        [*start, "train.py", CORP], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        check=False, env={**os.environ, "APP_NAME": CORP},
    )  # fmt: skip
    assert (done.returncode, done.stderr.splitlines()[-1].split(":")[0]) == (1, "RuntimeError")
    wait_until_sealed(store)
    found = everything_in(store)
    assert b"no login at https://***@db/ for ***" in found
    assert (b"APP_NAME" in found, CORP.encode() in found, SECRET.encode() in found) == (
        True, False, False,
    )  # fmt: skip


def test_a_planted_secret_is_nowhere_in_the_store(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=tmp_path, check=True, capture_output=True)

    store = tmp_path / ".whence"
    store.mkdir()
    (store / "config.toml").write_text('[environment]\nvariables = ["APP_*"]\n')
    (tmp_path / "train.py").write_text(f"print('ran')\napi_key = '{SECRET}'\n")
    git("init", "-q")
    git("add", "train.py")
    git("remote", "add", "origin", f"https://me:{SECRET}@example.org/x.git")
    (tmp_path / "new.ini").write_text(f"DB_PASSWORD={SECRET}\n")
    done = subprocess.run(
        [sys.executable, "-m", "whence", "run", "train.py", "--token", SECRET,
         f"--password={SECRET}", f"postgres://me:{SECRET}@db/x"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "APP_TOKEN": SECRET, "APP_URL": f"https://u:{SECRET}@h/"},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "ran\n", "")
    wait_until_sealed(store)
    segments = [read_bytes(file) for file in sealed_segments(store)]
    assert any(b"train.py" in data for data in segments)
    assert any(b"APP_TOKEN" in data for data in segments)
    files = {p: p.read_bytes() for p in store.rglob("*") if p.is_file()}
    assert any(b"DB_PASSWORD=***" in data for data in files.values())
    assert any(b"api_key = '***'" in data for data in files.values())
    secret = SECRET.encode()
    assert [data for data in segments if secret in data] == []
    assert [path for path, data in files.items() if secret in data] == []
