"""A secret that a launched run comes by is in no byte of the store."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from whence.journal.layout import open_segments, sealed_segments
from whence.journal.seal import read_bytes

SECRET = "hunter2-Planted-0123"


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
    deadline = time.monotonic() + 60
    while (open_segments(store) or not (store / "index.sqlite").exists()) and (
        time.monotonic() < deadline
    ):
        time.sleep(0.05)
    segments = [read_bytes(file) for file in sealed_segments(store)]
    assert any(b"train.py" in data for data in segments)
    assert any(b"APP_TOKEN" in data for data in segments)
    files = {p: p.read_bytes() for p in store.rglob("*") if p.is_file()}
    assert any(b"DB_PASSWORD=***" in data for data in files.values())
    assert any(b"api_key = '***'" in data for data in files.values())
    secret = SECRET.encode()
    assert [data for data in segments if secret in data] == []
    assert [path for path, data in files.items() if secret in data] == []
