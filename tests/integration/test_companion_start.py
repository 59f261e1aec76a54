"""How the companion is started: it is nobody's child, and holds nothing of the program's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROGRAM = """
import json, os, signal, sys, threading, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
reading, writing = os.pipe()
os.set_inheritable(writing, True)
stop = threading.Event()
thread = threading.Thread(target=stop.wait)
thread.start()
import whence
with whence.run("r"):
    try:
        child = os.wait()
    except ChildProcessError:
        child = None
    os.close(writing)
    rest = os.read(reading, 1)
    stop.set()
    time.sleep(0.3)
    mine = os.getsid(0)
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            words = open(f"/proc/{pid}/cmdline", "rb").read()
            if b"capture.companion" in words and str(os.getpid()).encode() in words:
                fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
                status = open(f"/proc/{pid}/status").read()
                ignored = int(status.split("SigIgn:")[1].split()[0], 16)
                blocked = int(status.split("SigBlk:")[1].split()[0], 16)
                found.append({
                    "parent is the program": int(fields[1]) == os.getpid(),
                    "same session": int(fields[3]) == mine,
                    "niceness": int(fields[16]),
                    "ignores SIGTERM": bool(ignored >> (signal.SIGTERM - 1) & 1),
                    "blocks SIGUSR1": bool(blocked >> (signal.SIGUSR1 - 1) & 1),
                })
        except (OSError, ValueError):
            continue
    print(json.dumps({"child": child, "rest": rest.decode(), "found": found}))
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_companion_is_nobodys_child_and_holds_nothing_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "p.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    assert json.loads(done.stdout) == {
        "child": None,
        "rest": "",
        "found": [
            {
                "parent is the program": False,
                "same session": False,
                "niceness": min(os.nice(0) + 10, 19),
                "ignores SIGTERM": False,
                "blocks SIGUSR1": False,
            }
        ],
    }


def test_a_program_that_closed_its_standard_files_is_recorded(tmp_path: Path) -> None:
    (tmp_path / "p.py").write_text(
        "import os\nfor fd in range(3):\n    os.close(fd)\n"
        "import whence\nwith whence.run('r') as run:\n    run.log_param('a', 1)\n"
    )
    done = subprocess.run([sys.executable, "p.py"], cwd=tmp_path, timeout=60, check=False)
    assert done.returncode == 0
    index = tmp_path / ".whence" / "index.sqlite"
    deadline = time.monotonic() + 60
    while not index.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert index.exists()
